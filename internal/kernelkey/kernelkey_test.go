//go:build linux

package kernelkey_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"fob/internal/kernelkey"

	"golang.org/x/sys/unix"
)

// description is a key name of this test's own, removed at its end. The test is
// skipped where the kernel keeps its keyring closed, as container runtimes do.
func description(t *testing.T) string {
	t.Helper()
	desc := fmt.Sprintf("fob:test:%s:%d", t.Name(), os.Getpid())
	if err := kernelkey.Put(desc, []byte("x"), time.Minute); err != nil {
		skip(t, "no kernel keyring here: "+err.Error())
	}
	forget(t, desc)
	t.Cleanup(func() { forget(t, desc) })
	return desc
}

func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal("may not skip: " + why)
	}
	t.Skip(why)
}

func forget(t *testing.T, desc string) {
	t.Helper()
	if err := kernelkey.Remove(desc); err != nil {
		t.Fatal(err)
	}
}

func TestPutGetReplaceRemove(t *testing.T) {
	desc := description(t)
	if _, err := kernelkey.Get(desc); !errors.Is(err, kernelkey.ErrNotFound) {
		t.Fatalf("before Put: %v", err)
	}
	for _, want := range []string{"one", "another, longer", "\x00\xff"} {
		if err := kernelkey.Put(desc, []byte(want), time.Minute); err != nil {
			t.Fatal(err)
		}
		if k, err := kernelkey.Get(desc); err != nil || string(k.Data) != want {
			t.Fatalf("got %q, %v", k.Data, err)
		}
	}
	forget(t, desc)
	forget(t, desc)
	if _, err := kernelkey.Get(desc); !errors.Is(err, kernelkey.ErrNotFound) {
		t.Fatalf("after Remove: %v", err)
	}
	if err := kernelkey.Put(desc, make([]byte, kernelkey.MaxSize+1), time.Minute); !errors.Is(err, kernelkey.ErrTooLarge) {
		t.Fatalf("too large: %v", err)
	}
}

