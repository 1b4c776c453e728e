package keychain

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

func testSessions(t *testing.T) (*Sessions, *[]string) {
	t.Helper()
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	var said []string
	return &Sessions{
		Dir:        dir,
		SealingKey: func(context.Context) ([32]byte, error) { return [32]byte{1, 2, 3}, nil },
		Warn:       func(s string) { said = append(said, s) },
	}, &said
}

var (
	sessionStart = time.Date(2026, 11, 22, 1, 0, 0, 5, time.UTC)
	sessionEnd   = sessionStart.Add(8 * time.Hour)
)

func TestSessionRoundTrip(t *testing.T) {
	s, said := testSessions(t)
	k := sha256.Sum256([]byte("k"))
	plain := bytes.Repeat([]byte("a session token of 16 KiB "), 700)
	if _, _, ok := s.Peek(k); ok {
		t.Fatal("a session before there is one")
	}
	if err := s.Save(t.Context(), k, plain, sessionStart, sessionEnd); err != nil {
		t.Fatal(err)
	}
	got, ok, err := s.Load(t.Context(), k)
	if err != nil || !ok || !bytes.Equal(got, plain) {
		t.Fatalf("load: %v %v", ok, err)
	}
	if issued, expires, ok := s.Peek(k); !ok || !issued.Equal(sessionStart) || !expires.Equal(sessionEnd) {
		t.Fatal("peek:", issued, expires, ok)
	}
	raw, _ := s.Dir.ReadFile(sessionFile(k))
	if bytes.Contains(raw, []byte("token")) {
		t.Fatal("the session lies in clear")
	}
	if len(*said) > 0 {
		t.Fatal("warned:", *said)
	}
}

