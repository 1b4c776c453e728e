package lock

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if mode := os.Getenv("FOB_LOCK_TEST"); mode != "" {
		helper(mode, os.Args[1])
		return
	}
	goleak.VerifyTestMain(m)
}

func folder(t *testing.T) *os.Root {
	t.Helper()
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return dir
}

func acquire(t *testing.T, dir *os.Root, opts Options) *Lock {
	t.Helper()
	l, err := Acquire(t.Context(), dir, "a", opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Release)
	return l
}

func TestFileStaysAndIsPrivate(t *testing.T) {
	dir := folder(t)
	l := acquire(t, dir, Options{Message: "MFA code"})
	if got := read(t, dir, "a.lock"); !strings.HasSuffix(got, " MFA code\n") {
		t.Fatalf("lock file says %q", got)
	}
	l.Say("x")
	if got := read(t, dir, "a.lock"); !strings.HasSuffix(got, " x\n") || strings.Count(got, "\n") != 1 {
		t.Fatalf("after a shorter message the lock file says %q", got)
	}
	l.Release()
	l.Release()
	l.Say("too late")
	if got := read(t, dir, "a.lock"); got != "" {
		t.Fatalf("after the release the lock file says %q", got)
	}
	info, err := dir.Lstat("a.lock")
	if err != nil || filepath.Separator == '/' && info.Mode().Perm() != 0o600 {
		t.Fatalf("lock file: %v, %v", info, err)
	}
	acquire(t, dir, Options{})
}

func TestNilLock(t *testing.T) {
	var l *Lock
	l.Say("nothing")
	l.Release()
}

func TestExclusion(t *testing.T) {
	dir := folder(t)
	var inside, most, done atomic.Int32
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			l, err := Acquire(t.Context(), dir, "a", Options{})
			if err != nil {
				t.Error(err)
				return
			}
			most.Store(max(most.Load(), inside.Add(1)))
			done.Add(1)
			inside.Add(-1)
			l.Release()
		})
	}
	group.Wait()
	if most.Load() != 1 || done.Load() != 50 {
		t.Fatalf("%d of 50 got the lock, at most %d at once", done.Load(), most.Load())
	}
}

func TestEndOfContext(t *testing.T) {
	dir := folder(t)
	acquire(t, dir, Options{Message: "MFA code"})

	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	l, err := Acquire(ctx, dir, "a", Options{})
	var held *HeldError
	if l != nil || !errors.As(err, &held) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, %v", l, err)
	}
	if want := (Holder{PID: os.Getpid(), Message: "MFA code"}); held.Holder != want {
		t.Fatalf("holder %v, want %v", held.Holder, want)
	}

	cancel()
	if _, err := Acquire(ctx, dir, "free", Options{}); !errors.As(err, &held) {
		t.Fatalf("with an ended context: %v", err)
	}
	if _, err := dir.Lstat("free.lock"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("an ended context still touched the folder")
	}
}

func TestWaitingIsToldOnce(t *testing.T) {
	dir := folder(t)
	first := acquire(t, dir, Options{Message: "MFA code"})
	told := 0
	var pauses []time.Duration
	opts := Options{
		Waiting: func(h Holder) {
			told++
			if h.Message != "MFA code" || h.PID != os.Getpid() {
				t.Errorf("waiting for %v", h)
			}
		},
		After: func(d time.Duration) <-chan time.Time { // a clock without waits
			pauses = append(pauses, d)
			if len(pauses) == 20 {
				first.Release()
			}
			now := make(chan time.Time, 1)
			now <- time.Time{}
			return now
		},
		Random: func() float64 { return 0.999 },
	}
	l, err := Acquire(t.Context(), dir, "a", opts)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Release()
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if pauses[0] != 200*time.Millisecond { // the patience, then the pauses
		t.Errorf("patience %v", pauses[0])
	}
	if pauses[1] > time.Millisecond || pauses[19] > lastPause || pauses[19] < lastPause*9/10 {
		t.Errorf("pauses %v", pauses)
	}
}

