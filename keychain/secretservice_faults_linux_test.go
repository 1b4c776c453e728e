package keychain

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// The ways in which a service or a bus may break the protocol.
var misbehaviours = map[string]func(fakeReply){
	"silence":     func(fakeReply) {},
	"disconnects": func(r fakeReply) { _ = r.conn.Close() },
	"empty body":  func(r fakeReply) { r.ok() },
	"wrong types": func(r fakeReply) { r.ok(uint32(7), uint32(7)) },
	"wrong variants": func(r fakeReply) {
		r.ok(dbus.MakeVariant([]string{"x"}), dbus.MakeVariant(map[string]int32{"x": 1}))
	},
	"invalid paths": func(r fakeReply) {
		r.raw(replyWithPaths(r.call.Serial(), "no path", "no path"))
	},
	"wrong struct": func(r fakeReply) {
		r.ok(map[dbus.ObjectPath]struct{ A, B string }{fakeCollection + "/1": {"a", "b"}})
	},
	"bare error": func(r fakeReply) { r.fail("com.example.Broken") },
	"odd error":  func(r fakeReply) { r.fail("com.example.Broken", uint32(1), []byte{2}) },
	"no service": func(r fakeReply) { r.fail(busFault+"ServiceUnknown", "text") },
	"garbage":    func(r fakeReply) { r.raw(bytes.Repeat([]byte{0xaa}, 512)) },
	"zeros":      func(r fakeReply) { r.raw(make([]byte, 512)) },
	"huge": func(r fakeReply) {
		r.raw([]byte{'l', 2, 0, 1, 0, 0, 0, 8, 1, 0, 0, 0, 0, 0, 0, 0})
		_, _ = r.conn.Write(make([]byte, 1<<16))
	},
	"overflow": func(r fakeReply) {
		r.raw([]byte{'l', 2, 0, 1, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
	},
	"half a message": func(r fakeReply) { r.raw([]byte{'l', 2, 0, 1, 0xff, 0, 0, 0, 1, 0, 0, 0, 0x10, 0, 0, 0, 5}) },
	"reply to another": func(r fakeReply) {
		other := &dbus.Message{Type: dbus.TypeMethodReply, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldReplySerial: dbus.MakeVariant(uint32(999)),
		}}
		r.send(other)
	},
}

// replyWithPaths encodes what the codec refuses to encode: invalid paths.
func replyWithPaths(serial uint32, paths ...string) []byte {
	m := &dbus.Message{Type: dbus.TypeMethodReply, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(serial),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(paths[0], paths[1])),
	}, Body: []any{paths[0], paths[1]}}
	var raw strings.Builder
	if err := m.EncodeTo(&raw, binary.LittleEndian); err != nil {
		return nil
	}
	return []byte(strings.Replace(raw.String(), "\x02ss\x00", "\x02oo\x00", 1))
}

// Every way at every call of every operation ends in time with an error that is
// neither "not found" nor success.
func TestSecretServiceMisbehaves(t *testing.T) {
	noGoroutineLeaks(t)
	there, absent := Account{KindKey, "there"}, Account{KindKey, "absent"}
	operations := []struct {
		name    string
		members []string
		locked  bool
		do      func(*SecretService) error
	}{
		{"Get", []string{"Hello", "ReadAlias", "OpenSession", "SearchItems", "GetSecrets"}, false, func(s *SecretService) error {
			_, err := s.Get(context.Background(), there)
			return err
		}},
		{"Get absent", []string{"SearchItems", "ReadAlias", "Get"}, false, func(s *SecretService) error {
			_, err := s.Get(context.Background(), absent)
			return err
		}},
		{"Set", []string{"SearchItems", "ReadAlias", "Get", "CreateItem"}, false, func(s *SecretService) error {
			return s.Set(context.Background(), there, []byte("new"))
		}},
		{"Delete", []string{"SearchItems", "Delete"}, false, func(s *SecretService) error {
			return s.Delete(context.Background(), there)
		}},
		{"List", []string{"SearchItems", "Get"}, false, func(s *SecretService) error {
			_, err := s.List(context.Background())
			return err
		}},
		{"Probe", []string{"Hello", "ReadAlias", "Get"}, false, func(s *SecretService) error {
			return s.Probe(context.Background())
		}},
		{"Get with dialog", []string{"Unlock", "AddMatch", "Prompt"}, true, func(s *SecretService) error {
			s.Interactive, s.PromptTimeout = func() bool { return true }, 3*time.Second
			_, err := s.Get(context.Background(), there)
			return err
		}},
	}
	// What these methods answer is not used.
	harmless := func(operation, member string) bool {
		return member == "Hello" || member == "AddMatch" || operation == "Get" && member == "ReadAlias"
	}
	var wg sync.WaitGroup
	for mode, misbehave := range misbehaviours {
		for _, o := range operations {
			for _, member := range o.members {
				f := &fakeService{locked: o.locked, dialog: "accept", at: member, misbehave: misbehave}
				s := f.hold(t, there, "value").store(t)
				wg.Go(func() {
					begin := time.Now()
					err := o.do(s)
					if d := time.Since(begin); d > 5500*time.Millisecond {
						t.Errorf("%s, %s at %s: took %v", o.name, mode, member, d)
					}
					if err == nil && harmless(o.name, member) {
						return
					}
					if !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrTimeout) {
						t.Errorf("%s, %s at %s: %v", o.name, mode, member, err)
					}
					if err != nil && strings.ContainsAny(err.Error(), "\x1b\n") {
						t.Errorf("%s, %s at %s: foreign text in %q", o.name, mode, member, err)
					}
				})
			}
		}
	}
	wg.Wait()
}

