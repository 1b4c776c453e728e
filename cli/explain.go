package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fob/internal/display"
	"fob/resolve"
)

type explainCmd struct {
	roleFlags
	Name   string `arg:"" optional:"" name:"profile" help:"Profile to explain. Without it: what fob would use now."`
	Format string `enum:"text,json" default:"text" help:"text or json."`
}

func (explainCmd) Help() string {
	return `Shows the plan: each step from the source to the answer with the file and line
that asks for it, what is kept and until when, and what fob would do next.
Reads files only.

Examples:
  fob explain dev
  fob explain dev --format json`
}

func (c *explainCmd) Run(a *app) error {
	if c.Name != "" {
		a.g.Profile = c.Name
	}
	plan, err := a.plan(c.roleFlags)
	if err != nil {
		return a.explainFailure(err)
	}
	r, err := a.resolver()
	if err != nil {
		return err
	}
	e := explanationOf(a, plan, r)
	if c.Format == "json" {
		return a.writeJSON(e)
	}
	_, err = a.sys.Stdout.Write([]byte(e.text(a)))
	return err
}

// explainFailure does not send the user to explain.
func (a *app) explainFailure(err error) error {
	var f *failure
	if advised := a.advise(err); errors.As(advised, &f) {
		f.what = strings.Replace(f.what, "cannot get credentials for profile", "cannot resolve profile", 1)
		f.next = strings.Replace(f.next, "correct it, then: ", "correct it, then again: ", 1)
		return f
	}
	return err
}

// explanation is a plan and its state, as JSON has them.
type explanation struct {
	Profile   string          `json:"profile,omitempty"`
	Chosen    string          `json:"chosen_by"`
	Steps     []explainedStep `json:"steps"`
	Region    string          `json:"region"`
	RegionAt  string          `json:"region_from,omitempty"`
	Endpoint  string          `json:"sts_endpoint,omitempty"`
	AccountID string          `json:"account_id,omitempty"`
	Protected bool            `json:"protected,omitempty"`
	Wired     string          `json:"wired_by,omitempty"` // the line by which SDKs come to fob for the profile
	Warnings  []string        `json:"warnings,omitempty"`
	Next      nextMove        `json:"next"`
}

type explainedStep struct {
	Step    string     `json:"step"`
	From    string     `json:"from"`
	File    string     `json:"file,omitempty"`
	Line    int        `json:"line,omitempty"`
	Keeps   bool       `json:"keeps"`
	Kept    bool       `json:"kept"`
	Expires *time.Time `json:"expires,omitempty"`
	Key     string     `json:"cache_key,omitempty"`

	SignIn *signInView `json:"sign_in,omitempty"`
}

type nextMove struct {
	Step        int    `json:"step"` // 1-based; one more than there are when the answer is kept
	NeedsPerson bool   `json:"needs_person"`
	Text        string `json:"text"`
}

func explanationOf(a *app, plan *resolve.Plan, r *resolve.Resolver) explanation {
	e := explanation{Profile: plan.Profile, Chosen: plan.Chosen, Region: plan.Service.Region, RegionAt: plan.RegionFrom.String(),
		Endpoint: plan.Service.STS, AccountID: plan.AccountID(), Protected: a.protected(plan.Profile), Warnings: plan.Warnings}
	for _, s := range r.Status(plan) {
		at := s.Step.Origin()
		x := explainedStep{Step: s.Step.String(), From: at.String(), File: at.File, Line: at.Line, Keeps: s.Keeps, Kept: s.Kept}
		if s.Kept {
			x.Expires = &s.Expires
		}
		if s.Keeps && r.Cache != nil {
			x.Key = s.Key.String()
		}
		e.Steps = append(e.Steps, x)
	}
	e.Steps[0].SignIn = a.viewSignIn(plan, r)
	e.Wired = a.wiredBy(plan.Profile)
	e.Next = nextOf(a, plan, r, e)
	return e
}

func nextOf(a *app, plan *resolve.Plan, r *resolve.Resolver, e explanation) nextMove {
	first, person := r.Next(plan)
	n := nextMove{Step: first + 1, NeedsPerson: person}
	switch {
	case first == len(plan.Steps):
		n.Text = "hand out the kept session; AWS is not called"
	case person && first == 0 && e.Steps[0].SignIn != nil && !e.Steps[0].SignIn.Signed:
		n.Text = "fail: it needs a sign-in first: " + a.loginCommand(plan.Profile)
	case person:
		n.Text = "ask for an MFA code, then call AWS"
	case len(plan.Steps) == 1 && isKey(plan.Steps[0]):
		n.Text = "hand out the key as it is; AWS is not called"
	default:
		n.Text = "run from step " + fmt.Sprint(first+1) + "; nobody is asked"
	}
	return n
}

func isKey(s resolve.Step) bool {
	switch s.(type) {
	case resolve.KeyStep, resolve.StaticStep:
		return true
	}
	return false
}

func (e explanation) text(a *app) string {
	var b strings.Builder
	name := e.Profile
	if name == "" {
		name = e.Chosen
	}
	chosen := "chosen by " + display.Text(e.Chosen)
	if e.Chosen == "-p" {
		chosen = "as you named it"
	}
	fmt.Fprintf(&b, "%s (%s)\n\n", display.Text(name), chosen)
	for i, s := range e.Steps {
		fmt.Fprintf(&b, "  %d. %s\n     from %s%s\n", i+1, display.Line(s.Step), a.home(s.From), s.kept(a.sys.Now()))
	}
	if in := e.Steps[0].SignIn; in != nil {
		fmt.Fprintf(&b, "\n  sign-in  %s: %s", display.Text(in.Name), in.text(a.sys.Now()))
	}
	fmt.Fprintf(&b, "\n  region   %s (%s)\n", display.Text(e.Region), regionFrom(a, e.RegionAt))
	if e.Endpoint != "" {
		fmt.Fprintf(&b, "  endpoint %s\n", display.Text(e.Endpoint))
	}
	if e.AccountID != "" {
		fmt.Fprintf(&b, "  account  %s\n", e.AccountID)
	}
	if e.Protected {
		fmt.Fprintf(&b, "  guard    %s: fob asks before it is used\n", protectKey)
	}
	if e.Wired != "" {
		fmt.Fprintf(&b, "  wired    SDKs come to fob by %s\n", a.home(e.Wired))
	}
	for _, w := range e.Warnings {
		fmt.Fprintf(&b, "  warning  %s\n", display.Line(w))
	}
	fmt.Fprintf(&b, "  next     %s\n", e.Next.Text)
	return b.String()
}

func regionFrom(a *app, from string) string {
	if from == "" {
		return "nobody names one"
	}
	return "from " + a.home(from)
}

func (s explainedStep) kept(now time.Time) string {
	switch {
	case s.Kept:
		return fmt.Sprintf("; kept until %s, %s left", s.Expires.UTC().Format("2006-01-02 15:04 MST"), short(s.Expires.Sub(now)))
	case s.Keeps:
		return "; not kept now"
	}
	return ""
}
