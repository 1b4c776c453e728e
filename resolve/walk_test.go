package resolve

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfake"
	"fob/internal/secret"
)

// One code makes one session, which serves the profile and all its roles.
func TestWalkSharesOneSession(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.config += "[profile far]\nregion = ap-southeast-2\nrole_arn = " + roleARN("Audit") + "\nsource_profile = ann\n"
		c := w.must("ann")
		w.calls("GetSessionToken 8h0m0s code by AKIA")
		w.prompts(1)
		if c.AccountID != account || !c.Expires.Equal(time.Now().Add(8*time.Hour)) || c.Token.Empty() || c.Source == "" {
			t.Errorf("got %+v", c)
		}
		if got := w.must("ann"); !same(got, c) {
			t.Errorf("the second answer is %v, not %v", got, c)
		}
		w.calls("")
		w.must("ops")
		w.calls("AssumeRole Ops by ASIA")
		w.must("dev")
		w.must("far")
		w.must("ops")
		if got, want := w.log(), "AssumeRole Dev by ASIA, AssumeRole Audit by ASIA"; got != want {
			t.Errorf("calls: got %s, want %s", got, want)
		}
		w.prompts(0)
		w.warned()
		if w.unlocks != 1 {
			t.Errorf("the keychain was opened %d times", w.unlocks)
		}
		who, err := w.resolver().WhoAmI(t.Context(), Service{Region: "eu-central-1"}, w.must("ops"))
		if err != nil || who.ARN != "arn:aws:sts::123456789012:assumed-role/Ops/fob-ann" || who.Account != account {
			t.Errorf("%+v, %v", who, err)
		}
	})
}

// From the role at once: one code, two calls, and the session is kept too.
func TestWalkKeepsEachHop(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.must("ops")
		w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA")
		w.must("ann")
		w.must("dev")
		w.calls("AssumeRole Dev by ASIA")
		w.prompts(1)
	})
}

// DESIGN.md 3, step 4: how much life an answer must have left.
func TestWalkFreshness(t *testing.T) {
	long := role("long", "Long", "ann", "duration_seconds = 43200")
	brief := role("brief", "Ops", "ann", "duration_seconds = 900")
	for _, c := range []struct {
		name, profile string
		machine       bool
		left          time.Duration
		want          string // the calls when it is asked for again
	}{
		{"session, a person, hours left", "ann", false, time.Hour, ""},
		{"session, a person, two minutes", "ann", false, 2 * time.Minute, ""},
		{"session, a person, 61 s", "ann", false, 61 * time.Second, ""},
		{"session, a person, 60 s", "ann", false, 60 * time.Second, "GetSessionToken 8h0m0s code by AKIA"},
		{"session, a program, 16 min", "ann", true, 16 * time.Minute, ""},
		{"session, a program, less", "ann", true, 16*time.Minute - time.Second, "GetSessionToken 8h0m0s code by AKIA"},
		{"role of an hour, a quarter left", "ops", false, 15 * time.Minute, ""},
		{"role of an hour, less", "ops", false, 15*time.Minute - time.Second, "AssumeRole Ops by ASIA"},
		{"role of 15 min, a quarter left", "brief", false, 225 * time.Second, ""},
		{"role of 15 min, less", "brief", false, 224 * time.Second, "AssumeRole Ops 15m0s by ASIA"},
		{"role of 12 h, a person, 61 s", "long", false, 61 * time.Second, ""},
		{"role of 12 h, a person, 60 s", "long", false, 60 * time.Second, "AssumeRole Long 12h0m0s code by AKIA"},
		{"role of 12 h, a program, 16 min", "long", true, 16 * time.Minute, ""},
		{"role of 12 h, a program, less", "long", true, 16*time.Minute - time.Second, "AssumeRole Long 12h0m0s code by AKIA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.addRole(awsfake.Role{ARN: roleARN("Long"), RequireMFA: true, MaxSession: 12 * time.Hour})
				w.config += long + brief
				w.machine = c.machine
				first := w.must(c.profile)
				w.log()
				time.Sleep(first.Left(time.Now()) - c.left)
				again := w.must(c.profile)
				w.calls(c.want)
				if same(again, first) != (c.want == "") {
					t.Errorf("got %v after %v", again, first)
				}
				w.warned()
			})
		})
	}
}

