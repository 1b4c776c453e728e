package resolve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fob/internal/awsfake"
	"fob/internal/lock"
)

type cooldownCase struct {
	name  string
	fault awsfake.Fault
	code  func(CodeRequest) (string, error)
	age   time.Duration // of the 30 s step when it fails
	lasts time.Duration
	is    error
	cause Cause
}

func (c cooldownCase) check(t *testing.T, err error) {
	t.Helper()
	if c.is != nil && !errors.Is(err, c.is) || causeIn(err) != c.cause {
		t.Errorf("got %v, want %v %s", err, c.is, c.cause)
	}
}

// SECURITY.md 7, point 6: how long a failure is adopted by those who come next.
func TestCooldown(t *testing.T) {
	for _, c := range []cooldownCase{
		{name: "cancelled", code: func(CodeRequest) (string, error) { return "", ErrCancelled }, lasts: 10 * time.Second, is: ErrCancelled},
		{name: "interrupted", code: func(CodeRequest) (string, error) { return "", context.Canceled }, lasts: 10 * time.Second, is: ErrCancelled},
		{name: "denied", fault: awsfake.Fault{Kind: awsfake.Denied}, lasts: 10 * time.Second, cause: Denied},
		{name: "wrong code", code: codes("000000", "000001", "000002"), lasts: 30 * time.Second, cause: WrongCode},
		{name: "wrong code at the end of a step", code: codes("000000", "000001", "000002"), age: 28 * time.Second, lasts: 2 * time.Second, cause: WrongCode},
		{name: "unreachable", fault: awsfake.Fault{Kind: awsfake.Reset}, lasts: 2 * time.Second, cause: Unreachable},
		{name: "captive portal", fault: awsfake.Fault{Kind: awsfake.Garbage}, lasts: 2 * time.Second, cause: BadAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				time.Sleep(c.age)
				if c.fault.Kind != "" {
					w.fail(c.fault)
				}
				w.code = c.code
				_, err := w.resolve("ann")
				c.check(t, err)
				var cool *CooldownError
				if errors.As(err, &cool) {
					t.Fatalf("the first one: %v", err)
				}
				first := err
				w.code = nil
				w.log()
				w.asked = nil

				time.Sleep(c.lasts - time.Second)
				for _, profile := range []string{"ann", "ops"} { // one base, one outcome
					if profile == "ops" && c.cause == Denied {
						continue // a role has another way
					}
					_, err = w.resolve(profile)
					c.check(t, err)
					if err == nil {
						t.Fatalf("%s: no error", profile)
					}
					if cool = nil; !errors.As(err, &cool) || cool.Ago != c.lasts-time.Second {
						t.Errorf("%s: got %#v", profile, err)
					}
					if c.cause != "" && (!strings.HasPrefix(err.Error(), first.Error()) || !strings.HasSuffix(err.Error(), "ago, in another call)")) {
						t.Errorf("got %q after %q", err, first)
					}
				}
				w.prompts(0)
				w.calls("")

				time.Sleep(time.Second)
				w.must("ann")
				w.prompts(1)
				w.must("ann")
				if _, err := w.dir.Stat(w.plan("ann").Key(2).String() + ".outcome"); err == nil {
					t.Error("the outcome outlives a success")
				}
			})
		})
	}
}

// Some failures are nobody else's business.
func TestNoCooldown(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.code = func(CodeRequest) (string, error) { return "", &PersonError{Need: "a code"} }
		for range 2 {
			if _, err := w.resolve("ann"); !errors.As(err, new(*PersonError)) || errors.As(err, new(*CooldownError)) {
				t.Errorf("got %v", err)
			}
		}
		w.prompts(2)
	})
}

// fob login on a terminal tries again at once.
func TestIgnoreCooldown(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.code = func(CodeRequest) (string, error) { return "", ErrCancelled }
		_, _ = w.resolve("ann")
		w.code = nil
		r := w.resolver()
		r.IgnoreCooldown = true
		if _, err := r.Resolve(t.Context(), w.plan("ann")); err != nil {
			t.Error(err)
		}
		w.prompts(2)
	})
}

