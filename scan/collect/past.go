package collect

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"sync"

	"fob/scan"
)

// work is one call's: a list's, or what is known of one resource by it.
type work struct{ op, region, of string }

// subject is a resource, by the region that its calls are made in.
type subject struct{ region, typ, arn string }

// past is what an earlier run has: what need not be read again. It goes through the
// snapshot twice, once to learn what is whole and once to copy that. A nil past has
// nothing.
//
// The work about a resource may be whole while the list that it came from is not. That
// work is held back until the list gives the resource again: it may be gone.
type past struct {
	file     io.ReadSeeker
	ops      map[string]*operation // all that there are; of those that several types share, one
	head     scan.Line
	finished bool              // the scan came to its end
	calls    int               // that it took, all runs of the scan together
	scopes   map[string]string // region → read, disabled, ...
	names    map[string]string // of regions
	done     map[work]bool     // true: whole; false: begun
	update   bool
	wanted   func(o *operation, region string) bool // is called for if it is not there

	mu     sync.Mutex
	listed map[subject]bool
	held   map[subject][]*scan.Line
	known  map[subject]*item  // what is recorded of resources that miss something
	types  map[work]string    // of resources whose detail was just taken, until its end
	from   map[work][]subject // those of them that a list gave
}

func newPast(file io.ReadSeeker) *past {
	p := &past{
		file: file, ops: map[string]*operation{}, scopes: map[string]string{}, names: map[string]string{}, done: map[work]bool{},
		listed: map[subject]bool{}, held: map[subject][]*scan.Line{}, known: map[subject]*item{}, from: map[work][]subject{}, types: map[work]string{},
	}
	for _, o := range operations() {
		p.ops[o.name] = &o
	}
	return p
}

func (p *past) lines(visit func(*scan.Line) error) error {
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return scan.Lines(p.file, visit)
}

// learn takes a line of the first reading.
func (p *past) learn(l *scan.Line) {
	switch w := p.work(l); l.K {
	case "head":
		p.head = *l
	case "scope":
		if l.S != "blocked" {
			p.scopes[l.R] = l.S
		}
	case "unit":
		p.done[w] = l.S == "end"
	case "err":
		p.done[w] = l.Why == scan.Context // the account cannot know it: nobody has to ask again
	case "end":
		p.finished, p.calls = l.S != "stopped", l.Calls
	}
}

// work is that of a line. Names that come again and again are kept once.
func (p *past) work(l *scan.Line) work {
	w := work{l.Op, l.R, l.Of}
	if o := p.ops[l.Op]; o != nil {
		w.op = o.name
	}
	if p.names[l.R] == "" {
		p.names[l.R] = l.R
	}
	w.region = p.names[l.R]
	return w
}

// doubt takes away what went through an answer that is wanted and not whole.
func (p *past) doubt(plan *Plan) {
	for w := range p.done {
		o := p.ops[w.op]
		if o != nil && slices.ContainsFunc(o.through, func(op string) bool { return plan.has(op) && !p.done[work{op, w.region, ""}] }) {
			delete(p.done, w)
		}
	}
}

// forget takes away what is wanted anew.
func (p *past) forget() {
	for w := range p.done {
		if o := p.ops[w.op]; o == nil || p.wanted(o, w.region) {
			delete(p.done, w)
		}
	}
}

// title makes the head of the new snapshot that of the earlier one. Ages are counted up to
// its time: an update is as of now.
func (p *past) title(h *scan.Line) {
	h.Plan = p.head.Plan
	if !p.update {
		h.Scan, h.At = p.head.Scan, p.head.At
	}
}

// has says whether a call's work is there.
func (p *past) has(op, region, of string) bool {
	return p != nil && p.done[work{op, region, of}]
}

// keeps says whether what was read of a region stays, though it is not read now.
func (p *past) keeps(region string) bool { return p != nil && p.scopes[region] == "read" }

// regions are those that were found to be read.
func (p *past) regions() (out []string) {
	for region, state := range p.scopes {
		if state == "read" {
			out = append(out, region)
		}
	}
	slices.Sort(out)
	return out
}

// copy writes what is whole into the new snapshot.
func (p *past) copy(r *run) error {
	if p == nil {
		return nil
	}
	if !p.update { // which is a scan of its own
		r.made.Add(int64(p.calls))
	}
	if p.has(findRegions, scan.Global, "") {
		for region, state := range p.scopes {
			r.journal.put(&scan.Line{K: "scope", R: region, S: state})
		}
	}
	err := p.lines(func(l *scan.Line) error {
		p.take(r, l)
		return r.journal.broken()
	})
	if err != nil {
		return err
	}
	for s := range p.held { // lists may come in any order
		if p.listed[s] {
			p.release(r, s)
		}
	}
	return nil
}

