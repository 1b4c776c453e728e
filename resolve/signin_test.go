package resolve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// A sign-in with a code: fob polls as often as AWS wants until the person says
// yes, and every profile of the sso-session has the sign-in then.
func TestDeviceSignIn(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.sso(func(b *awsfake.SSOBehaviour) { b.Person = awsfake.Waits })
		var shown SignInPrompt
		show := func(p SignInPrompt) error {
			shown = p
			time.AfterFunc(12*time.Second, func() { _ = w.aws.Decide(p.Code, true) })
			return nil
		}
		if err := w.resolver().SignIn(t.Context(), w.step("dev"), SignInOptions{Device: true, Show: show}); err != nil {
			t.Fatal(err)
		}
		w.ssoCalls("register start device_code! device_code! device_code")
		if shown.Code == "" || !strings.HasPrefix(shown.Page, "https://") || shown.URL != shown.Page+"?user_code="+shown.Code || shown.Opened || shown.Ends.IsZero() {
			t.Errorf("shown %+v", shown)
		}
		w.must("dev")
		w.must("admin")
		w.must("above")
		w.ssoCalls("role role AssumeRole")
		w.warned()
	})
}

// Who refuses has cancelled; who does not come is waited for until the code ends;
// who leaves is not waited for.
func TestDeviceSignInFails(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.sso(func(b *awsfake.SSOBehaviour) { b.Person = awsfake.Denies })
		if err := w.signIn("dev"); !errors.Is(err, ErrCancelled) || !strings.Contains(err.Error(), "refused in the browser") {
			t.Errorf("denied: %v", err)
		}
		w.sso(func(b *awsfake.SSOBehaviour) { b.Person, b.Request = awsfake.Waits, 3*time.Minute })
		start := time.Now()
		checkError(t, w.signIn("dev"), "PersonError: it needs a login to sso-session acme … nobody signed in")
		if took := time.Since(start); took < 3*time.Minute || took > 3*time.Minute+10*time.Second {
			t.Errorf("waited for %s", took)
		}
		w.sso(func(b *awsfake.SSOBehaviour) { b.Request = time.Hour })
		start = time.Now()
		checkError(t, w.signIn("dev"), "PersonError: … nobody signed in")
		if took := time.Since(start); took != signInLimit {
			t.Errorf("waited for %s", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(7*time.Second, cancel)
		err := w.resolver().SignIn(ctx, w.step("dev"), SignInOptions{Device: true, Show: func(SignInPrompt) error { return nil }})
		if !errors.Is(err, ErrCancelled) {
			t.Errorf("left: %v", err)
		}
		nobody := errors.New("no terminal")
		err = w.resolver().SignIn(t.Context(), w.step("dev"), SignInOptions{Device: true, Show: func(SignInPrompt) error { return nobody }})
		if !errors.Is(err, nobody) {
			t.Errorf("without a terminal: %v", err)
		}
		if _, err := w.resolve("dev"); err == nil {
			t.Error("there is a sign-in")
		}
	})
}

// slow_down, a network that is away and a throttle make the pause longer by five
// seconds each (RFC 8628, 3.5).
func TestDevicePollSlowsDown(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		var polls []time.Time
		w.handler = func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/token" {
				w.aws.ServeHTTP(rw, r)
				return
			}
			if polls = append(polls, time.Now()); len(polls) <= 2 {
				rw.Header().Set("X-Amzn-Errortype", "SlowDownException")
				rw.WriteHeader(http.StatusBadRequest)
				_, _ = rw.Write([]byte(`{"error":"slow_down"}`))
				return
			}
			w.aws.ServeHTTP(rw, r)
		}
		start := time.Now()
		w.mustSignIn("dev")
		var after []string
		for _, p := range polls {
			after = append(after, p.Sub(start).String())
		}
		if got := fmt.Sprint(after); got != "[5s 15s 30s]" {
			t.Errorf("polled after %s", got)
		}
	})
}

