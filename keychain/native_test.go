package keychain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// memoryProvider is a keychain in a map; fail, if set, is what every call answers.
type memoryProvider struct {
	items map[string][]byte
	fail  error
}

func (m *memoryProvider) get(account string) ([]byte, error) {
	v, there := m.items[account]
	if m.fail == nil && !there {
		return nil, ErrNotFound
	}
	return v, m.fail
}

func (m *memoryProvider) set(account string, value []byte) error {
	if m.fail == nil {
		m.items[account] = value
	}
	return m.fail
}

func (m *memoryProvider) delete(account string) error {
	if _, there := m.items[account]; m.fail == nil && !there {
		return ErrNotFound
	}
	delete(m.items, account)
	return m.fail
}

func (m *memoryProvider) list() (ids []string, err error) {
	for id := range m.items {
		ids = append(ids, id)
	}
	return append(ids, "not of fob's form"), m.fail
}

// native is a store whose child is a call in this process. It fails the test if
// a value shows in the arguments.
func (m *memoryProvider) native(t *testing.T) *Native {
	if m.items == nil {
		m.items = map[string][]byte{}
	}
	return &Native{Self: func(ctx context.Context, args []string, stdin []byte) ([]byte, error) {
		if args[0] != NativeCommand || len(args) > 3 || len(args) == 3 && !isID(args[2]) {
			t.Errorf("arguments %q", args)
		}
		var out bytes.Buffer
		err := serveNative(ctx, m, args[1:], bytes.NewReader(stdin), &out)
		return out.Bytes(), err
	}}
}

func TestNative(t *testing.T) {
	m := &memoryProvider{}
	s := m.native(t)
	if err := s.Probe(context.Background()); err != nil {
		t.Fatal(err)
	}
	accounts := []Account{{KindKey, "dev"}, {KindKey, "x\ny'\":" + strings.Repeat("k", 4096)}, {KindSeal, ""}}
	for _, a := range accounts {
		if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrNotFound) {
			t.Fatalf("Get of an item that is not there: %v", err)
		}
		for _, value := range [][]byte{{}, []byte("first"), bytes.Repeat([]byte{0, 0xff}, MaxItem/2)} {
			if err := s.Set(context.Background(), a, value); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Get(context.Background(), a); err != nil || !bytes.Equal(got, value) {
				t.Fatalf("Get = %q, %v; want %q", got, err, value)
			}
		}
	}
	ids, err := s.List(context.Background())
	if err != nil || len(ids) != len(accounts) || !slices.IsSorted(ids) {
		t.Errorf("List = %q, %v", ids, err)
	}
	for _, a := range accounts {
		if err := s.Delete(context.Background(), a); err != nil {
			t.Error(err)
		}
		if err := s.Delete(context.Background(), a); !errors.Is(err, ErrNotFound) {
			t.Errorf("second Delete: %v", err)
		}
	}
	if err := s.Set(context.Background(), accounts[0], make([]byte, MaxItem+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Set of too much: %v", err)
	}
}

func TestNativeForeignValue(t *testing.T) {
	a := Account{KindKey, "dev"}
	for _, text := range []string{"", "hunter2", "a warning\n" + string(mustFrame(t, a.ID(), "value")), string(mustFrame(t, a.ID(), "value")) + "\n"} {
		m := &memoryProvider{items: map[string][]byte{a.ID(): []byte(text)}}
		got, err := m.native(t).Get(context.Background(), a)
		if !errors.Is(err, ErrCorrupt) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Get of %q = %q, %v", text, got, err)
		}
	}
}

// Every kind of failure arrives at the parent, and what is known about it.
func TestNativeErrors(t *testing.T) {
	for _, known := range nativeErrors {
		for _, fail := range []error{known.err, fmt.Errorf("%w: status 36", known.err)} {
			s := (&memoryProvider{fail: fail}).native(t)
			_, err := s.Get(context.Background(), Account{})
			want := &Error{"read", s.Name(), fail}
			if !errors.Is(err, known.err) || err.Error() != want.Error() {
				t.Errorf("Get: %v, want %v", err, want)
			}
			var e *Error
			if err := s.Delete(context.Background(), Account{}); !errors.As(err, &e) || e.Op != "delete" {
				t.Errorf("Delete: %v", err)
			}
		}
	}
	s := (&memoryProvider{fail: errors.New("who knows what this text holds")}).native(t)
	if err := s.Set(context.Background(), Account{}, nil); !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "who knows") {
		t.Errorf("Set: %v", err)
	}
	if err := (&Native{}).Probe(context.Background()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Probe without Self: %v", err)
	}
}

