package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"fob/internal/awsfile"
	"fob/keychain"
	"fob/resolve"
)

// exam is what the checks look at, read once.
type exam struct {
	a       *app
	offline bool

	paths    awsfile.Paths
	files    *awsfile.Files // nil: filesErr says why
	filesErr error
	lint     []awsfile.Warning

	stored    []keychain.Entry
	storedErr error

	profiles   []examined
	inFile     map[string]bool // names of profiles that the files have, readable or not
	current    *resolve.Plan   // what would be used now
	currentErr error           // why there is no current plan

	opened *openedStore    // see store
	told   map[string]bool // the lines that findings are about so far
}

func newExam(ctx context.Context, a *app, offline bool) *exam {
	x := &exam{a: a, offline: offline, inFile: map[string]bool{}, told: map[string]bool{}}
	x.stored, x.storedErr = x.index()
	if x.paths, x.filesErr = awsfile.Locate(a.sys.Getenv, a.sys.GOOS); x.filesErr == nil {
		x.files, x.filesErr = a.awsFiles()
	}
	if x.files == nil {
		return x
	}
	x.lint = x.files.Lint()
	x.planAll(ctx)
	return x
}

func (x *exam) index() ([]keychain.Entry, error) {
	i, err := x.a.index(false)
	if err != nil {
		return nil, err
	}
	return i.All()
}

// read are the profiles whose section could be read.
func (x *exam) read() iter.Seq[examined] {
	return func(yield func(examined) bool) {
		for _, e := range x.profiles {
			if e.done && e.missing == nil && !yield(e) {
				return
			}
		}
	}
}

// lacks says why a check cannot be made, "" when it can.
func (x *exam) lacks(n need) string {
	switch {
	case n&needFiles != 0 && x.filesErr != nil:
		return "the AWS files cannot be read"
	case n&needPlans != 0 && x.storedErr != nil:
		return "the list of stored keys cannot be read"
	case n&needModes != 0 && x.a.sys.GOOS == "windows":
		return "Windows keeps access lists, and fob does not read them here"
	}
	return ""
}

// examine makes the checks one after the other.
func examine(ctx context.Context, x *exam, checks []check) diagnosis {
	r := diagnosis{Findings: []finding{}, checks: checks}
	for _, c := range checks {
		all := []finding{notChecked("%s: %s", c.title, x.lacks(c.needs))}
		if x.lacks(c.needs) == "" {
			all = c.run(ctx, x)
		}
		for _, f := range all {
			f.ID, f.group = c.id, c.group
			if f.Severity == "" {
				f.Severity = c.severity
			}
			if f.Line > 0 {
				x.told[f.position().String()] = true
			}
			r.add(f)
		}
	}
	r.Summary.Checks, r.Summary.Profiles = len(checks), len(x.profiles)
	return r
}

// fromError is a finding with the fact and the advice that commands give for an error.
func (x *exam) fromError(err error) finding {
	var own, advised *failure
	if errors.As(err, &own) {
		return finding{Fact: whatAndWhy(own.what, own.why), Next: own.next}
	}
	f := finding{Fact: err.Error()}
	if errors.As(x.a.advise(err), &advised) {
		f.Next = advised.next
	}
	return f
}

func whatAndWhy(what, why string) string {
	if why == "" {
		return what
	}
	return fmt.Sprintf("%s: %s", what, why)
}