func TestNotNeeded(t *testing.T) {
	dir := folder(t)
	acquire(t, dir, Options{})
	polls := 0
	l, err := Acquire(t.Context(), dir, "a", Options{Poll: func() bool { polls++; return polls == 3 }})
	if l != nil || !errors.Is(err, ErrNotNeeded) || polls != 3 {
		t.Fatalf("got %v, %v after %d polls", l, err, polls)
	}
}

func TestNames(t *testing.T) {
	dir := folder(t)
	for _, name := range []string{"", "../x", "a/b", `a\b`, "c:x", "/etc/x"} {
		if l, err := Acquire(t.Context(), dir, name, Options{}); err == nil || l != nil {
			t.Errorf("name %q was taken", name)
		}
	}
}

func TestNoLock(t *testing.T) {
	dir := folder(t)
	if err := os.Remove(dir.Name()); err != nil {
		t.Skip("an open folder cannot be removed here")
	}
	if _, err := Acquire(t.Context(), dir, "a", Options{}); !errors.Is(err, ErrNoLock) {
		t.Fatalf("in a removed folder: %v", err)
	}
}

func TestDeletedFileIsNoLock(t *testing.T) {
	dir := folder(t)
	f, err := open(dir, "a.lock")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !inPlace(dir, "a.lock", f) {
		t.Fatal("a fresh file is not in place")
	}
	if err := dir.Remove("a.lock"); err != nil {
		t.Skip("an open file cannot be removed here")
	}
	if inPlace(dir, "a.lock", f) {
		t.Fatal("a deleted file passes for the lock")
	}
	if l, _, err := take(dir, "a.lock", f); l != nil || err != nil {
		t.Fatalf("took a deleted file: %v, %v", l, err)
	}
	acquire(t, dir, Options{}) // and the deleted file was not kept locked either
	if inPlace(dir, "a.lock", f) {
		t.Fatal("a replaced file passes for the lock")
	}
}

func TestFailureToLock(t *testing.T) {
	dir := folder(t)
	f, err := open(dir, "a.lock")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if l, _, err := take(dir, "a.lock", f); l != nil || !errors.Is(err, ErrNoLock) {
		t.Fatalf("took a closed file: %v, %v", l, err)
	}
	if inPlace(dir, "a.lock", f) {
		t.Fatal("a closed file passes for the lock")
	}
}

func TestHolderString(t *testing.T) {
	for want, h := range map[string]Holder{
		"another process":   {},
		"pid 12":            {PID: 12},
		"pid 12 (MFA code)": {PID: 12, Message: "MFA code"},
	} {
		if got := h.String(); got != want {
			t.Errorf("%#v: %q, want %q", h, got, want)
		}
	}
	if got := (&HeldError{Err: context.Canceled}).Error(); got != "wait for another process: context canceled" {
		t.Errorf("error %q", got)
	}
}

func FuzzParseHolder(f *testing.F) {
	for _, s := range []string{"", "1 MFA code\n", "12\n", "-1 x\n", "1 no end", "1 \x1b]52;c;x\a\n", "x y\n", "1 a\n2 b\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h := parseHolder(text)
		if strings.ContainsAny(h.Message, "\x00\x07\n\r\x1b\x7f\u202e") {
			t.Fatalf("message %q", h.Message)
		}
		if h.PID < 0 || h.PID == 0 && h.Message != "" {
			t.Fatalf("holder %+v", h)
		}
	})
}

func read(t *testing.T, dir *os.Root, name string) string {
	t.Helper()
	f, err := dir.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNoWaitTriesOnce(t *testing.T) {
	dir := folder(t)
	first, err := Acquire(t.Context(), dir, "x", Options{NoWait: true})
	if err != nil {
		t.Fatal("a free lock was not taken:", err)
	}
	var held *HeldError
	if _, err := Acquire(t.Context(), dir, "x", Options{NoWait: true}); !errors.As(err, &held) {
		t.Fatal("a held lock gave", err)
	}
	first.Release()
}