func TestNativeLimit(t *testing.T) {
	var allowed time.Duration
	s := &Native{Self: func(ctx context.Context, _ []string, _ []byte) ([]byte, error) {
		deadline, _ := ctx.Deadline()
		allowed = time.Until(deadline)
		return nil, errors.New("dead")
	}}
	yes := func() bool { return true }
	for _, c := range []struct {
		interactive func() bool
		timeout     time.Duration
		want        time.Duration
	}{
		{nil, 0, 5 * time.Second}, {nil, time.Minute, 5 * time.Second}, {yes, 0, 50 * time.Second}, {yes, 2 * time.Minute, 2 * time.Minute},
	} {
		s.Interactive, s.PromptTimeout = c.interactive, c.timeout
		if _, err := s.Get(context.Background(), Account{}); !errors.Is(err, ErrUnavailable) {
			t.Errorf("Get: %v", err)
		}
		if allowed > c.want || allowed < c.want-time.Second {
			t.Errorf("Get may take %v, want %v", allowed, c.want)
		}
	}
	_ = s.Probe(context.Background())
	if allowed > 2*time.Second {
		t.Errorf("Probe may take %v", allowed)
	}
}

func TestServeNativeRefuses(t *testing.T) {
	id := Account{}.ID()
	ok := mustFrame(t, id, "x")
	for name, c := range map[string]struct {
		args  []string
		stdin []byte
	}{
		"no arguments":    {nil, nil},
		"no account":      {[]string{"get"}, nil},
		"unknown":         {[]string{"wipe", id}, nil},
		"account, option": {[]string{"get", "-w"}, nil},
		"account, text":   {[]string{"delete", "dev\n"}, nil},
		"account, case":   {[]string{"get", strings.ToUpper(id)}, nil},
		"account, longer": {[]string{"get", id + "a"}, nil},
		"more arguments":  {[]string{"set", id, "value"}, ok},
		"list of one":     {[]string{"list", id, id}, nil},
		"no frame":        {[]string{"set", id}, []byte("value")},
		"no value":        {[]string{"set", id}, nil},
		"of another":      {[]string{"set", Account{Kind: KindSeal}.ID()}, ok},
		"endless value":   {[]string{"set", id}, bytes.Repeat(ok, 5000)},
	} {
		var out bytes.Buffer
		m := &memoryProvider{items: map[string][]byte{}}
		if err := serveNative(context.Background(), m, c.args, bytes.NewReader(c.stdin), &out); err == nil || out.Len() > 0 || len(m.items) > 0 {
			t.Errorf("%s: %v, %q", name, err, out.String())
		}
	}
}

// stuckProvider is a keychain that never answers until it is let go.
type stuckProvider struct {
	*memoryProvider
	free chan struct{}
}

func (s stuckProvider) get(string) ([]byte, error) { <-s.free; return nil, nil }

func TestServeNativeEndsWithItsContext(t *testing.T) {
	s := stuckProvider{&memoryProvider{}, make(chan struct{})}
	defer close(s.free)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	if err := serveNative(ctx, s, []string{"get", Account{}.ID()}, nil, &out); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("serveNative: %v, %q", err, out.String())
	}
}

func TestParseReplyRefuses(t *testing.T) {
	for _, out := range []string{
		"", "null", "[]", "1", "panic: x", `{"ok":`, `{"ok":1}`, `{"ok":true}{"ok":true}`, `{"ok":true} panic`,
		`{"ok":true,"more":1}`, `{"ok":true,"value":"no base64"}`, `{"ok":false}`, `{"error":"no such name"}`,
	} {
		if r, err := parseReply([]byte(out)); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%q: %v, %v; want ErrCorrupt", out, r, err)
		}
	}
}

func TestChildEnv(t *testing.T) {
	got := ChildEnv([]string{
		"HOME=/h", "AWS_SECRET_ACCESS_KEY=s", "FOB_PASSPHRASE=p", "SystemRoot=C:\\W", "LD_PRELOAD=x", "DYLD_INSERT_LIBRARIES=x", "PATH=/bin", "=C:=C:\\", "HOMER=1", "",
	})
	if want := []string{"HOME=/h", "SystemRoot=C:\\W"}; !slices.Equal(got, want) {
		t.Errorf("ChildEnv = %q, want %q", got, want)
	}
}

func FuzzParseReply(f *testing.F) {
	f.Add([]byte(`{"ok":true,"value":"Zm9vCg=="}`))
	f.Add([]byte(`{"ok":false,"error":"locked","detail":"status 36"}`))
	f.Add([]byte(`{"ok":true}{"ok":true}`))
	f.Add([]byte(`{"error":"no such name"}`))
	f.Add([]byte(`panic: runtime error`))
	f.Add([]byte(``))
	f.Fuzz(func(t *testing.T, out []byte) {
		r, err := parseReply(out)
		if err == nil && !r.OK {
			t.Fatalf("%q is no answer, and no error", out)
		}
		if err == nil {
			if _, err := json.Marshal(r); err != nil {
				t.Fatal(err)
			}
		}
	})
}
