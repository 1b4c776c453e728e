package collect

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"fob/scan"
)

// workers read the resources of one kind in one region at a time; queueLength is how many
// a list may be ahead of them.
const (
	workers     = 16
	queueLength = 1000
)

// run is the reading of one account.
type run struct {
	*Collector
	account  Account
	past     *past // nil for a scan that begins
	http     *http.Client
	stop     context.CancelCauseFunc
	session  *session
	journal  *journal
	progress *progress
	made     atomic.Int64    // tries of calls
	reads    map[string]bool // the regions that are read, Global among them

	mu       sync.Mutex
	seen     map[[sha256.Size]byte]bool // what lists named
	limits   map[string]*limiter
	regional map[string]*clients
	breakers map[string]*breaker
}

// FaultError is an account of which no more is read, or a connection that was not made, by
// a fault of this program. What a panic said stays out of it, as it may hold what was read.
type FaultError struct{ Kind string }

// Error implements error.
func (e *FaultError) Error() string { return "internal fault (" + e.Kind + ")" }

// guarded has a panic end the account, and not the program: others go on, and no stack is
// printed.
func (r *run) guarded(do func()) func() {
	return func() {
		defer func() {
			if fault := recover(); fault != nil {
				r.stop(&FaultError{fmt.Sprintf("%T", fault)})
			}
		}()
		do()
	}
}

// all reads everything that the plan wants and that is not there yet.
func (r *run) all(ctx context.Context) error {
	regions, err := r.regions(ctx)
	if err != nil {
		return err
	}
	for _, region := range regions {
		r.reads[region] = true
	}
	if err := r.past.copy(r); err != nil {
		return err
	}
	var all sync.WaitGroup
	for _, region := range append([]string{scan.Global}, regions...) {
		all.Go(r.guarded(func() { r.region(ctx, region) }))
	}
	all.Wait()
	return ctx.Err()
}

// region calls what the plan has for one region, or for Global.
func (r *run) region(ctx context.Context, region string) {
	scope := scan.Regional
	self := item{Type: "AWS::Region", ARN: region, Name: region, Region: region}
	if region == scan.Global {
		scope, self = scan.Once, item{Type: "AWS::Account", ARN: r.account.ID, Name: r.account.ID}
	}
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(r.guarded(func() {
		r.past.recall(&self, region)
		r.expect(&self, region)
		r.details(ctx, &self, region)
	}))
	for _, o := range r.Plan.lists() {
		if o.scope == scope {
			all.Go(r.guarded(func() { r.list(ctx, o, region) }))
		}
	}
}

// list calls an operation that lists, and reads what the plan wants of each resource
// while the list still comes.
func (r *run) list(ctx context.Context, o *operation, region string) {
	w := &waiting{run: r, region: region}
	defer w.close()
	r.progress.listing(o.service(), 1)
	defer r.progress.listing(o.service(), -1)
	if r.past.has(o.name, region, "") {
		for _, i := range r.past.left(o.name, region) {
			w.add(ctx, i)
		}
		return
	}
	r.journal.begin(o.name, region, "")
	err := o.list(withOperation(ctx, o), r.clients(region), func(i item) {
		if i.Region == "" {
			i.Region = region
		}
		if !r.first(o, &i) {
			return
		}
		if region != scan.Global && i.Region != region {
			i.listed = region
		}
		i.Data = r.emit(o, &i, i.Data, nil)
		r.found(o)
		if i.Type == "AWS::Account" || i.Type == "AWS::Region" {
			return // read by itself
		}
		r.past.claim(r, &i, place(&i, region))
		w.add(ctx, &i)
	})
	if e, absent := o.classify(ctx, err, "", region); e != nil && !absent {
		r.progress.failed(o.service(), e.Why)
		r.journal.refused(e, region)
		return
	}
	r.journal.end(o.name, region, "")
}

// found counts a resource that a list gave.
func (r *run) found(o *operation) {
	r.journal.found()
	r.progress.found(o.service())
}

// waiting are the resources of a list whose details are still to be read. Its workers
// start with the first: most lists are empty, or of a kind that has no details.
type waiting struct {
	*run
	region string // where the list was called
	queue  chan job
	all    sync.WaitGroup
}

// job is a resource and the region that is asked about it.
type job struct {
	*item
	region string
}