// An update belongs to the key that was read: it revives no key that somebody
// removed, and spoils none that somebody put in its place.
func TestUpdateNeverMakesAKey(t *testing.T) {
	desc := description(t)
	put := func(s string) {
		t.Helper()
		if err := kernelkey.Put(desc, []byte(s), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	put("old")
	k, err := kernelkey.Get(desc)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Update([]byte("upd"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if again, err := kernelkey.Get(desc); err != nil || string(again.Data) != "upd" {
		t.Fatalf("got %q, %v", again.Data, err)
	}
	forget(t, desc)
	if err := k.Update([]byte("back"), time.Minute); err == nil {
		t.Fatal("a removed key was updated")
	}
	if _, err := kernelkey.Get(desc); !errors.Is(err, kernelkey.ErrNotFound) {
		t.Fatalf("after Remove: %v", err)
	}
	put("new")
	_ = k.Update([]byte("back"), time.Minute) // may reach the old key, never the new one
	if again, err := kernelkey.Get(desc); err != nil || string(again.Data) != "new" {
		t.Fatalf("got %q, %v", again.Data, err)
	}
}

func TestKernelLimitsTheTime(t *testing.T) {
	desc := description(t)
	if err := kernelkey.Put(desc, []byte("x"), 15*time.Minute); err != nil {
		t.Fatal(err)
	}
	keys, err := os.ReadFile("/proc/keys")
	if err != nil {
		skip(t, "no /proc/keys")
	}
	for line := range strings.Lines(string(keys)) {
		// ID flags usage timeout permissions uid gid type description
		if f := strings.Fields(line); strings.Contains(line, desc) && !strings.Contains(f[1], "R") { // not the revoked one
			if f[3] != "15m" && f[3] != "14m" || f[4] != "003f0000" {
				t.Fatalf("want 15 min and owner only: %s", line)
			}
			return
		}
	}
	t.Fatalf("%s is not in /proc/keys", desc)
}

// A key with the right name that is not as Put makes it is not believed.
func TestForeignKeyIsRefused(t *testing.T) {
	desc := description(t)
	if _, err := unix.AddKey("user", desc, []byte("planted"), unix.KEY_SPEC_USER_KEYRING); err != nil {
		t.Fatal(err)
	}
	if k, err := kernelkey.Get(desc); !errors.Is(err, kernelkey.ErrForeign) {
		t.Fatalf("got %q, %v", k.Data, err)
	}
	if err := kernelkey.Put(desc, []byte("ours"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if k, err := kernelkey.Get(desc); err != nil || string(k.Data) != "ours" {
		t.Fatalf("got %q, %v", k.Data, err)
	}
}

// TestOtherProcesses reads a key from a child: the same user in a session of its
// own can, another user cannot, although it inherits the session keyring.
func TestOtherProcesses(t *testing.T) {
	const ask = "FOB_TEST_READ_KEY"
	if spec := os.Getenv(ask); spec != "" {
		readAsChild(spec)
	}
	desc := description(t)
	if err := kernelkey.Put(desc, []byte("canary"), time.Minute); err != nil {
		t.Fatal(err)
	}
	id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "user", desc, 0)
	if err != nil {
		t.Fatal(err)
	}
	child := func(mode string, uid uint32) string {
		t.Helper()
		cmd := exec.Command("/proc/self/exe", "-test.run=^TestOtherProcesses$")
		cmd.Dir = "/"
		cmd.Env = []string{fmt.Sprintf("%s=%s %d %s", ask, mode, id, desc)}
		if uid != 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", mode, err, out)
		}
		return string(out)
	}
	got := child("new-session", 0)
	t.Logf("the same user in a new session:\n%s", got)
	if !strings.Contains(got, "new session: <nil>") || !strings.Contains(got, "canary") || !strings.Contains(got, "put: <nil> <nil>") {
		t.Fatal("the same user in a new session must read and write")
	}
	if os.Geteuid() != 0 {
		skip(t, "only root can become another user")
	}
	// What pam_keyinit does: a session keyring that leads to the user's.
	if err := newSession(); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.KeyctlInt(unix.KEYCTL_LINK, unix.KEY_SPEC_USER_KEYRING, unix.KEY_SPEC_SESSION_KEYRING, 0, 0); err != nil {
		t.Fatal(err)
	}
	got = child("inherit", 65534)
	t.Logf("another user:\n%s", got)
	if strings.Contains(got, "canary") || !strings.Contains(got, "tried as 65534") {
		t.Fatal("another user must not read the key")
	}
	if k, err := kernelkey.Get(desc); err != nil || string(k.Data) != "canary" {
		t.Fatalf("another user changed the key: %q, %v", k.Data, err)
	}
}

// newSession gives this thread, and what it starts, an empty session keyring.
// The thread stays the goroutine's own and ends with it.
func newSession() error {
	runtime.LockOSThread()
	_, err := unix.KeyctlInt(unix.KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0, 0)
	return err
}

// readAsChild tries every way to the key, prints what it got and exits.
func readAsChild(spec string) {
	var mode, desc string
	var id int
	_, _ = fmt.Sscan(spec, &mode, &id, &desc)
	if mode == "new-session" {
		fmt.Println("new session:", newSession())
		k, err := kernelkey.Get(desc)
		fmt.Printf("get: %q %v\n", k.Data, err)
		fmt.Println("put:", kernelkey.Put(desc+":child", []byte("x"), time.Minute), kernelkey.Remove(desc+":child"))
		os.Exit(0)
	}
	k, err := kernelkey.Get(desc)
	fmt.Printf("get: %q %v\n", k.Data, err)
	buf := make([]byte, 100)
	n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, buf, 0)
	fmt.Printf("read by id: %q %v\n", buf[:max(0, n)], err)
	found, err := unix.KeyctlSearch(unix.KEY_SPEC_SESSION_KEYRING, "user", desc, 0)
	fmt.Println("search session:", found, err)
	fmt.Println("update:", func() error { _, err := unix.KeyctlBuffer(unix.KEYCTL_UPDATE, id, []byte("evil"), 0); return err }())
	fmt.Println("tried as", os.Geteuid())
	os.Exit(0)
}

func BenchmarkGet(b *testing.B) {
	const desc = "fob:test:benchmark"
	if err := kernelkey.Put(desc, make([]byte, 64), time.Minute); err != nil {
		b.Skip(err)
	}
	b.Cleanup(func() { _ = kernelkey.Remove(desc) })
	for b.Loop() {
		if _, err := kernelkey.Get(desc); err != nil {
			b.Fatal(err)
		}
	}
}
