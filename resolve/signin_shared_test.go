package resolve

import (
	"errors"
	"sync"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// A sign-in that `aws sso login` left serves while fob has none, or one that is
// over; it is renewed where it lies.
func TestLeftSignIn(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		resolve := func(profile string) error {
			_, err := w.resolver().Resolve(t.Context(), w.atHome(profile))
			return err
		}
		must := func(profile string) {
			t.Helper()
			if err := resolve(profile); err != nil {
				t.Fatal(err)
			}
		}
		state := func() SignInState { return w.resolver().SignInState(w.atHome("dev").Steps[0].(SSOStep)) }
		w.mustSignIn("dev")
		token := w.kept1(t)
		clear(w.cache.entries)
		w.left(tokenJSON(token, time.Now().Add(time.Hour), ""))
		w.aws.Reset()
		must("dev")
		w.ssoCalls("role")
		if s := state(); s.Own || !s.Signed(time.Now()) {
			t.Errorf("state %+v", s)
		}

		// fob's own comes first while it lives.
		time.Sleep(time.Minute)
		w.mustSignIn("dev")
		w.left(`{"accessToken":"dead","expiresAt":"2000-01-01T23:00:00Z"}`)
		w.aws.Reset()
		must("admin")
		w.ssoCalls("role")
		if s := state(); !s.Own {
			t.Errorf("state %+v", s)
		}

		// Of two that are over the one that can be renewed is, of two such the newer.
		time.Sleep(2 * time.Hour)
		w.left(`{"accessToken":"dead","expiresAt":"2000-01-01T01:30:00Z"}`)
		must("dev")
		w.ssoCalls("refresh_token role")
		time.Sleep(2 * time.Hour)
		w.left(tokenJSON("dead", time.Now().Add(-time.Minute), refreshKeys(time.Now().Add(time.Hour))))
		if s := state(); s.Own {
			t.Errorf("state %+v", s)
		}
		checkError(t, resolve("dev"), "PersonError: … AWS does not refresh the saved one (401)")
		w.ssoCalls("refresh_token!")
		w.left(tokenJSON("dead", time.Now().Add(-3*time.Hour), refreshKeys(time.Now().Add(time.Hour))))
		must("dev")
		w.ssoCalls("refresh_token role")
		w.warned()
	})
}

// What does not open, or is of no form, is none; what is beside it still serves.
func TestDamagedSignIn(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.mustSignIn("dev")
		w.aws.Reset()
		damage := func(part string) {
			e := w.cache.entries[w.step("dev").keptKey(part)]
			e.plain = []byte(`{"accessToken":`)
			w.cache.entries[w.step("dev").keptKey(part)] = e
		}
		damage(keptToken)
		w.must("dev")
		w.ssoCalls("refresh_token role")
		w.warned("damaged", "damaged")
		damage(keptToken)
		damage(keptRenewal)
		_, err := w.resolve("admin")
		checkError(t, err, "PersonError: it needs a login")
		w.ssoCalls("")
	})
}

// A refresh token is good once: many profiles and processes renew a sign-in once.
func TestRefreshIsShared(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.mustSignIn("dev")
		time.Sleep(2 * time.Hour)
		w.aws.Reset()
		plans := []*Plan{w.plan("dev"), w.plan("admin")}
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if _, err := w.resolver().Resolve(t.Context(), plans[i%2]); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if s := w.aws.Stats(); s.Grants["refresh_token"] != 1 || s.Calls["GetRoleCredentials"] != 2 || s.Refused != 0 {
			t.Errorf("%+v", s)
		}
		w.warned()
	})
}

// Several logins at once ask one person once.
func TestSignInIsShared(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.sso(func(b *awsfake.SSOBehaviour) { b.Person = awsfake.Waits })
		shown := make(chan SignInPrompt, 8)
		o := SignInOptions{Device: true, Show: func(p SignInPrompt) error { shown <- p; return nil }}
		step := w.step("dev")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := w.resolver().SignIn(t.Context(), step, o); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(17 * time.Second)
		if err := w.aws.Decide((<-shown).Code, true); err != nil {
			t.Error(err)
		}
		all.Wait()
		if s := w.aws.Stats(); s.Calls["StartDeviceAuthorization"] != 1 || len(shown) != 0 {
			t.Errorf("%d more were asked, %+v", len(shown), s)
		}
	})
}

// Who waits for another's sign-in in vain is told what for.
func TestSignInIsWaitedFor(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.sso(func(b *awsfake.SSOBehaviour) { b.Person = awsfake.Waits })
		step, o := w.step("dev"), SignInOptions{Device: true, Show: func(SignInPrompt) error { return nil }}
		go func() { _ = w.resolver().SignIn(t.Context(), step, o) }()
		time.Sleep(time.Minute)
		start := time.Now()
		err := w.resolver().SignIn(t.Context(), step, o)
		if took := time.Since(start); err == nil || took > signInLimit {
			t.Errorf("after %s: %v", took, err)
		}
		var wait *WaitError
		var person *PersonError
		if !errors.As(err, &wait) && !errors.As(err, &person) {
			t.Errorf("got %v", err)
		}
		time.Sleep(signInLimit)
	})
}

// A role's credentials are served to their last minute when only a person can
// renew them, without a word.
func TestServedUntilAPersonIsNeeded(t *testing.T) {
	inSSO(t, func(t *testing.T, w *world) {
		w.sso(func(b *awsfake.SSOBehaviour) { b.NoRefresh, b.Token = true, 30*time.Minute })
		w.mustSignIn("dev")
		first := w.must("dev")
		w.aws.Reset()
		time.Sleep(55 * time.Minute)
		if again := w.must("dev"); !same(first, again) {
			t.Errorf("got %v", again)
		}
		w.warned()
		if n, person := w.resolver().Next(w.plan("dev")); n != 1 || person {
			t.Errorf("next is %d, %v", n, person)
		}
		time.Sleep(5 * time.Minute)
		if n, person := w.resolver().Next(w.plan("dev")); n != 0 || !person {
			t.Errorf("next is %d, %v", n, person)
		}
		w.ssoCalls("")
	})
}