// A changed, cut, moved or foreign file is a miss that is told, never an answer.
func TestDamagedSessionIsAMiss(t *testing.T) {
	s, said := testSessions(t)
	k := sha256.Sum256([]byte("k"))
	if err := s.Save(t.Context(), k, []byte("secret"), sessionStart, sessionEnd); err != nil {
		t.Fatal(err)
	}
	good, err := s.Dir.ReadFile(sessionFile(k))
	if err != nil {
		t.Fatal(err)
	}
	miss := func(what string, raw []byte) {
		t.Helper()
		*said = nil
		if err := s.Dir.WriteFile(sessionFile(k), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		plain, ok, err := s.Load(t.Context(), k)
		if ok || err != nil || plain != nil {
			t.Fatalf("%s: got %q %v %v", what, plain, ok, err)
		}
		if len(*said) != 1 {
			t.Fatalf("%s: told %d times", what, len(*said))
		}
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x40
		miss("flipped byte", bad)
	}
	for i := range good {
		miss("cut", good[:i])
	}
	other := sha256.Sum256([]byte("other"))
	if err := s.Dir.WriteFile(sessionFile(other), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := s.Load(t.Context(), other); ok {
		t.Fatal("a moved file opened")
	}
}

func TestSessionWithoutSealingKey(t *testing.T) {
	s, _ := testSessions(t)
	k := sha256.Sum256([]byte("k"))
	locked := errors.New("locked")
	open := s.SealingKey
	asked := 0
	s.SealingKey = func(context.Context) ([32]byte, error) { asked++; return [32]byte{}, locked }
	if _, ok, err := s.Load(t.Context(), k); ok || err != nil || asked > 0 {
		t.Fatal("a miss must not unlock anything:", ok, err, asked)
	}
	s.SealingKey = open
	if err := s.Save(t.Context(), k, []byte("x"), sessionStart, sessionEnd); err != nil {
		t.Fatal(err)
	}
	s.SealingKey = func(context.Context) ([32]byte, error) { return [32]byte{}, locked }
	if _, _, err := s.Load(t.Context(), k); !errors.Is(err, locked) {
		t.Fatal("want the store's error, got", err)
	}
	if _, _, ok := s.Peek(k); !ok {
		t.Fatal("peek needs no key")
	}
	s.SealingKey = func(context.Context) ([32]byte, error) { return [32]byte{9}, nil }
	if _, ok, err := s.Load(t.Context(), k); ok || err != nil {
		t.Fatal("opened with another key:", ok, err)
	}
}

func TestSweepAndRemove(t *testing.T) {
	s, _ := testSessions(t)
	for i, end := range []time.Time{sessionStart.Add(time.Minute), sessionEnd, sessionEnd} {
		k := sha256.Sum256([]byte{byte(i)})
		if err := s.Save(t.Context(), k, []byte("x"), sessionStart, end); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Dir.WriteFile("not-a-session", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(sessionStart.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := s.Peek(sha256.Sum256([]byte{0})); ok {
		t.Fatal("an ended session was kept")
	}
	if n, err := s.RemoveAll(); n != 2 || err != nil {
		t.Fatal("removed", n, err)
	}
	if _, err := s.Dir.Stat("not-a-session"); err != nil {
		t.Fatal("a foreign file was taken away")
	}
}

func TestIndex(t *testing.T) {
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }()
	x := &Index{Dir: dir}
	names := []string{"dev", "de", "dev2", `quo"te`, "line\nfeed", "\xff", "\"dev\"\t", "ä<&>", ""}
	for i, n := range names {
		err := x.Put(Entry{Profile: n, AccessKeyID: "AKIA" + strings.Repeat("A", i), Added: sessionStart})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Put(Entry{Profile: "dev", AccessKeyID: "AKIANEW", MFASerial: "s"}); err != nil {
		t.Fatal(err)
	}
	if e, ok, err := x.Lookup("dev"); err != nil || !ok || e.AccessKeyID != "AKIANEW" || e.MFASerial != "s" {
		t.Fatal("lookup:", e, ok, err)
	}
	if e, ok, err := x.Lookup("\"dev\"\t"); err != nil || !ok || e.AccessKeyID != "AKIAAAAAAA" {
		t.Fatal("lookup of a hostile name:", e, ok, err)
	}
	if err := x.Remove("de"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := x.Lookup("de"); ok {
		t.Fatal("removed and still there")
	}
	if _, ok, _ := x.Lookup("nothing"); ok {
		t.Fatal("found what is not there")
	}
	if err := x.Remove(""); err != nil {
		t.Fatal(err)
	}
	all, err := x.All()
	if err != nil || len(all) != len(names)-2 {
		t.Fatal("all:", all, err)
	}
}

func TestEmptyIndex(t *testing.T) {
	if _, ok, err := (&Index{}).Lookup("x"); ok || err != nil {
		t.Fatal(ok, err)
	}
	if all, err := (&Index{}).All(); all != nil || err != nil {
		t.Fatal(all, err)
	}
}

func TestDamagedIndexIsAnError(t *testing.T) {
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }()
	if err := dir.WriteFile(indexFile, []byte("\"x\"\tgarbage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := &Index{Dir: dir}
	if _, _, err := x.Lookup("x"); !errors.Is(err, ErrCorrupt) {
		t.Fatal(err)
	}
	if _, err := x.All(); !errors.Is(err, ErrCorrupt) {
		t.Fatal(err)
	}
}

// FuzzIndexLookup: whatever the names, a lookup finds its own entry and no other.
func FuzzIndexLookup(f *testing.F) {
	f.Add("dev", "prod")
	f.Add(`a"b`, "a\nb")
	f.Fuzz(func(t *testing.T, a, b string) {
		if a == b || a == "" || b == "" {
			return
		}
		dir, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = dir.Close() }()
		x := &Index{Dir: dir}
		if err := errors.Join(x.Put(Entry{Profile: a, AccessKeyID: "A"}), x.Put(Entry{Profile: b, AccessKeyID: "B"})); err != nil {
			t.Fatal(err)
		}
		for name, id := range map[string]string{a: "A", b: "B"} {
			if e, ok, err := x.Lookup(name); err != nil || !ok || e.Profile != name || e.AccessKeyID != id {
				t.Fatalf("%q: %v %v %v", name, e, ok, err)
			}
		}
	})
}