// A network that is away for a while ends no dialogue.
func TestDevicePollSurvivesFaults(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.fail(awsfake.Fault{Kind: awsfake.Unavailable, Action: "CreateToken", Times: 3}) // as often as one call tries
		w.mustSignIn("dev")
		w.ssoCalls("register start CreateToken! CreateToken! CreateToken! device_code")
	})
}

// A registration is kept for all sign-ins, until it is too short for one, or
// another is wanted.
func TestRegistrationIsKept(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.mustSignIn("dev")
		time.Sleep(time.Minute)
		w.mustSignIn("admin")
		w.ssoCalls("register start device_code start device_code")
		time.Sleep(90*24*time.Hour - clientMargin)
		w.mustSignIn("dev")
		w.ssoCalls("register start device_code")
		time.Sleep(time.Minute)
		r := w.resolver()
		r.NotBefore = time.Now()
		if err := r.SignIn(t.Context(), w.step("dev"), SignInOptions{Device: true, Show: func(SignInPrompt) error { return nil }}); err != nil {
			t.Fatal(err)
		}
		w.ssoCalls("register start device_code")
		w.config = strings.Replace(ssoConfig, "sso_region", "sso_registration_scopes = sso:account:access, codewhisperer:completions:all\nsso_region", 1)
		time.Sleep(time.Minute)
		w.mustSignIn("dev")
		w.ssoCalls("register start device_code")
	})
}

// The access token's end and the registration's are two: after the first fob
// renews by itself, after the second a person has to come.
func TestBothEnds(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.sso(func(b *awsfake.SSOBehaviour) { b.Client, b.SignIn = 3*time.Hour, 30*24*time.Hour })
		w.mustSignIn("dev")
		w.must("dev")
		w.ssoCalls("register start device_code role")
		state := w.resolver().SignInState(w.step("dev"))
		if !state.Own || !state.Signed(time.Now()) || time.Until(state.Until) != time.Hour || time.Until(state.Renewable).Round(time.Minute) != 3*time.Hour {
			t.Errorf("state %+v at %s", state, time.Now())
		}
		time.Sleep(2 * time.Hour)
		if state := w.resolver().SignInState(w.step("dev")); !state.Signed(time.Now()) || state.Until.After(time.Now()) {
			t.Errorf("state %+v at %s", state, time.Now())
		}
		w.must("dev")
		w.ssoCalls("refresh_token role")
		time.Sleep(61 * time.Minute)
		if state := w.resolver().SignInState(w.step("dev")); state.Signed(time.Now()) {
			t.Errorf("state %+v at %s", state, time.Now())
		}
		_, err := w.resolve("dev")
		checkError(t, err, "PersonError: it needs a login to sso-session acme (https://acme.awsapps.com/start), and the saved sign-in expired at 2000-01-01 03:00 UTC")
		var p *PersonError
		if !errors.As(err, &p) || !p.SignIn {
			t.Errorf("%v is not known as a sign-in", err)
		}
		w.ssoCalls("")
	})
}

// A sign-in that AWS ended is tried once more, and then forgotten.
func TestEndedSignIn(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.mustSignIn("dev")
		w.aws.EndSignIns()
		w.aws.Reset()
		_, err := w.resolve("dev")
		checkError(t, err, "PersonError: … AWS does not refresh the saved one (400)")
		w.ssoCalls("role! refresh_token!")
		_, err = w.resolve("admin")
		checkError(t, err, "PersonError: … login")
		w.ssoCalls("")

		// One that AWS ends by its own rules, eight hours later.
		w.mustSignIn("dev")
		w.ssoCalls("start device_code")
		time.Sleep(9 * time.Hour)
		_, err = w.resolve("dev")
		checkError(t, err, "PersonError: … AWS does not refresh the saved one (400)")
		w.ssoCalls("refresh_token!")
	})
}

