package resolve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fob/internal/secret"
)

// SignInOptions say how a person signs in to IAM Identity Center.
type SignInOptions struct {
	// Device shows a code to approve in any browser on any machine. Else a
	// browser of this machine is sent back to fob. A profile without an
	// sso-session knows the code only.
	Device bool
	// Open opens a page in the person's browser and does not wait until it is
	// closed; nil, or an error, leaves it to the person. It is not called with
	// Device.
	Open func(ctx context.Context, url string) error
	// Show tells the person what to do; its error ends the sign-in. Never nil.
	Show func(SignInPrompt) error
}

// SignInPrompt is what a person needs to know to sign in. Its texts are printable
// ASCII.
type SignInPrompt struct {
	URL    string    // the page to open; with a Code, one that has it filled in
	Page   string    // with a Code: the page where it is typed
	Code   string    // what the page has to show, "" without Device
	Opened bool      // a browser was, or is about to be, sent to URL
	Ends   time.Time // when it is too late
}

// signInLimit is how long a person has to sign in.
const signInLimit = 10 * time.Minute

// DoingSignIn is what a [WaitError] says that the other process does.
const DoingSignIn = "SSO sign-in"

// ErrNoCache: there is no place for a sign-in, so nobody is asked for one.
var ErrNoCache = errors.New("there is no store to keep the sign-in in")

// SignIn has a person sign in to the Identity Center of a step and keeps the
// sign-in in the Cache, for every profile that shares it. One that was kept
// before is replaced. When another process has a person sign in at the same time,
// SignIn waits for that one.
//
// Errors: ErrNoCache; ErrCancelled, also when the person refuses on the page;
// *PersonError when nobody signs in within ten minutes; *AWSError, *WaitError,
// *ConfigError, and what Show and Cache return.
func (r *Resolver) SignIn(ctx context.Context, s SSOStep, o SignInOptions) error {
	if r.Cache == nil {
		return ErrNoCache
	}
	if err := r.Cache.Ready(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, signInLimit)
	defer cancel()
	w := r.bareWalk()
	before, _, _ := w.Cache.Peek(s.keptKey(keptToken))
	replaced := func() bool {
		issued, _, ok := w.Cache.Peek(s.keptKey(keptToken))
		return ok && !issued.Equal(before)
	}
	release, held, err := w.acquireFor(ctx, s.keptKey("dialogue"), DoingSignIn, replaced)
	if err != nil {
		return err
	}
	defer release()
	if !held || replaced() {
		return nil
	}
	t, err := s.dialogue(ctx, w, o)
	if err != nil {
		return s.signInError(ctx, err)
	}
	return s.replace(ctx, w, t)
}

// SignedIn makes sure that there is a sign-in that lives, refreshing it if need
// be. Nobody is asked.
//
// Errors: *PersonError when there is none, and those of Resolve.
func (r *Resolver) SignedIn(ctx context.Context, s SSOStep) error {
	_, err := s.token(ctx, r.bareWalk(), secret.Text{})
	return err
}

// SignOut ends the sign-in that fob keeps at AWS, if it still lives, for everybody
// who uses it. What is kept stays: see [SSOStep.SignInKeys].
func (r *Resolver) SignOut(ctx context.Context, s SSOStep) error {
	w := r.bareWalk()
	t, err := s.sealed(ctx, w, secret.Text{})
	if err != nil || !t.alive(w.now()) {
		return err
	}
	p, err := w.portal(s.Service, s.Portal)
	if err != nil {
		return err
	}
	return p.logout(ctx, t.access)
}

// dialogue gets a sign-in from a person.
func (s SSOStep) dialogue(ctx context.Context, w *walk, o SignInOptions) (ssoToken, error) {
	service, err := w.oidc(s.Service, s.OIDC)
	if err != nil {
		return ssoToken{}, err
	}
	device := o.Device || s.Session == ""
	client, err := s.client(ctx, w, service, device)
	if err != nil {
		return ssoToken{}, err
	}
	var b bearer
	if device {
		b, err = s.byDevice(ctx, w, service, client, o)
	} else {
		b, err = s.byBrowser(ctx, w, service, client, o)
	}
	if err != nil {
		return ssoToken{}, err
	}
	t := client
	t.access, t.refresh, t.issued, t.expires = b.access, b.refresh, b.issued, b.issued.Add(b.life)
	return t, nil
}

// replace keeps a new sign-in, while nobody refreshes the one before.
func (s SSOStep) replace(ctx context.Context, w *walk, t ssoToken) error {
	release, _, err := w.acquireFor(ctx, s.keptKey("refresh"), "AWS", nil)
	if err != nil {
		return err
	}
	defer release()
	return s.keep(ctx, w, t)
}

// signInError words the end of a dialogue.
func (s SSOStep) signInError(ctx context.Context, err error) error {
	var shown *PersonError
	switch {
	case errors.As(err, &shown), errors.Is(err, ErrCancelled):
		return err
	case errors.Is(ctx.Err(), context.Canceled):
		return ErrCancelled
	case ctx.Err() != nil:
		return s.tooLate()
	}
	switch oauthCode(err) {
	case "access_denied":
		return fmt.Errorf("%w: the sign-in was refused in the browser", ErrCancelled)
	case "expired_token":
		return s.tooLate()
	}
	return err
}

func (s SSOStep) tooLate() error { return s.login("nobody signed in within the time") }

// oauthCode is the name of a refusal as OAuth 2.0 has it, "" when AWS did not
// refuse. AWS's own names differ in form only: SlowDownException is slow_down.
func oauthCode(err error) string {
	var aws *AWSError
	if !errors.As(err, &aws) {
		return ""
	}
	var b strings.Builder
	for i, r := range strings.TrimSuffix(aws.Code, "Exception") {
		if r >= 'A' && r <= 'Z' && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// bareWalk is a walk that is on no plan.
func (r *Resolver) bareWalk() *walk {
	return &walk{Resolver: r, plan: &Plan{}, spare: map[string]string{}, sent: map[string][]string{}}
}