// take copies a line of the second reading, holds it back or drops it.
func (p *past) take(r *run, l *scan.Line) {
	o := p.ops[l.Op]
	switch {
	case l.K == "err" && l.Why == scan.Internal && o == nil:
		r.journal.put(l) // it would be the same again
	case o == nil && l.Op != findRegions, l.K != "res" && l.K != "unit" && l.K != "err":
	case l.Op == findRegions:
		if l.S == "end" && p.has(findRegions, scan.Global, "") {
			r.journal.put(l)
		}
	case l.K == "err" && p.update && !p.wanted(o, l.R):
		r.journal.put(l)
	case l.K == "res" && o.list != nil:
		p.takeListed(r, o, l)
	case l.K == "res":
		s := subject{callRegion(o, l), l.T, l.ID}
		if at := (work{o.name, s.region, l.ID}); p.done[at] {
			p.types[at] = l.T
			p.takeDetail(r, s, l)
		}
	case l.K == "unit" && l.S == "begin", !p.done[work{l.Op, l.R, l.Of}]:
	case l.Of == "":
		r.journal.put(l)
	default:
		at := work{o.name, l.R, l.Of}
		typ := cmp.Or(p.types[at], o.of)
		delete(p.types, at)
		p.takeDetail(r, subject{l.R, typ, l.Of}, l)
	}
}

// callRegion is where the call of a resource's line was made.
func callRegion(o *operation, l *scan.Line) string {
	if o.scope == scan.Once {
		return scan.Global
	}
	return l.R
}

func (p *past) takeListed(r *run, o *operation, l *scan.Line) {
	s := subject{callRegion(o, l), l.T, l.ID}
	at := work{o.name, s.region, ""}
	if l.Of != "" { // another region's list named it
		at.region = l.Of
	}
	if !p.done[at] {
		return
	}
	r.journal.put(l)
	r.found(o)
	if !p.misses(r, s) {
		p.listed[s] = true
		return
	}
	p.remember(s, l)
	if !p.listed[s] {
		p.from[at] = append(p.from[at], s)
	}
	p.listed[s] = true
}

func (p *past) takeDetail(r *run, s subject, l *scan.Line) {
	if self := s.typ == "AWS::Account" || s.typ == "AWS::Region"; !self && !p.listed[s] {
		p.held[s] = append(p.held[s], l)
		return
	}
	r.journal.put(l)
	if p.misses(r, s) {
		p.remember(s, l)
	}
}

// misses says whether something of a resource may be missing.
func (p *past) misses(r *run, s subject) bool {
	return slices.ContainsFunc(r.Plan.reads(s.typ), func(o *operation) bool {
		return !p.done[work{o.name, s.region, s.arn}]
	})
}

// remember notes what a line records of a resource.
func (p *past) remember(s subject, l *scan.Line) {
	i := p.known[s]
	if i == nil {
		i = &item{Type: s.typ, ARN: s.arn, Data: fields{}}
		p.known[s] = i
	}
	if l.K == "res" {
		i.learn(l)
	}
}

// learn takes what a line records.
func (i *item) learn(l *scan.Line) {
	i.Name, i.Region, i.Tags = l.N, l.R, l.Tags
	for name, raw := range l.D {
		i.Data[name] = json.RawMessage(raw)
	}
}

// release writes what was held back of a resource.
func (p *past) release(r *run, s subject) []*scan.Line {
	lines := p.held[s]
	delete(p.held, s)
	for _, l := range lines {
		r.journal.put(l)
		if p.known[s] != nil && l.K == "res" {
			p.known[s].learn(l)
		}
	}
	return lines
}

// claim takes what is known of a resource that a list has given again.
func (p *past) claim(r *run, i *item, region string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if i.Data == nil {
		i.Data = fields{}
	}
	for _, l := range p.release(r, subject{region, i.Type, i.ARN}) {
		if l.K == "res" {
			i.learn(l)
		}
	}
}

// recall takes what is known of the account or a region.
func (p *past) recall(i *item, region string) {
	if p == nil {
		return
	}
	if known := p.known[subject{region, i.Type, i.ARN}]; known != nil {
		i.Data = known.Data
	}
}

// left are the resources of a list that was read whole that may miss something.
func (p *past) left(op, region string) (out []*item) {
	at := work{op, region, ""}
	for _, s := range p.from[at] {
		out = append(out, p.known[s])
	}
	return out
}
