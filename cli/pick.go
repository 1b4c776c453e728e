package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"fob/internal/display"
	"fob/internal/picker"
	"fob/internal/tty"
	"fob/resolve"
)

// pick has a person choose a profile on the terminal.
func (a *app) pick(ctx context.Context) (string, error) {
	names, err := a.profileNames()
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", &failure{code: exitConfig, what: "there is no profile to choose", why: "neither the AWS files nor the keychain have one", next: "fob add NAME"}
	}
	names = a.likelyFirst(names)
	list, err := a.pickList(names)
	if err != nil {
		return "", err
	}
	var chosen int
	err = a.ask(func(t *tty.Terminal) (err error) {
		chosen, err = a.pickFrom(ctx, t, list)
		return err
	})
	if err != nil {
		return "", adviseChoice(err)
	}
	return names[chosen], nil
}

func adviseChoice(err error) error {
	const next = "fob use NAME; the names: fob profiles"
	var p *resolve.PersonError
	switch {
	case errors.As(err, &p):
		return &failure{code: exitPerson, what: "no profile is named, and none can be chosen", why: p.Reason, next: next, err: err}
	case errors.Is(err, resolve.ErrCancelled):
		return &failure{code: exitCancelled, what: "cancelled, nothing was changed", why: "no profile was chosen", next: next, err: err}
	}
	return err
}

// pickFrom draws where the terminal can, and else lists.
func (a *app) pickFrom(ctx context.Context, t *tty.Terminal, list *picker.List) (chosen int, err error) {
	if !a.dumbTerminal() {
		err = t.Draw(ctx, func(s *tty.Screen) (err error) {
			chosen, err = list.Pick(s)
			return err
		})
		if !errors.Is(err, tty.ErrPlain) {
			return chosen, err
		}
	}
	return pickPlain(ctx, t, list)
}

// dumbTerminal says whether the terminal takes text only.
func (a *app) dumbTerminal() bool {
	switch a.env("TERM") {
	case "dumb", "unknown":
		return true
	case "":
		return a.sys.GOOS != "windows"
	}
	return false
}

// likelyFirst puts the profile that was in use before in front, then the present
// one: going back and renewing are what is wanted most.
func (a *app) likelyFirst(names []string) []string {
	var likely []string
	for _, name := range []string{a.sys.Getenv(varPrevious), a.sys.Getenv(varProfile)} {
		if slices.Contains(names, name) && !slices.Contains(likely, name) {
			likely = append(likely, name)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(likely, n) })
	return append(likely, rest...)
}

// pickList looks profiles up only as they come into view: there may be thousands.
func (a *app) pickList(names []string) (*picker.List, error) {
	pl, r, err := a.manyProfiles()
	if err != nil {
		return nil, err
	}
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = display.Text(name)
	}
	known := map[int]string{}
	about := func(i int) string {
		text, ok := known[i]
		if !ok {
			text = strings.Join(append(a.marks(names[i]), sourceText(pl, r, names[i])), ", ")
			known[i] = text
		}
		return text
	}
	return &picker.List{Title: "Profile", Names: shown, About: about}, nil
}

func (a *app) marks(name string) (marks []string) {
	switch name {
	case a.sys.Getenv(varProfile):
		marks = append(marks, "in use")
	case a.sys.Getenv(varPrevious):
		marks = append(marks, "before")
	}
	if a.protected(name) {
		marks = append(marks, "protected")
	}
	return marks
}

// sourceText says where a profile's credentials come from, as fob profiles does.
func sourceText(pl *resolve.Planner, r *resolve.Resolver, name string) string {
	plan, err := pl.Plan(resolve.Request{Profile: name})
	if err != nil {
		return "cannot be resolved"
	}
	if sso, ok := ssoBase(plan); ok && len(plan.Steps) == 1 {
		return display.Text("sso, " + sso.AccountID + ":" + sso.RoleName)
	}
	row := rowOf(plan, r)
	if way := row.roleAndMFA(); way != "-" {
		return display.Text(row.Source + ", " + way)
	}
	return display.Text(row.Source)
}