// A message is refused by its announced size, before any of it is read.
func TestSecretServiceHugeMessage(t *testing.T) {
	for _, mode := range []string{"huge", "overflow"} {
		s := (&fakeService{at: "SearchItems", misbehave: misbehaviours[mode]}).store(t)
		err := endsWithin(t, time.Second, func() error { _, err := s.List(context.Background()); return err })
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "size of a message") {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

// Signals that are malformed or never end change nothing, nor keep a call alive.
func TestSecretServiceSignals(t *testing.T) {
	a := Account{KindKey, "dev"}
	f := &fakeService{at: "OpenSession"}
	f.misbehave = func(r fakeReply) {
		for _, body := range [][]any{{}, {uint32(1)}, {[]string{"x"}}} {
			r.signal(busPath, busName, "NameAcquired", body...)
			r.signal(busPath, busName, "NameLost", body...)
			r.signal(secretsPath+"/prompt/1", secretsIface+"Prompt", "Completed", body...)
		}
		f.answer("OpenSession", r)
	}
	if got, err := f.hold(t, a, "value").store(t).Get(context.Background(), a); err != nil || string(got) != "value" {
		t.Errorf("Get = %q, %v", got, err)
	}
	f = &fakeService{at: "OpenSession"}
	f.misbehave = func(r fakeReply) {
		var raw bytes.Buffer
		for range 1000 {
			fakeReply{conn: keptWrites{r.conn, &raw}, call: r.call}.signal(secretsPath, secretsIface+"Service", "ItemChanged", "x")
		}
		for {
			if _, err := r.conn.Write(raw.Bytes()); err != nil {
				return
			}
		}
	}
	s := f.hold(t, a, "value").store(t)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	err := endsWithin(t, 2*time.Second, func() error { _, err := s.Get(ctx, a); return err })
	if !errors.Is(err, ErrTimeout) {
		t.Errorf("Get: %v", err)
	}
}

func TestSecretServiceAuthentication(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"REJECTED EXTERNAL\r\n":         ErrDenied,
		"DATA\r\nREJECTED\r\n":          ErrDenied,
		"DATA\r\nERROR \"no\"\r\n":      ErrUnavailable,
		"HTTP/1.1 400 Bad Request\r\n":  ErrUnavailable,
		strings.Repeat("x", 1<<16):      ErrUnavailable,
		"":                              ErrUnavailable,
		"DATA\r\nOK 0\r\n" + "\x00\x00": ErrUnavailable,
	} {
		address := listenUnix(t, func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, len("\x00AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n")))
			_, _ = io.WriteString(c, text)
		})
		s := &SecretService{Address: address, UID: os.Getuid()}
		if err := s.Probe(context.Background()); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
	}
}

func TestFaultNames(t *testing.T) {
	for name, want := range map[string]error{
		busFault + "ServiceUnknown":     ErrUnavailable,
		busFault + "NameHasNoOwner":     ErrUnavailable,
		busFault + "Spawn.ChildExited":  ErrUnavailable,
		busFault + "NoReply":            ErrUnavailable,
		busFault + "AccessDenied":       ErrDenied,
		busFault + "TimedOut":           ErrTimeout,
		secretFault + "IsLocked":        ErrLocked,
		secretFault + "NoSession":       ErrUnavailable,
		secretFault + "NoSuchObject":    ErrUnavailable,
		"com.example.NameHasNoOwnerNot": ErrUnavailable,
		"":                              ErrUnavailable,
	} {
		if err := faultNamed(name); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

func FuzzDecodeMessage(f *testing.F) {
	f.Add([]byte("l\x02\x00\x01\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"))
	f.Add(replyWithPaths(3, "no path", "no path"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := decodeMessage(raw)
		if err != nil {
			if !errors.Is(err, ErrUnavailable) {
				t.Fatalf("unexpected error %v", err)
			}
			return
		}
		// What every reader of a body does with one, whatever it holds.
		_, _ = pathsAt(m.Body, 0)
		_, _ = variantAt[bool](m.Body, 0)
		_, _ = outcomeOf(m, "/a")
		if secrets, err := valueAt[map[dbus.ObjectPath][]any](m.Body, 0); err == nil {
			_, _ = pick("id", []dbus.ObjectPath{"/a"}, secrets)
		}
	})
}

// keptWrites is a connection whose writes are kept.
type keptWrites struct {
	net.Conn
	b *bytes.Buffer
}

func (s keptWrites) Write(p []byte) (int, error) { return s.b.Write(p) }