// A clock that runs behind: AWS refuses a token that looks alive, and takes the
// renewed one.
func TestRefusedTokenIsRenewed(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.mustSignIn("dev")
		w.aws.Reset()
		w.aws.Behave(func(b *awsfake.Behaviour) { b.Skew = 70 * time.Minute })
		w.must("dev")
		w.ssoCalls("role! refresh_token role")
	})
}

// The next sign-in replaces the one before, also what renewed it.
func TestSecondSignInReplaces(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.mustSignIn("dev")
		first := w.kept1(t)
		time.Sleep(time.Minute)
		w.sso(func(b *awsfake.SSOBehaviour) { b.NoRefresh = true })
		w.mustSignIn("dev")
		second := w.kept1(t)
		if first == second {
			t.Error("the same token")
		}
		w.aws.Reset()
		time.Sleep(2 * time.Hour)
		_, err := w.resolve("dev")
		checkError(t, err, "PersonError: … the saved sign-in expired")
		w.ssoCalls("")
	})
}

// kept1 is the access token that is kept.
func (w *world) kept1(t *testing.T) string {
	t.Helper()
	token, err := w.step("dev").sealed(t.Context(), w.resolver().bareWalk(), ssoToken{}.access)
	if err != nil {
		t.Fatal(err)
	}
	return token.access.Reveal()
}

// The older keys sign in with a code that the browser is sent to, and get nothing
// to renew the sign-in with.
func TestLegacySignIn(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		var calls []string
		err := w.resolver().SignIn(t.Context(), w.step("legacy"), SignInOptions{
			Show: func(p SignInPrompt) error {
				calls = append(calls, fmt.Sprint("show ", p.Opened, p.Code != ""))
				return nil
			},
			Open: func(_ context.Context, url string) error {
				calls = append(calls, fmt.Sprint("open ", strings.Contains(url, "?user_code=")))
				return errors.New("no browser")
			},
		})
		if err != nil || !slices.Equal(calls, []string{"show true true", "open true"}) {
			t.Fatalf("%q, %v", calls, err)
		}
		w.must("legacy")
		w.ssoCalls("register start device_code role")
		if state := w.resolver().SignInState(w.step("legacy")); !state.Own || !state.Renewable.IsZero() {
			t.Errorf("state %+v", state)
		}
		if _, err := w.resolve("dev"); err == nil {
			t.Error("the sign-in of the older keys serves an sso-session")
		}
	})
}

// Nobody is asked for a sign-in that could not be kept.
func TestSignInNeedsAPlace(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		r := w.resolver()
		r.Cache = nil
		show := func(SignInPrompt) error { t.Error("somebody is asked"); return nil }
		if err := r.SignIn(t.Context(), w.step("dev"), SignInOptions{Device: true, Show: show}); !errors.Is(err, ErrNoCache) {
			t.Errorf("got %v", err)
		}
		w.cache.broken = errors.New("locked")
		if err := w.resolver().SignIn(t.Context(), w.step("dev"), SignInOptions{Device: true, Show: show}); !errors.Is(err, w.cache.broken) {
			t.Errorf("got %v", err)
		}
		w.ssoCalls("")
	})
}

// Signing out is told to AWS, and keeps nobody from forgetting.
func TestSignOut(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		if err := w.resolver().SignOut(t.Context(), w.step("dev")); err != nil {
			t.Error(err)
		}
		w.ssoCalls("")
		w.mustSignIn("dev")
		w.ssoCalls("register start device_code")
		if err := w.resolver().SignedIn(t.Context(), w.step("admin")); err != nil {
			t.Error(err)
		}
		if err := w.resolver().SignOut(t.Context(), w.step("admin")); err != nil {
			t.Error(err)
		}
		w.ssoCalls("logout")
		for _, k := range w.step("dev").SignInKeys() {
			if _, _, ok := w.cache.Peek(k); !ok {
				t.Error("a part of the sign-in was not where SignInKeys says")
			}
			delete(w.cache.entries, k)
		}
		_, err := w.resolve("dev")
		checkError(t, err, "PersonError: … there is no saved sign-in")
	})
}
