package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fob/internal/display"
	"fob/internal/tty"
	"fob/resolve"
)

// signIn is `fob login` for a profile whose credentials begin with IAM Identity
// Center.
type signIn struct {
	a      *app
	step   resolve.SSOStep
	device bool
	asked  bool // a person has signed in during this run
}

// ssoBase is the first step of a plan, if that is IAM Identity Center.
func ssoBase(plan *resolve.Plan) (resolve.SSOStep, bool) {
	s, ok := plan.Steps[0].(resolve.SSOStep)
	return s, ok
}

// ensure has a person sign in unless there is a sign-in that lives.
func (s *signIn) ensure(ctx context.Context, force bool) error {
	if !force {
		r, err := s.a.resolver()
		if err == nil {
			err = r.SignedIn(ctx, s.step)
		}
		if !needsSignIn(err) {
			return err
		}
	}
	return s.ask(ctx)
}

// needsSignIn says whether only a person's sign-in can mend an error.
func needsSignIn(err error) bool {
	var p *resolve.PersonError
	return errors.As(err, &p) && p.SignIn
}

// ask has a person sign in. Without one nothing is called.
func (s *signIn) ask(ctx context.Context) error {
	if err := s.a.ask(func(*tty.Terminal) error { return nil }); err != nil {
		return needing(err, "a sign-in to "+s.name())
	}
	backend, err := s.a.storeForSignIn(ctx)
	if err != nil {
		return err
	}
	r, err := s.a.resolver()
	if err != nil {
		return err
	}
	if err := r.SignIn(ctx, s.step, resolve.SignInOptions{Device: s.device, Open: s.a.openBrowser, Show: s.show}); err != nil {
		return err
	}
	s.asked = true
	return s.a.record(backend)
}

// storeForSignIn is the store that a sign-in is sealed for, chosen now if none was.
func (a *app) storeForSignIn(ctx context.Context) (backend string, err error) {
	backend, _, err = a.keysForAdding(ctx)
	var f *failure
	if errors.As(err, &f) && f.code == exitKeychain {
		f.what = "there is no keychain to keep the sign-in in"
	}
	return backend, err
}

// name is the sign-in as a person knows it.
func (s *signIn) name() string {
	if s.step.Session != "" {
		return display.Text(s.step.Session) + " (" + display.Text(s.step.StartURL) + ")"
	}
	return display.Text(s.step.StartURL)
}

// show tells the person on the terminal where to sign in.
func (s *signIn) show(p resolve.SignInPrompt) error {
	text := s.browserText(p)
	if p.Code != "" {
		text = s.deviceText(p)
	}
	err := s.a.ask(func(t *tty.Terminal) error { return t.Print(text) })
	return needing(err, "a sign-in to "+s.name())
}

func (s *signIn) browserText(p resolve.SignInPrompt) string {
	var b strings.Builder
	if p.Opened {
		fmt.Fprintf(&b, "Sign in to %s in the browser that opens now.\nIf none does, open this address in a browser on this machine:\n", s.name())
	} else {
		fmt.Fprintf(&b, "To sign in to %s, open this address in a browser on this machine:\n", s.name())
	}
	fmt.Fprintf(&b, "\n  %s\n\nNo browser on this machine? Ctrl-C, then: %s --device", display.Line(p.URL), s.a.loginCommand(s.a.g.Profile))
	return b.String()
}

func (s *signIn) deviceText(p resolve.SignInPrompt) string {
	var b strings.Builder
	fmt.Fprintf(&b, "To sign in to %s, open this page in any browser:\n\n  %s\n\nand make sure that it shows this code:\n\n  %s\n",
		s.name(), display.Line(p.Page), display.Text(p.Code))
	if s.a.unicodeTerminal() {
		b.WriteString("\n" + qrCode(p.URL))
	}
	fmt.Fprintf(&b, "\nThe code is good for %s. Approve only what you asked for yourself.", short(p.Ends.Sub(s.a.sys.Now())))
	return b.String()
}

// unicodeTerminal says whether the terminal draws what a QR code is made of.
func (a *app) unicodeTerminal() bool {
	if a.sys.GOOS == "windows" || a.sys.GOOS == "darwin" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(a.env(name)); v != "" {
			return strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
		}
	}
	return false
}
