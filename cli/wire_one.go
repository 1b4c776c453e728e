package cli

import (
	"errors"
	"fmt"
	"slices"

	"fob/internal/awsedit"
	"fob/internal/awsfile"
	"fob/internal/command"
	"fob/resolve"
)

// wirer decides what is done to a profile, so that SDKs ask fob for it.
type wirer struct {
	a       *app
	pl      *resolve.Planner
	program string // how the file calls fob
	given   bool   // by --path, so that nothing else will do
	self    string // the fob that runs
	all     bool   // --all: the profile was not named
}

// detailKeys are those of the [awsfile.WiredKeys] that say how, not what: another
// program that has the word may read them as well.
var detailKeys = []string{"mfa_serial", "external_id", "role_session_name"}

// one is what is done to one profile.
func (w *wirer) one(name string) (*rewiring, error) {
	line, err := processLine(w.program, name, w.a.sys.GOOS)
	if err != nil {
		return nil, &failure{code: exitConfig, what: notWired(name), why: err.Error(), next: "give the profile another name", err: err}
	}
	edit, err := w.a.wireOf(name)
	if err != nil {
		return nil, err
	}
	if err := w.keyInClear(edit.Section); err != nil {
		return nil, err
	}
	plan, err := w.pl.Plan(resolve.Request{Profile: name})
	switch {
	case err != nil && w.all && firstValue(edit.Section, credentialKeys) == (awsfile.Value{}):
		return &rewiring{name: name, left: "left as it is: it has settings only, no credentials"}, nil
	case err != nil:
		return nil, w.unresolved(name, err)
	}
	if r := w.asksAlready(edit, plan); r != nil {
		return r, nil
	}
	var keep []string
	if runsOther(plan) {
		keep = detailKeys
	}
	set := line
	if old, ok := edit.Wired(); ok && w.works(old.Text, name) {
		set = ""
	}
	did, err := edit.Do(set, keep)
	if err != nil {
		return nil, doubled(name, err)
	}
	return &rewiring{name: name, edits: did}, nil
}

func notWired(name string) string { return fmt.Sprintf("profile %q is not wired", name) }

// wireOf reads a profile, which may be in no file.
func (a *app) wireOf(name string) (awsedit.Wire, error) {
	section, err := a.files.Profile(name)
	var missing *awsfile.MissingFileError
	if err != nil && !errors.Is(err, awsfile.ErrNotFound) && !errors.As(err, &missing) {
		return awsedit.Wire{}, &failure{code: exitConfig, what: fmt.Sprintf("profile %q cannot be read", name), why: err.Error(), next: "correct it, then: " + a.retry() + " " + word(name), err: err}
	}
	section.Name = name
	_, marked := section.Plain(awsedit.WiredKey)
	own := func(line string) bool { return a.isSelf(line, name) || marked && isPlainFor(line, name) }
	return awsedit.Wire{Section: section, Paths: a.files.Paths(), Own: own}, nil
}

// isPlainFor says whether a line has the form that fob wire writes. In a profile
// that it has marked that is fob, under whatever name and wherever it has gone.
func isPlainFor(line, profile string) bool {
	words, err := command.Split(line)
	if err != nil || len(words) == 0 {
		return false
	}
	name, plain := plainProcess(words[1:])
	return plain && name == profile
}

// wiredBy is the line by which SDKs come to fob for a profile, "" when they do not.
func (a *app) wiredBy(profile string) string {
	edit, err := a.wireOf(profile)
	if err != nil {
		return ""
	}
	v, ok := edit.Section.Plain("credential_process")
	if !ok || !edit.Own(v.Text) || firstPlain(edit.Section, strongerThanProcess) != (awsfile.Value{}) {
		return ""
	}
	return v.Position.String()
}

// keyInClear refuses what SDKs would go on using instead of fob.
func (w *wirer) keyInClear(s awsfile.Section) error {
	for _, key := range []string{propKeyID, propSecret} {
		v, ok := s.Plain(key)
		if !ok {
			continue
		}
		f := &failure{code: exitConfig, what: notWired(s.Name), why: fmt.Sprintf("%s has a key in clear, which SDKs would go on using", v.Position), next: "fob import " + word(s.Name) + ", then: fob wire " + word(s.Name)}
		if _, err := (&keyFinder{files: w.a.files}).key(s.Name); err != nil {
			f.next = "take the key out of the file, then: fob wire " + word(s.Name)
		}
		return f
	}
	return nil
}

// unresolved refuses a profile for which fob has no answer either.
func (w *wirer) unresolved(name string, err error) error {
	var f *failure
	if !errors.As(w.a.advise(err), &f) {
		return err
	}
	var missing *resolve.MissingProfileError
	if !errors.As(err, &missing) {
		f.what = notWired(name)
	}
	return f
}

// asksAlready says why a profile stays as it is, nil when it does not: it has a
// line of the user's that leads to this fob, or, if nobody named it, to any program.
func (w *wirer) asksAlready(edit awsedit.Wire, plan *resolve.Plan) *rewiring {
	v, ok := edit.Section.Plain("credential_process")
	if _, wired := edit.Wired(); !ok || wired {
		return nil
	}
	r := &rewiring{name: edit.Section.Name}
	switch {
	case w.all && runsOther(plan):
		r.left = "left as it is: SDKs ask another program already, " + w.a.place(v.Position)
	case !edit.Touched() && !hasStronger(edit.Section) && edit.Own(v.Text) && w.works(v.Text, r.name):
		r.left = "SDKs come to fob already, by a line that fob wire did not write: " + w.a.place(v.Position)
	default:
		return nil
	}
	return r
}

// hasStronger says whether a profile has a key that wins over a credential_process
// in some SDK.
func hasStronger(s awsfile.Section) bool {
	return slices.ContainsFunc(awsfile.WiredKeys(), func(key string) bool {
		_, plain := s.Plain(key)
		return plain && key != "credential_process"
	})
}

// runsOther says whether a profile's credentials come from another program that it
// names itself.
func runsOther(plan *resolve.Plan) bool {
	s, ok := plan.Steps[0].(resolve.ProcessStep)
	return ok && s.Profile == plan.Profile
}

// works says whether a line is one that fob wire would write.
func (w *wirer) works(line, name string) bool {
	words, err := command.Split(line)
	if err != nil || !isPlainFor(line, name) {
		return false
	}
	if w.given {
		return words[0] == w.program
	}
	path, err := lookPath(words[0], w.a.sys.Getenv)
	return err == nil && sameFile(path, w.self)
}

// doubled is the failure for a key that a file has by two names.
func doubled(name string, err error) error {
	var d *awsedit.DoubleError
	if !errors.As(err, &d) {
		return err
	}
	return &failure{code: exitConfig, what: fmt.Sprintf("profile %q is not changed: which %s counts is not clear", name, d.Key), why: err.Error(),
		next: fmt.Sprintf("take out line %d or line %d of %s", d.Plain.Line, d.Prefix.Line, d.Plain.File), err: err}
}

func (a *app) place(p awsfile.Position) string { return a.home(p.String()) }
