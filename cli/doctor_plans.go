package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"fob/internal/awsfile"
	"fob/resolve"
)

// plansLimit ends the planning of profiles: what is not planned by then is not checked.
const plansLimit = 10 * time.Second

// examined is a profile as the files have it, and its plan.
type examined struct {
	name    string
	section awsfile.Section
	missing error // why there is no section
	stored  bool  // its key is in the keychain
	plan    *resolve.Plan
	err     error // why there is no plan
	done    bool  // false: the time was over before its turn
}

// planner is the one of every command, but for looking up in the index once and
// not for each of thousands of profiles.
func (x *exam) planner() (*resolve.Planner, error) {
	pl, err := x.a.planner()
	if err != nil {
		return nil, err
	}
	if pl.Stored, err = x.a.storedKeys(); err != nil {
		pl.Stored = func(string) (resolve.StoredKey, bool, error) { return resolve.StoredKey{}, false, err }
	}
	pl.SessionName = sync.OnceValue(x.a.sessionName)
	return pl, nil
}

// planAll reads and plans every profile.
func (x *exam) planAll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, plansLimit)
	defer cancel()
	pl, err := x.planner()
	if err != nil {
		x.filesErr = err
		return
	}
	x.current, x.currentErr = pl.Plan(resolve.Request{Profile: x.a.g.Profile, Region: x.a.g.Region})
	for _, name := range x.names() {
		e := examined{name: name}
		if ctx.Err() == nil {
			e = x.look(pl, name)
		}
		x.profiles = append(x.profiles, e)
	}
}

// names are the profiles in the order of the files, then those that are in the
// keychain alone.
func (x *exam) names() []string {
	names := x.files.Names()
	for _, n := range names {
		x.inFile[n] = true
	}
	for _, e := range x.stored {
		if !x.inFile[e.Profile] {
			names = append(names, e.Profile)
		}
	}
	return names
}

func (x *exam) look(pl *resolve.Planner, name string) examined {
	e := examined{name: name, done: true}
	e.section, e.missing = x.files.Profile(name)
	_, e.stored, _ = pl.Stored(name)
	if e.err = x.lostSource(pl, e); e.err == nil {
		e.plan, e.err = pl.Plan(resolve.Request{Profile: name, Region: x.a.g.Region})
	}
	return e
}

// lostSource is what planning says of a source that is no profile, without the
// search for names that come close: thousands may have lost the same one.
func (x *exam) lostSource(pl *resolve.Planner, e examined) error {
	source, ok := e.section.Get("source_profile")
	if !ok || firstValue(e.section, []string{"role_arn"}) == (awsfile.Value{}) ||
		firstValue(e.section, []string{"credential_source", "web_identity_token_file"}) != (awsfile.Value{}) {
		return nil
	}
	if _, err := x.files.Profile(source.Text); !errors.Is(err, awsfile.ErrNotFound) {
		return nil
	}
	if _, stored, err := pl.Stored(source.Text); stored || err != nil {
		return nil
	}
	return &resolve.MissingProfileError{Profile: source.Text, From: e.name, At: resolve.Origin{File: source.File, Line: source.Line}}
}