// An outcome that cannot be right is none.
func TestOddOutcomes(t *testing.T) {
	for name, c := range map[string]struct{ text, warning string }{
		"from the future": {text: `{"ended":"2000-01-01T01:00:00Z","until":"2000-01-01T02:00:00Z","kind":"cancelled"}`},
		"over":            {text: `{"ended":"1999-01-01T01:00:00Z","until":"1999-01-01T02:00:00Z","kind":"cancelled"}`},
		"cut off":         {text: `{"ended":"1999-12-31T23:59:59Z","until":"2001-01-01T0`},
		"empty":           {},
		"huge":            {strings.Repeat(" ", maxOutcome+1), "the outcome of the last attempt is unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				if err := w.dir.WriteFile(w.plan("ann").Key(2).String()+".outcome", []byte(c.text), 0o600); err != nil {
					t.Fatal(err)
				}
				w.must("ann")
				if c.warning != "" {
					w.warned(c.warning)
				} else {
					w.warned()
				}
			})
		})
	}
}

// hold takes the lock of a profile's n-th step as another process would.
func (w *world) hold(profile string, n int, message string) *lock.Lock {
	w.t.Helper()
	l, err := lock.Acquire(w.t.Context(), w.dir, w.plan(profile).Key(n).String(), lock.Options{Message: message})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// Another process has the lock until this one's time is over.
func TestWaitEnds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		l := w.hold("ann", 2, "MFA code")
		defer l.Release()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		r := w.resolver()
		var waiting []string
		r.Waiting = func(_ int, doing string) { waiting = append(waiting, doing) }
		_, err := r.Resolve(ctx, w.plan("ops"))
		var held *WaitError
		if !errors.As(err, &held) || held.Doing != "MFA code" || held.PID == 0 || held.Waited.Round(time.Second) != 50*time.Second {
			t.Errorf("got %#v", err)
		}
		if len(waiting) != 1 || waiting[0] != "MFA code" {
			t.Errorf("said %q", waiting)
		}
		w.prompts(0)
	})
}

// Ctrl-C while waiting.
func TestWaitCancelled(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		l := w.hold("ann", 2, "MFA code")
		defer l.Release()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := w.resolver().Resolve(ctx, w.plan("ann")); !errors.Is(err, ErrCancelled) {
			t.Errorf("got %v", err)
		}
		w.prompts(0)
	})
}

// Ctrl-C while AWS is asked.
func TestCallCancelled(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fail(awsfake.Fault{Kind: awsfake.Timeout, Times: -1})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := w.resolver().Resolve(ctx, w.plan("ann")); !errors.Is(err, ErrCancelled) {
			t.Errorf("got %v", err)
		}
	})
}

// What the holder has made ends the wait, lock or no lock.
func TestWaitFilled(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.must("ann")
		k := w.plan("ann").Key(2)
		entry := w.cache.entries[k]
		delete(w.cache.entries, k)
		l := w.hold("ann", 2, "")
		defer l.Release()
		time.AfterFunc(3*time.Second, func() {
			w.cache.mu.Lock()
			defer w.cache.mu.Unlock()
			w.cache.entries[k] = entry
		})
		if got := w.must("ann"); !same(got, first) {
			t.Errorf("got %v", got)
		}
		w.prompts(1)
	})
}

// While one process renews an answer that is still good, the others have it.
func TestRenewalDoesNotWait(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.must("ops")
		time.Sleep(50 * time.Minute)
		w.aws.Behave(func(b *awsfake.Behaviour) { b.Latency = 4 * time.Second })
		renewed := make(chan Credentials)
		go func() {
			c, _ := w.resolver().Resolve(t.Context(), w.plan("ops"))
			renewed <- c
		}()
		time.Sleep(time.Second)
		start := time.Now()
		if got := w.must("ops"); !same(got, first) || time.Since(start) > 100*time.Millisecond {
			t.Errorf("got %v after %s", got, time.Since(start))
		}
		if got := <-renewed; same(got, first) {
			t.Error("not renewed")
		}
		w.warned()
		synctest.Wait()
		if got := w.aws.Stats().Calls["AssumeRole"]; got != 2 {
			t.Errorf("%d calls", got)
		}
	})
}

// Only who waits for a person says so.
func TestLockSaysWhatFor(t *testing.T) {
	for _, machine := range []bool{false, true} {
		t.Run(fmt.Sprint("machine ", machine), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.machine = machine
				w.code = func(CodeRequest) (string, error) {
					r := w.resolver()
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					defer cancel()
					_, err := r.Resolve(ctx, w.plan("ann"))
					var held *WaitError
					if !errors.As(err, &held) || (held.Doing == "MFA code") == machine {
						t.Errorf("machine %v: %v", machine, err)
					}
					return w.now(), nil
				}
				w.must("ann")
			})
		})
	}
}