// A session on the way needs only to be alive.
func TestWalkBaseNearItsEnd(t *testing.T) {
	for left, want := range map[time.Duration]string{
		61 * time.Second: "AssumeRole Ops by ASIA",
		60 * time.Second: "GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA",
		0:                "GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA",
	} {
		t.Run(left.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				base := w.must("ann")
				w.log()
				time.Sleep(base.Left(time.Now()) - left)
				w.must("ops")
				w.calls(want)
			})
		})
	}
}

// With the base gone, renewing a role needs a person: it is served to its last
// minute, then asked for.
func TestWalkRoleOutlivesItsBase(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		base := w.must("ann")
		time.Sleep(base.Left(time.Now()) - 30*time.Minute)
		ops := w.must("ops")
		w.log()
		w.prompts(1)
		time.Sleep(58 * time.Minute)
		if got := w.must("ops"); !same(got, ops) {
			t.Error("not the role that is kept")
		}
		w.calls("")
		time.Sleep(90 * time.Second)
		w.must("ops")
		w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA")
		w.prompts(1)
	})
}

// Who is asked in the last minute has the time that a person needs.
func TestWalkLastMinutePrompt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.must("ann")
		time.Sleep(first.Left(time.Now()) - 55*time.Second)
		w.code = func(CodeRequest) (string, error) {
			time.Sleep(40 * time.Second)
			return w.now(), nil
		}
		if again := w.must("ann"); same(again, first) {
			t.Error("the session was not renewed")
		}
		w.warned()
	})
}

// The prompt is told when the session that it replaces ended.
func TestWalkSaysWhatExpired(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.must("ops")
		base := w.must("ann")
		if !w.asked[0].Expired.IsZero() {
			t.Error("an end without a session")
		}
		time.Sleep(9 * time.Hour)
		w.must("ops")
		if got := w.asked[1]; !got.Expired.Equal(base.Expires) || got.Profile != "ann" && got.Profile != "ops" {
			t.Errorf("asked %+v; the session ended %v, the role %v", got, base.Expires, first.Expires)
		}
	})
}

// While a session lives, failing to renew it is a warning.
func TestWalkServesStale(t *testing.T) {
	for _, kind := range []awsfake.FaultKind{awsfake.Unavailable, awsfake.Timeout, awsfake.Garbage, awsfake.Denied} {
		t.Run(string(kind), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				first := w.must("ops")
				time.Sleep(50 * time.Minute)
				w.fail(awsfake.Fault{Kind: kind, Times: -1})
				start := time.Now()
				if got := w.must("ops"); !same(got, first) {
					t.Errorf("got %v, not %v", got, first)
				}
				if took := time.Since(start); took > 10*time.Second {
					t.Errorf("it took %s", took)
				}
				w.warned("cannot renew: AssumeRole")
				if got := w.must("ops"); !same(got, first) { // within the cool-down
					t.Errorf("got %v, not %v", got, first)
				}
				w.warned("in another call)")
				time.Sleep(time.Hour)
				w.warnings = nil
				if c, err := w.resolve("ops"); causeIn(err) == "" {
					t.Errorf("got %v, %v after the end of the session", c, err)
				}
			})
		})
	}
}

// No person in the last minute: the session is served to its end.
func TestWalkServesStaleWithoutPerson(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.must("ann")
		time.Sleep(first.Left(time.Now()) - 30*time.Second)
		nobody := errors.New("nobody there")
		w.code = func(CodeRequest) (string, error) { return "", nobody }
		if got := w.must("ann"); !same(got, first) {
			t.Errorf("got %v", got)
		}
		w.warned("cannot renew: nobody there")
		time.Sleep(30 * time.Second)
		if _, err := w.resolve("ann"); !errors.Is(err, nobody) {
			t.Errorf("got %v at the end of the session", err)
		}
	})
}

// No code to be had: no request, no call.
func TestWalkWithoutCode(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		r := w.resolver()
		r.Code = nil
		_, err := r.Resolve(t.Context(), w.plan("ops"))
		var person *PersonError
		if !errors.As(err, &person) || !strings.Contains(person.Need, w.mfa.Serial) {
			t.Errorf("got %v", err)
		}
		w.calls("")
	})
}

// login --force: what was kept from before counts as absent.
func TestWalkNotBefore(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		old := w.must("ops")
		time.Sleep(time.Minute)
		r := w.resolver()
		r.NotBefore = time.Now()
		w.log()
		fresh, err := r.Resolve(t.Context(), w.plan("ops"))
		if err != nil || same(fresh, old) {
			t.Errorf("got %v, %v", fresh, err)
		}
		w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA")
		again, err := r.Resolve(t.Context(), w.plan("ops"))
		if err != nil || !same(again, fresh) {
			t.Errorf("got %v, %v, not what was just made", again, err)
		}
		w.calls("")
	})
}