func (w *waiting) add(ctx context.Context, i *item) {
	at, ok := w.detailsAt(i, w.region)
	if !ok || len(w.Plan.reads(i.Type)) == 0 {
		return
	}
	if w.queue == nil {
		w.queue = make(chan job, queueLength)
		for range workers {
			w.all.Go(w.guarded(func() {
				for j := range w.queue {
					w.details(ctx, j.item, j.region)
				}
			}))
		}
	}
	w.expect(i, at)
	select {
	case w.queue <- job{i, at}:
	case <-ctx.Done():
	}
}

func (w *waiting) close() {
	if w.queue != nil {
		close(w.queue)
	}
	w.all.Wait()
}

// first says whether a list names an item for the first time. Some lists repeat one on the
// next page, and some name it in several regions.
func (r *run) first(o *operation, i *item) bool {
	key := sha256.Sum256([]byte(strings.Join([]string{o.name, i.Type, i.Region, i.ARN}, " ")))
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !r.seen[key]
	r.seen[key] = true
	return first
}

// detailsAt is where details of a resource are asked for that a list in a region named.
// ok is false for what a list of all regions found in one that is not read, such as a
// bucket in a disabled region. A region may name what lies in another one, such as a
// trail: then that is asked, or, if it is not read, the one that named it.
func (r *run) detailsAt(i *item, listed string) (region string, ok bool) {
	switch {
	case listed == scan.Global:
		return listed, r.reads[i.Region]
	case r.reads[i.Region]:
		return i.Region, true
	}
	return listed, true
}

// place is the region under which a resource's details stand in the snapshot: its own,
// wherever they are asked for.
func place(i *item, asked string) string {
	if asked == scan.Global {
		return asked
	}
	return i.Region
}

// expect counts the calls that a resource takes: those that turn out to make no sense for
// it are taken off again.
func (r *run) expect(i *item, region string) {
	for _, o := range r.Plan.reads(i.Type) {
		if !r.past.has(o.name, place(i, region), i.ARN) {
			r.progress.expect(o.service(), r.limitOf(o, i), 1)
		}
	}
}

// details reads what the plan wants of one resource, one call after the other.
func (r *run) details(ctx context.Context, i *item, region string) {
	for _, o := range r.Plan.reads(i.Type) {
		if r.past.has(o.name, place(i, region), i.ARN) {
			continue
		}
		if o.when != nil && !o.when(i) {
			r.progress.expect(o.service(), r.limitOf(o, i), -1)
			continue
		}
		r.read(ctx, o, i, region)
		r.progress.detail(o.service(), r.limitOf(o, i))
	}
}

func (r *run) read(ctx context.Context, o *operation, i *item, region string) {
	at := place(i, region)
	r.journal.begin(o.name, at, i.ARN)
	got, err := o.read(withOperation(ctx, o), r.clients(region), i)
	e, absent := o.classify(ctx, err, i.ARN, region)
	switch {
	case e != nil:
		r.progress.failed(o.service(), e.Why)
		r.journal.refused(e, at)
		return
	case absent:
		r.emit(o, i, nil, r.fieldsOf(o, i.Type))
	default:
		got = r.emit(o, i, got, nil)
		if i.Data == nil {
			i.Data = fields{}
		}
		for name, v := range got {
			i.Data[name] = v
		}
	}
	r.journal.end(o.name, at, i.ARN)
}

// fieldsOf are the fields that an operation fills.
func (r *run) fieldsOf(o *operation, typ string) (out []string) {
	for _, k := range scan.Kinds() {
		if k.Type == typ {
			out = append(out, k.FilledBy(o.name)...)
		}
	}
	return out
}

// emit writes fields of a resource into the snapshot, and returns them as they stand
// there.
func (r *run) emit(o *operation, i *item, data fields, absent []string) fields {
	at := r.now().UTC()
	l := &scan.Line{K: "res", Op: o.name, R: i.Region, T: i.Type, ID: i.ARN, N: i.Name, Tags: i.Tags, At: &at}
	if l.R == "" {
		l.R = scan.Global
	}
	if o.list != nil {
		l.Of = i.listed
	}
	for _, name := range absent {
		l.SetAbsent(name)
	}
	written := make(fields, len(data))
	for name, v := range data {
		raw, err := shape(v)
		switch {
		case err != nil:
			r.journal.refused(&scan.ReadError{Op: i.Type, Resource: i.ARN, Why: scan.Internal, Code: fmt.Sprint(err)}, l.R)
		case string(raw) == "null":
			l.SetAbsent(name)
		default:
			l.Set(name, raw)
			written[name] = raw
		}
	}
	r.journal.put(l)
	return written
}
