package keychain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSecretService(t *testing.T) {
	noGoroutineLeaks(t)
	d := startKeyring(t)
	s := d.store()
	if err := s.Probe(context.Background()); err != nil {
		t.Fatal(err)
	}
	accounts := []Account{
		{KindKey, "dev"}, {KindKey, "x\ny'\": \x1b[0m"}, {KindSeal, ""}, {KindTOTP, "dev"}, {KindKey, strings.Repeat("k", 4096)},
	}
	for i, a := range accounts {
		if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrNotFound) {
			t.Fatalf("Get of an item that is not there: %v", err)
		}
		if err := s.Delete(context.Background(), a); !errors.Is(err, ErrNotFound) {
			t.Fatalf("Delete of an item that is not there: %v", err)
		}
		for _, value := range [][]byte{{}, []byte("first"), bytes.Repeat([]byte{byte(i), 0xff}, MaxItem/2)} {
			if err := s.Set(context.Background(), a, value); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Get(context.Background(), a); err != nil || !bytes.Equal(got, value) {
				t.Fatalf("Get = %q, %v; want %q", got, err, value)
			}
		}
	}
	var want []string
	for _, a := range accounts {
		want = append(want, a.ID())
	}
	slices.Sort(want)
	if got, err := s.List(context.Background()); err != nil || !slices.Equal(got, want) {
		t.Fatalf("List = %q, %v; want %q", got, err, want)
	}
	for _, a := range accounts {
		if err := s.Delete(context.Background(), a); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrNotFound) {
			t.Fatalf("Get of a deleted item: %v", err)
		}
	}
	if got, err := s.List(context.Background()); err != nil || len(got) != 0 {
		t.Fatalf("List = %q, %v; want none", got, err)
	}
	if err := s.Set(context.Background(), accounts[0], make([]byte, MaxItem+1)); !errors.Is(err, ErrTooLarge) {
		t.Fatalf("Set of too much: %v", err)
	}
}

func TestSecretServiceAmongForeignItems(t *testing.T) {
	d := startKeyring(t)
	s, a := d.store(), Account{KindKey, "dev"}
	conn := d.dial(t)
	plantItems(t, conn, "{}", foreignItems(300)...)
	plantItems(t, conn, "{}", map[string]string{"application": "fob", "account": "not of fob's form"})
	if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrNotFound) {
		t.Fatalf("Get: %v", err)
	}
	if err := s.Set(context.Background(), a, []byte("value")); err != nil {
		t.Fatal(err)
	}
	// The same attributes and one more: found by the same search, not replaced.
	attrs := attributes(a)
	attrs["extra"] = "1"
	plantItems(t, conn, "hunter2", attrs)
	if got, err := s.Get(context.Background(), a); err != nil || string(got) != "value" {
		t.Fatalf("Get beside a foreign value = %q, %v", got, err)
	}
	if ids, err := s.List(context.Background()); err != nil || !slices.Equal(ids, []string{a.ID()}) {
		t.Fatalf("List = %q, %v", ids, err)
	}
	// A second value of fob's: no telling which one is right, until one is written.
	attrs["extra"] = "2"
	plantItems(t, conn, string(mustFrame(t, a.ID(), "older")), attrs)
	if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("Get of two values: %v", err)
	}
	if err := s.Set(context.Background(), a, []byte("newer")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(context.Background(), a); err != nil || string(got) != "newer" {
		t.Fatalf("Get after Set = %q, %v", got, err)
	}
	if err := s.Delete(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	plantItems(t, conn, "hunter2", attributes(a))
	if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrCorrupt) || strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("Get of a foreign value: %v", err)
	}
}

func TestSecretServiceLocked(t *testing.T) {
	noGoroutineLeaks(t)
	d := startKeyring(t)
	s, a := d.store(), Account{KindKey, "dev"}
	if err := s.Set(context.Background(), a, []byte("value")); err != nil {
		t.Fatal(err)
	}
	d.lock(t)
	absent := Account{KindKey, "absent"}
	for name, f := range map[string]func() error{
		"Get":           func() error { _, err := s.Get(context.Background(), a); return err },
		"Get absent":    func() error { _, err := s.Get(context.Background(), absent); return err },
		"Set":           func() error { return s.Set(context.Background(), a, []byte("other")) },
		"Set absent":    func() error { return s.Set(context.Background(), absent, []byte("other")) },
		"Delete":        func() error { return s.Delete(context.Background(), a) },
		"Delete absent": func() error { return s.Delete(context.Background(), absent) },
		"List":          func() error { _, err := s.List(context.Background()); return err },
	} {
		if err := endsWithin(t, 2*time.Second, f); !errors.Is(err, ErrLocked) {
			t.Errorf("%s: %v, want ErrLocked", name, err)
		}
	}
	if err := s.Probe(context.Background()); err != nil {
		t.Errorf("Probe: %v", err)
	}
}

// No dialog can be shown here: gnome-keyring says that it was dismissed.
func TestSecretServiceLockedInteractive(t *testing.T) {
	d := startKeyring(t)
	s, a := d.store(), Account{KindKey, "dev"}
	s.Interactive, s.PromptTimeout = func() bool { return true }, 3*time.Second
	d.lock(t)
	err := endsWithin(t, 5*time.Second, func() error { _, err := s.Get(context.Background(), a); return err })
	if !errors.Is(err, ErrCancelled) && !errors.Is(err, ErrTimeout) {
		t.Errorf("Get: %v", err)
	}
}

