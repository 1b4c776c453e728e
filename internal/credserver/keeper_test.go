package credserver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fob/internal/secret"
)

// source makes sessions that live for an hour and are to be renewed after 44
// minutes, as fob's rules have it.
type source struct {
	takes time.Duration // each fetch
	fail  atomic.Bool
	count atomic.Int64
}

var errNetwork = errors.New("no network")

// calls is how often it was fetched from.
func (s *source) calls() int { return int(s.count.Load()) }

func (s *source) session() Credentials {
	now := time.Now()
	return Credentials{
		AccessKeyID: fmt.Sprintf("ASIA%d", s.calls()), Secret: secret.New("s"), Token: secret.New("t"),
		Expires: now.Add(time.Hour), RenewAt: now.Add(44 * time.Minute),
	}
}

func (s *source) fetch(ctx context.Context) (Credentials, error) {
	s.count.Add(1)
	select {
	case <-ctx.Done():
		return Credentials{}, ctx.Err()
	case <-time.After(s.takes):
	}
	if s.fail.Load() {
		return Credentials{}, errNetwork
	}
	return s.session(), nil
}

// keep runs a test on a clock of its own.
func keep(t *testing.T, s *source, test func(t *testing.T, get func() string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		k := NewKeeper(s.session(), s.fetch, nil)
		defer k.Close()
		test(t, func() string {
			ctx, cancel := context.WithTimeout(t.Context(), answerLimit)
			defer cancel()
			c, err := k.Get(ctx)
			if err != nil {
				return err.Error()
			}
			return c.AccessKeyID
		})
	})
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestRenewedAhead(t *testing.T) {
	s := &source{takes: 3 * time.Second}
	keep(t, s, func(t *testing.T, get func() string) {
		want(t, "at first", get(), "ASIA0")
		time.Sleep(44*time.Minute - time.Second)
		want(t, "before it is due", get(), "ASIA0")
		if s.calls() != 0 {
			t.Errorf("%d renewals before it was due", s.calls())
		}
		time.Sleep(2 * time.Second)
		before := time.Now()
		want(t, "while it is renewed", get(), "ASIA0")
		if waited := time.Since(before); waited > 0 {
			t.Errorf("a request waited %v although there were credentials", waited)
		}
		time.Sleep(3 * time.Second)
		want(t, "afterwards", get(), "ASIA1")
		for range 5 {
			time.Sleep(45 * time.Minute)
			get()
		}
		if s.calls() != 6 {
			t.Errorf("%d renewals, want 6", s.calls())
		}
	})
}

// Nobody asks between the session's first minute and its end, and the next one is
// there all the same.
func TestRenewedForASleeper(t *testing.T) {
	s := &source{takes: 10 * time.Second}
	keep(t, s, func(t *testing.T, get func() string) {
		get()
		time.Sleep(61 * time.Minute)
		want(t, "after an hour", get(), "ASIA1")
	})
}

func TestNotRenewedForNobody(t *testing.T) {
	s := &source{}
	keep(t, s, func(t *testing.T, get func() string) {
		time.Sleep(24 * time.Hour)
		if s.calls() != 0 {
			t.Errorf("%d renewals, and nobody had asked", s.calls())
		}
		want(t, "the first request", get(), "ASIA1") // waits for it
		get()
		time.Sleep(24 * time.Hour)
		if s.calls() != 2 {
			t.Errorf("%d renewals, want one more for the last request", s.calls())
		}
	})
}

func TestManyWaitForOneRenewal(t *testing.T) {
	s := &source{takes: time.Second}
	keep(t, s, func(t *testing.T, get func() string) {
		time.Sleep(2 * time.Hour)
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { want(t, "one of many", get(), "ASIA1") })
		}
		all.Wait()
		if s.calls() != 1 {
			t.Errorf("%d renewals, want 1", s.calls())
		}
	})
}

// A slow renewal with nothing to serve: the SDK is told to come back, and finds it.
func TestSlowRenewal(t *testing.T) {
	s := &source{takes: 4 * time.Second}
	keep(t, s, func(t *testing.T, get func() string) {
		time.Sleep(2 * time.Hour)
		want(t, "first try", get(), context.DeadlineExceeded.Error())
		time.Sleep(time.Second)
		want(t, "second try", get(), "ASIA1")
	})
}

