package resolve

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// codes gives these codes one after the other.
func codes(list ...string) func(CodeRequest) (string, error) {
	return func(CodeRequest) (string, error) {
		if len(list) == 0 {
			return "", errors.New("asked once more")
		}
		code := list[0]
		list = list[1:]
		return code, nil
	}
}

// patient waits for a code that AWS has not seen, as a person would.
func (w *world) patient(req CodeRequest) (string, error) {
	for slices.Contains(req.Used, w.now()) {
		time.Sleep(time.Second)
	}
	return w.now(), nil
}

// LINEAGE L19: AWS refuses a code; three tries, and never the same code twice.
func TestCodeRefused(t *testing.T) {
	const wrong, right = "GetSessionToken 8h0m0s code !AccessDenied by AKIA", "GetSessionToken 8h0m0s code by AKIA"
	for _, c := range []struct {
		name    string
		machine bool
		given   []string // "" is the right one
		calls   string
		prompts int
		cause   Cause
	}{
		{"right", false, []string{""}, right, 1, ""},
		{"right at the second try", false, []string{"000000", ""}, wrong + ", " + right, 2, ""},
		{"right at the third try", false, []string{"000000", "000001", ""}, wrong + ", " + wrong + ", " + right, 3, ""},
		{"never right", false, []string{"000000", "000001", "000002", ""}, wrong + ", " + wrong + ", " + wrong, 3, WrongCode},
		{"the same one again", false, []string{"000000", "000000", ""}, wrong + ", " + right, 3, ""},
		{"always the same one", false, []string{"000000", "000000", "000000", ""}, wrong, 3, WrongCode},
		{"a program has one try", true, []string{"000000", ""}, wrong, 1, WrongCode},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				given := slices.Clone(c.given)
				if i := slices.Index(given, ""); i >= 0 {
					given[i] = w.now()
				}
				w.code, w.machine = codes(given...), c.machine
				_, err := w.resolve("ann")
				if causeIn(err) != c.cause {
					t.Errorf("got %v, want %q", err, c.cause)
				}
				for i, req := range w.asked {
					if req.Attempt != i || slices.Contains(req.Used, "") || i > 0 && !slices.Contains(req.Used, c.given[i-1]) {
						t.Errorf("prompt %d: %+v", i, req)
					}
				}
				if n := w.aws.Stats().Reused; n != 0 {
					t.Errorf("%d codes were sent twice", n)
				}
				w.calls(c.calls)
				w.prompts(c.prompts)
			})
		})
	}
}

// GetSessionToken denied: the code that was given goes with AssumeRole.
func TestCodeWhenSessionsAreDenied(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		time.Sleep(25 * time.Second) // so that the next code comes before the cool-down ends
		deny := awsfake.Fault{Kind: awsfake.Denied, Action: "GetSessionToken", Times: -1}
		w.fail(deny)
		first := w.must("ops")
		w.prompts(1)
		w.calls("GetSessionToken 8h0m0s code !denied by AKIA, AssumeRole Ops code by AKIA")
		w.warned("AWS refused an MFA session; the code goes with AssumeRole instead")

		w.fail(deny)
		if got := w.must("ops"); !same(got, first) {
			t.Errorf("got %v, not the role that is kept", got)
		}
		time.Sleep(5 * time.Second)
		w.must("dev")
		w.prompts(1)
		w.calls("AssumeRole Dev code by AKIA") // the refusal is remembered for a while
		w.warned("the code goes with AssumeRole instead")

		w.fail(deny)
		time.Sleep(time.Minute)
		w.must("audit")
		w.prompts(1)
		w.calls("GetSessionToken 8h0m0s code !denied by AKIA, AssumeRole Audit code by AKIA")
		w.warned("the code goes with AssumeRole instead")
	})
}

// The code that was given first is wrong as well: it is asked for again.
func TestCodeWhenSessionsAreDeniedAndWrong(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fail(awsfake.Fault{Kind: awsfake.Denied, Action: "GetSessionToken"})
		w.code = codes("000000", w.now())
		w.must("ops")
		w.prompts(2)
		w.calls("GetSessionToken 8h0m0s code !denied by AKIA, AssumeRole Ops code !AccessDenied by AKIA, AssumeRole Ops code by AKIA")
	})
}

// The role that was assumed that way is renewed that way, and served while AWS
// is down.
func TestCodeWhenSessionsAreDeniedLater(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.machine = true
		w.fail(awsfake.Fault{Kind: awsfake.Denied, Action: "GetSessionToken"})
		first := w.must("ops")
		w.log()
		w.warned("AssumeRole instead")
		time.Sleep(50 * time.Minute)
		w.fail(awsfake.Fault{Kind: awsfake.Unavailable, Times: -1})
		if got := w.must("ops"); !same(got, first) {
			t.Errorf("got %v", got)
		}
		w.warned("cannot renew: AssumeRole")
		w.log()
		time.Sleep(time.Minute)
		if got := w.must("ops"); same(got, first) {
			t.Error("not renewed")
		}
		w.calls("AssumeRole Ops code by AKIA")
		w.warned()
	})
}

// Denied for the profile itself: there is no other way, and no second prompt.
func TestCodeWhenTheSessionIsAllThereIs(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fail(awsfake.Fault{Kind: awsfake.Denied, Times: -1})
		if _, err := w.resolve("ann"); causeIn(err) != Denied {
			t.Errorf("got %v", err)
		}
		w.prompts(1)
		time.Sleep(time.Minute)
		if _, err := w.resolve("ops"); causeIn(err) != Denied {
			t.Errorf("got %v", err)
		}
		w.prompts(1)
	})
}

