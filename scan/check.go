package scan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Check is one question asked of every resource of a kind: a row of the catalogue.
// Documentation, help and the rules of SARIF are made from it.
type Check struct {
	ID       string // kebab-case, stable for ever
	Title    string // what is wrong
	Severity Severity
	Worst    Severity // what some of its failures have, where that is more than Severity; 0 where none
	Service  string   // what --services selects
	Type     string   // the resource types that it judges, as findings name them, separated by ";"
	Why      string   // what may come of it
	Logic    string   // when it fails, and what passes where that is not plain; "" where nobody said
	Fix      string
	Refs     []string // "cis-3.0:2.1.1", "fsbp:S3.5", "scoutsuite:s3-bucket-no-logging"

	// Needs is what has to be read before the question can be answered, and what is
	// called for it: "Policy" is a field of the judged kind, "AWS::EC2::RouteTable" the
	// list of another kind in the same region, "AWS::S3::Bucket.Policy" a field of
	// another kind. The list of the judged kind is understood. If an own field or a
	// list is unread, the verdict is UNKNOWN and the question is not asked; fields of
	// other kinds are left to the question.
	Needs []string
	// Reads is called for as Needs is, but being unread decides nothing: the question
	// gets the Vals and answers where the readable part decides alone.
	Reads []string
	// Off leaves the check out unless it is named, by itself or by a framework.
	Off bool
	// Manual is a control that a person must look at: the verdict is MANUAL, always.
	Manual bool

	rated  bool // a configuration chose the severity
	kind   *Kind
	custom bool
	run    func(f *Facts, p *Params, region string, emit func(*Resource, Verdict))
}

// Evidence is the part of a resource's record that a verdict rests on.
type Evidence struct {
	Path  string `json:"path"` // "Policy.Statement[0]"
	Value any    `json:"value,omitempty"`
}

// UnmarshalJSON implements json.Unmarshaler. The value is kept as it is written, a
// json.RawMessage, so that a finding that is read and written anew stays the same: no
// number is rounded, and no field moves.
func (e *Evidence) UnmarshalJSON(raw []byte) error {
	var as struct {
		Path  string
		Value json.RawMessage
	}
	if err := json.Unmarshal(raw, &as); err != nil {
		return err
	}
	*e = Evidence{Path: as.Path}
	if as.Value != nil {
		e.Value = as.Value
	}
	return nil
}

// Verdict is the answer of a check for one resource. The zero Verdict is none, and
// emits nothing.
type Verdict struct {
	Status   Status
	Message  string
	Severity Severity // 0 means the check's own
	Evidence []Evidence
	Unread   []*ReadError
	// Part tells several verdicts about one resource apart: "key 1".
	Part string
	// Group names the resources that a verdict of [Grouped] is about, "" for one alone.
	Group string
}

// Pass says that all is well, and what shows it.
func Pass(format string, args ...any) Verdict { return verdict(StatusPass, format, args) }

// Fail says what is wrong.
func Fail(format string, args ...any) Verdict { return verdict(StatusFail, format, args) }

// NotApplicable says why the question makes no sense for this resource.
func NotApplicable(format string, args ...any) Verdict {
	return verdict(StatusNotApplicable, format, args)
}

// Unknown says that what decides was not read. The same call that missed several times
// is told of once.
func Unknown(errs ...*ReadError) Verdict {
	v := Verdict{Status: StatusUnknown}
	var said []string
	for _, e := range errs {
		if e == nil {
			e = &ReadError{Why: NotPlanned}
		}
		if slices.ContainsFunc(v.Unread, func(told *ReadError) bool { return *told == *e }) {
			continue
		}
		v.Unread = append(v.Unread, e)
		said = append(said, e.Error())
	}
	v.Message = "not known: " + strings.Join(said, "; ")
	return v
}

// UnknownHere says that this account cannot know what decides, and the cure.
func UnknownHere(format string, args ...any) Verdict {
	v := verdict(StatusUnknown, format, args)
	v.Unread = []*ReadError{{Why: Context}}
	return v
}