func TestWalkCacheTrouble(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		plan := w.plan("ann")
		w.cache.broken = errors.New("locked")
		if _, err := w.resolve("ann"); !errors.Is(err, w.cache.broken) {
			t.Errorf("got %v", err)
		}
		w.prompts(0)
		w.calls("")

		r := w.resolver()
		r.Cache = saveFails{w.cache}
		w.cache.broken = nil
		if _, err := r.Resolve(t.Context(), plan); err != nil {
			t.Error(err)
		}
		w.warned("the session could not be kept: full")
		w.prompts(1)

		time.Sleep(time.Minute)
		w.must("ann")
		k := plan.Key(2)
		e := w.cache.entries[k]
		w.cache.entries[k] = memEntry{[]byte("{}"), e.issued, e.expires}
		time.Sleep(time.Minute)
		w.must("ann")
		w.warned("a kept session is damaged", "a kept session is damaged")
		w.prompts(2)
	})
}

type saveFails struct{ *memCache }

func (c saveFails) Save(_ context.Context, _ Key, _ []byte, _, _ time.Time) error {
	return errors.New("full")
}

// Without a cache nothing is kept and nothing is locked.
func TestWalkWithoutCache(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		r := w.resolver()
		r.Cache = nil
		r.Flight = func() *os.Root { t.Error("the folder of the locks was opened"); return nil }
		for range 2 {
			if _, err := r.Resolve(t.Context(), w.plan("ops")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		w.prompts(2)
		w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA, GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA")
	})
}

// Without a lock to be had the call goes on, and keeps nothing.
func TestWalkWithoutLock(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_ = w.dir.Close()
		w.must("ops")
		w.warned("going on without a lock, and keeping nothing", "outcome of the last attempt", "outcome of the last attempt")
		if n := len(w.cache.entries); n != 0 {
			t.Errorf("%d results kept", n)
		}
	})
}

// A plan without steps that call anybody needs nothing but the key.
func TestWalkPlainKeys(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.config = ""
		c, err := (&Resolver{StoredKey: w.storedKey}).Resolve(t.Context(), w.plan("ann"))
		if err != nil || c.AccessKeyID != w.ann.Key.ID || !c.Token.Empty() || !c.Expires.IsZero() || c.AccountID != account {
			t.Errorf("got %+v, %v", c, err)
		}
		w.kept["ann"] = StoredKey{AccessKeyID: "AKIAOLD"}
		var changed *ChangedKeyError
		if _, err := w.resolve("ann"); !errors.As(err, &changed) || changed.Was != "AKIAOLD" || changed.Is != w.ann.Key.ID {
			t.Errorf("got %v", err)
		}
	})
}

// A session that lies in a file is handed out as it is, with its end.
func TestWalkSessionOfAFile(t *testing.T) {
	c := planCase{credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\naws_session_token = t\nexpiration = 2030-01-01 00:00:00+00:00\n"}
	plan, err := c.planner(t).Plan(Request{Profile: "p"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := (&Resolver{}).Resolve(t.Context(), plan)
	want := Credentials{AccessKeyID: "ASIAP", Secret: secret.New("s"), Token: secret.New("t"), Expires: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Source: `session ASIAP from profile "p"`}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Kept is what Resolve would hand out without doing anything.
func TestWalkKept(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.machine = true
		kept := func() bool {
			t.Helper()
			_, ok, err := w.resolver().Kept(t.Context(), w.plan("ops"))
			if err != nil {
				t.Error(err)
			}
			return ok
		}
		if kept() {
			t.Error("kept before it was made")
		}
		w.must("ops")
		if !kept() {
			t.Error("not kept")
		}
		time.Sleep(46 * time.Minute)
		if kept() {
			t.Error("kept, and not fresh")
		}
		w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA")
	})
}

// A kept session that AWS ended before its time is replaced once, not until it
// would have expired by itself.
func TestWalkReplacesADeadSession(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.must("ann")
		w.log()
		w.aws.ExpireAll()
		time.Sleep(time.Minute) // the next code
		w.must("ops")
		w.calls("AssumeRole Ops !ExpiredToken by ASIA, GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA")
		w.warned("no longer takes the kept session")
		w.must("dev")
		w.calls("AssumeRole Dev by ASIA")
	})
}