// A role for longer than an hour gets the code itself, signed by the key.
func TestCodeInAssumeRole(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.addRole(awsfake.Role{ARN: roleARN("Long"), RequireMFA: true, MaxSession: 12 * time.Hour})
		w.config += role("long", "Long", "ann", "duration_seconds = 43200")
		w.must("ann")
		w.log()
		time.Sleep(time.Minute)
		c := w.must("long")
		w.calls("AssumeRole Long 12h0m0s code by AKIA")
		if got := c.Left(time.Now()); got != 12*time.Hour {
			t.Errorf("it lives %s", got)
		}
		time.Sleep(11 * time.Hour)
		w.must("long")
		w.calls("")
		w.prompts(2)
		w.warned()
	})
}

// duration_seconds above what the role allows: for an hour, with a warning, and
// with another code, as the first one is used up.
func TestRoleAllowsLess(t *testing.T) {
	const refused, taken = "AssumeRole Long 12h0m0s code !ValidationError by AKIA", "AssumeRole Long 1h0m0s code by AKIA"
	less := "allows less than duration_seconds = 43200; assumed for 1 h"
	start := func(t *testing.T, w *world) {
		w.addRole(awsfake.Role{ARN: roleARN("Long")})
		w.config += role("long", "Long", "ann", "duration_seconds = 43200")
	}
	t.Run("no MFA", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			start(t, w)
			w.config = strings.Replace(w.config, "mfa_serial = "+w.mfa.Serial, "", 1)
			c := w.must("long")
			w.calls("AssumeRole Long 12h0m0s !ValidationError by AKIA, AssumeRole Long 1h0m0s by AKIA")
			w.warned(less)
			if got := c.Left(time.Now()); got != time.Hour {
				t.Errorf("it lives %s", got)
			}
		})
	})
	t.Run("a person waits for the next code", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			start(t, w)
			w.code = w.patient
			w.must("long")
			if n := w.aws.Stats().Reused; n != 0 {
				t.Errorf("%d codes were sent twice", n)
			}
			w.calls(refused + ", " + taken)
			w.prompts(2)
			w.warned(less)
		})
	})
	t.Run("a person gives the same code first", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			start(t, w)
			code := w.now()
			w.code = func(req CodeRequest) (string, error) {
				if req.Attempt == 0 {
					return code, nil
				}
				return w.patient(req)
			}
			w.must("long")
			w.calls(refused + ", " + taken)
			w.prompts(3)
			w.warned(less)
		})
	})
	t.Run("a program that has only the one", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			start(t, w)
			w.machine = true
			_, err := w.resolve("long")
			if causeIn(err) != Refused || !strings.Contains(err.Error(), "MaxSessionDuration") {
				t.Errorf("got %v", err)
			}
			w.calls(refused)
		})
	})
}

// Two steps that need a code each: a code that is given once is sent once.
func TestCodeForTwoSteps(t *testing.T) {
	config := func(w *world) {
		w.config += role("far", "Dev", "ops", "mfa_serial = "+w.mfa.Serial)
	}
	t.Run("a person", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			config(w)
			w.code = w.patient
			w.must("far")
			w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA, AssumeRole Dev code by ASIA")
			w.prompts(2)
		})
	})
	t.Run("--mfa-code", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			config(w)
			code := w.now()
			w.machine, w.code = true, func(CodeRequest) (string, error) { return code, nil }
			_, err := w.resolve("far")
			if causeIn(err) != WrongCode || !strings.Contains(err.Error(), "wait for the next one") {
				t.Errorf("got %v", err)
			}
			w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA")
		})
	})
}

// A code whose answer was lost may be used up: the call is not repeated with it.
// A refusal before AWS looked at it is.
func TestCodeAndLostAnswers(t *testing.T) {
	for _, c := range []struct {
		fault awsfake.Fault
		tries int
		cause Cause
	}{
		{awsfake.Fault{Kind: awsfake.Internal}, 2, ""},
		{awsfake.Fault{Kind: awsfake.Unavailable, Times: 2}, 3, ""},
		{awsfake.Fault{Kind: awsfake.Throttle}, 2, ""},
		{awsfake.Fault{Kind: awsfake.Reset, Processed: true}, 1, Unreachable},
		{awsfake.Fault{Kind: awsfake.Timeout, Processed: true}, 1, Unreachable},
		{awsfake.Fault{Kind: awsfake.Truncated}, 1, BadAnswer},
		{awsfake.Fault{Kind: awsfake.Garbage}, 1, BadAnswer},
	} {
		t.Run(string(c.fault.Kind), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.fail(c.fault)
				_, err := w.resolve("ann")
				if causeIn(err) != c.cause {
					t.Errorf("got %v, want %q", err, c.cause)
				}
				if n := len(w.aws.Calls()); n != c.tries {
					t.Errorf("%d tries, want %d: %s", n, c.tries, w.log())
				}
				w.prompts(1)
			})
		})
	}
	t.Run("no connection", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			_ = w.pipes.Close()
			start := time.Now()
			if _, err := w.resolve("ann"); causeIn(err) != Unreachable {
				t.Errorf("got %v", err)
			}
			if time.Since(start) == 0 { // the pauses between tries are the only thing that takes time here
				t.Error("only one try")
			}
		})
	})
}