func verdict(s Status, format string, args []any) Verdict {
	return Verdict{Status: s, Message: fmt.Sprintf(format, args...)}
}

// At adds the place in the record that the verdict rests on, and what stands there.
func (v Verdict) At(path string, value any) Verdict {
	v.Evidence = append(v.Evidence[:len(v.Evidence):len(v.Evidence)], Evidence{path, value})
	return v
}

// As gives this one verdict another severity than the check's.
func (v Verdict) As(s Severity) Verdict { v.Severity = s; return v }

// For names the part of the resource that the verdict is about.
func (v Verdict) For(part string) Verdict { v.Part = part; return v }

// Each makes a check that asks once per resource of a kind.
func Each[T any](k Of[T], c Check, ask func(*T, *Params) Verdict) Check {
	return Many(k, c, func(r *T, p *Params) []Verdict { return []Verdict{ask(r, p)} })
}

// Many makes a check that may answer several times per resource, such as for each of
// its keys; [Verdict.For] tells the answers apart.
func Many[T any](k Of[T], c Check, ask func(*T, *Params) []Verdict) Check {
	c.kind = k.Kind
	own, lists := c.split()
	c.run = func(f *Facts, p *Params, region string, emit func(*Resource, Verdict)) {
		c.emitListError(f, region, emit)
		for _, r := range All[T](f, region) {
			if missing := unread(f, r, region, own, lists); len(missing) > 0 {
				emit(subject(r), Unknown(missing...))
				continue
			}
			for _, v := range safely(ask, r, p) {
				emit(subject(r), v)
			}
		}
	}
	return c
}

// emitListError says that there may be resources that were not judged.
func (c *Check) emitListError(f *Facts, region string, emit func(*Resource, Verdict)) {
	if err := c.listError(f, region); err != nil && err.Why != Disabled {
		emit(&Resource{Account: f.Account, Region: region, Type: c.kind.Type, Name: "*"}, Unknown(err).For("list"))
	}
}

// listError says why the kind is not all there in a region where it could be. A kind
// that is listed once reports under Global.
func (c *Check) listError(f *Facts, region string) *ReadError {
	if (c.kind.Scope == Once) != (region == Global) {
		return nil
	}
	return f.ListError(c.kind, region)
}

// split sorts Needs into the fields of the judged kind and the lists of others.
func (c *Check) split() (own []string, lists []*Kind) {
	for _, n := range c.Needs {
		switch {
		case !strings.Contains(n, "::"):
			own = append(own, n)
		case !strings.Contains(n, "."):
			lists = append(lists, KindOf(n))
		}
	}
	return own, lists
}

func unread(f *Facts, r any, region string, own []string, lists []*Kind) (errs []*ReadError) {
	for _, name := range own {
		if state, err := field(r, name); state == Unread {
			errs = append(errs, err)
		}
	}
	for _, k := range lists {
		if err := f.ListError(k, region); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// safely keeps a fault in one check from ending the scan: it is UNKNOWN, by our own
// fault, and the others go on.
func safely[T any](ask func(*T, *Params) []Verdict, r *T, p *Params) (out []Verdict) {
	defer func() {
		if fault := recover(); fault != nil {
			out = []Verdict{Unknown(&ReadError{Why: Internal, Code: fmt.Sprintf("%T", fault)})}
		}
	}()
	return ask(r, p)
}

// Operations are the calls that the check's verdicts may need, the list of the judged
// kind first, each once.
func (c *Check) Operations() []string {
	var ops []string
	add := func(more []string) {
		for _, op := range more {
			if !contains(ops, op) {
				ops = append(ops, op)
			}
		}
	}
	add(c.kind.List)
	for _, n := range append(c.Needs[:len(c.Needs):len(c.Needs)], c.Reads...) {
		k, name := c.kind, n
		if strings.Contains(n, "::") {
			typ, field, _ := strings.Cut(n, ".")
			k, name = KindOf(typ), field
			add(k.List)
		}
		if name != "" {
			add(k.Operations(name))
		}
	}
	return ops
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Kind returns the kind that the check judges.
func (c *Check) Kind() *Kind { return c.kind }
