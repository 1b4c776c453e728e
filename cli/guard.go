package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fob/internal/desktop"
	"fob/internal/display"
	"fob/internal/tty"
	"fob/resolve"
)

// protectKey is the property of a profile that makes fob ask before it is used.
// Only the profile's own section counts, not those of its sources.
const protectKey = "fob_protect"

// protected says whether a profile's section asks for a question before it is
// used. A value that is neither yes nor no counts as yes, and is warned of.
func (a *app) protected(profile string) bool {
	if profile == "" {
		return false
	}
	files, err := a.awsFiles()
	if err != nil {
		return false
	}
	section, err := files.Profile(profile)
	if err != nil {
		return false // there is none, or the plan says what is wrong with it
	}
	value, set := section.Get(protectKey)
	if !set {
		return false
	}
	switch strings.ToLower(value.Text) {
	case "true", "yes", "1", "on":
		return true
	case "false", "no", "0", "off":
		return false
	}
	a.p.warn(fmt.Sprintf("%s: %s is neither true nor false; it counts as true", value.Position, protectKey))
	return true
}

// guard warns before a profile whose section says fob_protect = true is used. A
// person is asked, and no is [resolve.ErrCancelled]; where nobody is, or yes was
// given beforehand, a line on stderr says which profile it is and the use goes on.
func (a *app) guard(ctx context.Context, plan *resolve.Plan, yes bool) error {
	if !a.protected(plan.Profile) {
		return nil
	}
	if !yes {
		goOn, err := a.confirmProtected(ctx, plan.Profile)
		switch {
		case nobody(err):
		case err != nil:
			return err
		case !goOn:
			return &failure{code: exitCancelled, what: "cancelled, nothing was changed", why: display.Text(plan.Profile) + " is protected (" + protectKey + "), and the answer was no", next: "the same again and y, or with --yes", err: resolve.ErrCancelled}
		default:
			return nil
		}
	}
	a.warnProtected(plan)
	return nil
}

// confirmProtected takes no answer for a no: somebody may be there.
func (a *app) confirmProtected(ctx context.Context, profile string) (goOn bool, err error) {
	err = a.converse(ctx, wanted{profile: profile}, func(d dialogue) (err error) {
		goOn, err = d.Confirm(ctx, display.Text(profile)+" is protected ("+protectKey+"). Go on?")
		if errors.Is(err, tty.ErrTimeout) || errors.Is(err, tty.ErrBadAnswer) || errors.Is(err, desktop.ErrTimeout) {
			err = tty.ErrCancelled
		}
		return err
	})
	return goOn, err
}

// warnProtected is guard for those who must not be asked.
func (a *app) warnProtected(plan *resolve.Plan) {
	if a.protected(plan.Profile) {
		a.p.warn(display.Text(plan.Profile) + " is protected (" + protectKey + ")")
	}
}