func TestSecretServiceWithoutService(t *testing.T) {
	s := startBus(t).store()
	for name, f := range map[string]func() error{
		"Probe": func() error { return s.Probe(context.Background()) },
		"Get":   func() error { _, err := s.Get(context.Background(), Account{}); return err },
		"Set":   func() error { return s.Set(context.Background(), Account{}, nil) },
	} {
		err := endsWithin(t, time.Second, f)
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "no Secret Service on the session bus") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretServiceKilled(t *testing.T) {
	d := startKeyring(t)
	s, a := d.store(), Account{KindKey, "dev"}
	freeze(t, d.keyring)
	result := make(chan error, 1)
	go func() { _, err := s.Get(context.Background(), a); result <- err }()
	// The frozen daemon cannot answer, so that the call is under way or about to be.
	if err := d.keyring.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := endsWithin(t, 5*time.Second, func() error { return <-result }); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Get: %v", err)
	}
}

func TestSecretServiceFrozen(t *testing.T) {
	t.Parallel()
	d := startKeyring(t)
	s, a := d.store(), Account{KindKey, "dev"}
	freeze(t, d.keyring)
	err := endsWithin(t, 5500*time.Millisecond, func() error { _, err := s.Get(context.Background(), a); return err })
	if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "the Secret Service is silent") {
		t.Errorf("Get: %v", err)
	}
	if err := endsWithin(t, 2500*time.Millisecond, func() error { return s.Probe(context.Background()) }); !errors.Is(err, ErrTimeout) {
		t.Errorf("Probe: %v", err)
	}
}

func TestSecretServiceContext(t *testing.T) {
	d := startKeyring(t)
	s := d.store()
	freeze(t, d.keyring)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := endsWithin(t, time.Second, func() error { _, err := s.List(ctx); return err })
	if !errors.Is(err, ErrTimeout) {
		t.Errorf("List with a deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	err = endsWithin(t, time.Second, func() error { return s.Delete(ctx, Account{}) })
	if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.Canceled) {
		t.Errorf("Delete with a cancelled context: %v", err)
	}
	err = endsWithin(t, time.Second, func() error { return s.Delete(ctx, Account{}) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Delete after the cancel: %v", err)
	}
}

func TestSecretServiceSilentBus(t *testing.T) {
	t.Parallel()
	address := listenUnix(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	s := &SecretService{Address: address, UID: os.Getuid()}
	err := endsWithin(t, 3*time.Second, func() error { _, err := s.Get(context.Background(), Account{}); return err })
	if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "the session bus is silent") {
		t.Errorf("Get: %v", err)
	}
}

func TestSecretServiceNoBus(t *testing.T) {
	mark := fmt.Sprintf("FOB_TEST_MARK=%d-%d", os.Getpid(), time.Now().UnixNano())
	name, value, _ := strings.Cut(mark, "=")
	t.Setenv(name, value)
	control := exec.Command("sleep", "60")
	start(t, control)
	if n := markedProcesses(t, mark); n != 1 {
		t.Fatalf("%d processes carry the mark, want 1", n)
	}
	dir := t.TempDir()
	gone := &SecretService{Address: "unix:path=" + dir + "/bus", UID: os.Getuid()}
	env := map[string]string{"XDG_RUNTIME_DIR": dir}
	for range 100 {
		err := endsWithin(t, time.Second, func() error { _, err := gone.Get(context.Background(), Account{}); return err })
		if !errors.Is(err, ErrUnavailable) {
			t.Fatalf("Get: %v", err)
		}
		_, err = OpenOS(OSOptions{Getenv: func(k string) string { return env[k] }, UID: os.Getuid()})
		var e *Error
		if !errors.Is(err, ErrUnavailable) || !errors.As(err, &e) {
			t.Fatalf("OpenOS: %v", err)
		}
	}
	if n := markedProcesses(t, mark); n != 1 {
		t.Errorf("%d processes were left behind", n-1)
	}
}

func TestSecretServiceOfAnotherUser(t *testing.T) {
	address := listenUnix(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	s := &SecretService{Address: address, UID: os.Getuid() + 1}
	_, err := s.Get(context.Background(), Account{})
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "another user") {
		t.Errorf("Get: %v", err)
	}
}

func TestSecretServiceAbstractSocket(t *testing.T) {
	name := fmt.Sprintf("fob-test-%d", os.Getpid())
	l, err := net.Listen("unix", "@"+name)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if conn, err := l.Accept(); err == nil {
			_, _ = io.WriteString(conn, "REJECTED\r\n")
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}()
	s := &SecretService{Address: "unix:abstract=" + name, UID: os.Getuid()}
	if _, err := s.Get(context.Background(), Account{}); !errors.Is(err, ErrDenied) {
		t.Errorf("Get: %v, want ErrDenied", err)
	}
}

// Many clients at once, each on a new connection, leave the daemon alive.
// gnome-keyring 42 aborts under clients whose first call is OpenSession.
func TestSecretServiceStampede(t *testing.T) {
	d := startKeyring(t)
	s, a := d.store(), Account{KindKey, "dev"}
	if err := s.Set(context.Background(), a, []byte("value")); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 60 {
				if got, err := s.Get(context.Background(), a); err != nil || string(got) != "value" {
					t.Errorf("Get = %q, %v", got, err)
					return
				}
			}
		})
	}
	wg.Wait()
}