// While renewing fails, what lives is served; then the failure, at once; then what
// comes after it.
func TestFailingRenewal(t *testing.T) {
	s := &source{}
	s.fail.Store(true)
	keep(t, s, func(t *testing.T, get func() string) {
		get()
		time.Sleep(59 * time.Minute)
		want(t, "a minute before the end", get(), "ASIA0")
		if s.calls() < 10 || s.calls() > 30 {
			t.Errorf("%d attempts in 15 minutes", s.calls())
		}
		time.Sleep(time.Minute)
		want(t, "after the end", get(), "no network")
		calls := s.calls()
		want(t, "at once again", get(), "no network")
		if s.calls() > calls+1 {
			t.Errorf("%d attempts at once", s.calls()-calls)
		}
		calls = s.calls()
		time.Sleep(time.Hour)
		if s.calls() > calls+1 {
			t.Errorf("%d attempts for nobody", s.calls()-calls)
		}
		s.fail.Store(false)
		want(t, "afterwards", get()[:4], "ASIA")
	})
}

// fetch gives what there was, as fob does while only a person could renew it.
func TestUnchanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		first := (&source{}).session()
		k := NewKeeper(first, func(context.Context) (Credentials, error) { calls.Add(1); return first, nil }, nil)
		defer k.Close()
		for range 59 {
			if c, err := k.Get(t.Context()); err != nil || c != first {
				t.Fatalf("got %v, %v", c.AccessKeyID, err)
			}
			time.Sleep(time.Minute)
		}
		if n := calls.Load(); n < 10 || n > 20 {
			t.Errorf("asked %d times in the last quarter", n)
		}
		time.Sleep(time.Minute)
		if _, err := k.Get(t.Context()); !errors.Is(err, ErrExpired) {
			t.Errorf("error %v", err)
		}
	})
}

// A renewal that fails while the credentials live may bring those back, as fob does:
// it fails when they have ended. That is tried at once then, so that nobody is told of
// an end without its reason, wherever in the last seconds an attempt falls.
func TestReasonForTheEnd(t *testing.T) {
	for takes := time.Duration(0); takes < 2*time.Second; takes += 50 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			first := Credentials{AccessKeyID: "ASIA0", Expires: begin.Add(4 * time.Second), RenewAt: begin.Add(3 * time.Second)}
			kept := func(context.Context) (Credentials, error) {
				lives := first.left(time.Now()) > 0
				if time.Sleep(takes); lives {
					return first, nil
				}
				return Credentials{}, errNetwork
			}
			k := NewKeeper(first, kept, nil)
			defer k.Close()
			for time.Since(begin) < 8*time.Second {
				_, err := k.Get(t.Context())
				if lives := first.left(time.Now()) > 0; lives && err != nil || !lives && !errors.Is(err, errNetwork) {
					t.Fatalf("attempts take %v, after %v: error %v", takes, time.Since(begin), err)
				}
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
}

func TestKeyWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		key := func() Credentials {
			return Credentials{AccessKeyID: fmt.Sprintf("AKIA%d", calls.Load()), RenewAt: time.Now().Add(time.Hour)}
		}
		k := NewKeeper(key(), func(context.Context) (Credentials, error) { calls.Add(1); return key(), nil }, nil)
		defer k.Close()
		for range 10 {
			if _, err := k.Get(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30 * time.Minute)
		}
		if c, err := k.Get(t.Context()); err != nil || calls.Load() < 4 || calls.Load() > 5 || c.AccessKeyID == "AKIA0" {
			t.Errorf("after 5 hours: %v, %v, %d fetches", c.AccessKeyID, err, calls.Load())
		}
	})
}

func TestCloseEndsARenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Hour}
		k := NewKeeper(Credentials{Expires: time.Now()}, s.fetch, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := k.Get(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		before := time.Now()
		k.Close()
		if took := time.Since(before); took > 0 {
			t.Errorf("closing took %v", took)
		}
		if _, err := k.Get(t.Context()); err == nil || s.calls() != 1 {
			t.Errorf("after closing: %v, %d fetches", err, s.calls())
		}
	})
}
