package keychain

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"fob/internal/kernelkey"
)

// unlockClock is a clock that tests move.
type unlockClock struct {
	mu sync.Mutex
	at time.Time
}

// newUnlockClock starts at the real time, since kernel and files know no other.
func newUnlockClock() *unlockClock { return &unlockClock{at: time.Now()} }

func (c *unlockClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *unlockClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func vaultSkip(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal("may not skip: " + why)
	}
	t.Skip(why)
}

// unlockRuntimeDir is a folder that passes for a runtime folder: 0700 and not
// inside a world-writable one, so not in the usual temporary folder.
func unlockRuntimeDir(t testing.TB) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there are no runtime folders on this system")
	}
	home, err := os.UserHomeDir()
	if err == nil {
		home, err = filepath.EvalSymlinks(home)
	}
	var dir string
	if err == nil {
		dir, err = os.MkdirTemp(home, ".fob-test-")
	}
	if err != nil {
		vaultSkip(t, "no folder of our own: "+err.Error())
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if d := (filePlace{dir}).open(); d == nil {
		vaultSkip(t, "no runtime folder can be trusted here")
	} else {
		_ = d.Close()
	}
	return dir
}

// unlockCaches has one cache per place, each alone.
func unlockCaches(t *testing.T, now func() time.Time, run func(t *testing.T, c *TimedCache, again func() *TimedCache)) {
	places := map[string]func(t *testing.T) unlockPlace{
		"kernel": func(t *testing.T) unlockPlace {
			if runtime.GOOS != "linux" {
				t.Skip("there is no kernel keyring on this system")
			}
			if err := kernelkey.Put("fob:test:probe", []byte("x"), time.Minute); err != nil {
				vaultSkip(t, "no kernel keyring here: "+err.Error())
			}
			_ = kernelkey.Remove("fob:test:probe")
			return kernelPlace{}
		},
		"file":   func(t *testing.T) unlockPlace { return filePlace{unlockRuntimeDir(t)} },
		"memory": func(t *testing.T) unlockPlace { return &memoryPlace{} },
	}
	for name, open := range places {
		t.Run(name, func(t *testing.T) {
			p, dir := open(t), t.TempDir()
			// again is what another process sees, for places that outlive one.
			again := func() *TimedCache {
				return &TimedCache{dir: dir, now: now, all: []unlockPlace{p}, used: []unlockPlace{p}}
			}
			c := again()
			t.Cleanup(func() { c.Drop("a"); c.Drop("b") })
			run(t, c, again)
		})
	}
}

func unlockWant(t *testing.T, c UnlockCache, name, want string) {
	t.Helper()
	got, ok := c.Load(name)
	if string(got) != want || ok != (want != "") {
		t.Fatalf("Load(%q) = %q, %v, want %q", name, got, ok, want)
	}
}

func TestUnlockCacheKeepsReplacesDrops(t *testing.T) {
	clock := newUnlockClock()
	unlockCaches(t, clock.now, func(t *testing.T, c *TimedCache, again func() *TimedCache) {
		unlockWant(t, c, "a", "")
		c.Store("a", []byte("one"))
		c.Store("b", []byte("two"))
		unlockWant(t, again(), "a", "one")
		c.Store("a", []byte("a longer one"))
		unlockWant(t, again(), "a", "a longer one")
		unlockWant(t, again(), "b", "two")
		again().Drop("a")
		unlockWant(t, c, "a", "")
		unlockWant(t, c, "b", "two")
		c.Drop("a")
	})
}

func TestUnlockCacheIdleLimit(t *testing.T) {
	clock := newUnlockClock()
	unlockCaches(t, clock.now, func(t *testing.T, c *TimedCache, again func() *TimedCache) {
		c.Store("a", []byte("secret"))
		for range 4 { // each use renews
			clock.pass(UnlockIdle - time.Second)
			unlockWant(t, again(), "a", "secret")
		}
		clock.pass(UnlockIdle)
		unlockWant(t, again(), "a", "")
		clock.pass(-UnlockIdle)
		unlockWant(t, again(), "a", "") // and it is gone, not only hidden
	})
}

func TestUnlockCacheHardLimit(t *testing.T) {
	clock := newUnlockClock()
	unlockCaches(t, clock.now, func(t *testing.T, c *TimedCache, again func() *TimedCache) {
		c.Store("a", []byte("secret"))
		const step = 10 * time.Minute
		for range UnlockMax/step - 1 {
			clock.pass(step)
			unlockWant(t, again(), "a", "secret")
		}
		clock.pass(step)
		unlockWant(t, again(), "a", "")
	})
}

// A clock that is set back makes a secret unusable, not long-lived.
func TestUnlockCacheClockSetBack(t *testing.T) {
	clock := newUnlockClock()
	unlockCaches(t, clock.now, func(t *testing.T, c *TimedCache, again func() *TimedCache) {
		c.Store("a", []byte("secret"))
		clock.pass(-30 * time.Second) // a small correction
		unlockWant(t, again(), "a", "secret")
		clock.pass(-time.Hour)
		unlockWant(t, again(), "a", "")
	})
}

func TestUnlockCacheTellsFoldersApart(t *testing.T) {
	shared := unlockRuntimeDir(t)
	one := NewUnlockCache(UnlockOptions{Dir: t.TempDir(), RuntimeDir: shared})
	two := NewUnlockCache(UnlockOptions{Dir: t.TempDir(), RuntimeDir: shared})
	one.Store("a", []byte("one"))
	t.Cleanup(func() { one.Drop("a") })
	unlockWant(t, two, "a", "")
	two.Drop("a")
	unlockWant(t, one, "a", "one")
}

// The second place serves where the first does not work, and a secret that went
// to the first never leaves an older one in the second.
func TestUnlockCachePlacesInOrder(t *testing.T) {
	first, second, third := &flakyPlace{}, &memoryPlace{}, &memoryPlace{}
	places := []unlockPlace{first, second, third}
	c := &TimedCache{now: time.Now, all: places, used: places}
	first.broken = true
	c.Store("a", []byte("old"))
	unlockWant(t, c, "a", "old")
	if len(third.entries) != 0 {
		t.Fatal("stored twice")
	}
	first.broken = false
	c.Store("a", []byte("new"))
	unlockWant(t, c, "a", "new")
	first.drop(c.id("a"))
	unlockWant(t, c, "a", "")
}

type flakyPlace struct {
	memoryPlace
	broken bool
}

func (p *flakyPlace) save(name string, e unlockEntry, ttl time.Duration) error {
	if p.broken {
		return os.ErrPermission
	}
	return p.memoryPlace.save(name, e, ttl)
}

func TestUnlockCacheOff(t *testing.T) {
	o := UnlockOptions{Dir: t.TempDir(), RuntimeDir: unlockRuntimeDir(t)}
	on := NewUnlockCache(o)
	o.Off = true
	off := NewUnlockCache(o)
	off.Store("a", []byte("secret"))
	unlockWant(t, off, "a", "secret")
	unlockWant(t, on, "a", "")
	on.Store("a", []byte("shared"))
	t.Cleanup(func() { on.Drop("a") })
	unlockWant(t, off, "a", "secret")
	off.Drop("a") // locking empties every place
	unlockWant(t, on, "a", "")
}

// Without a runtime folder to trust, and without a kernel keyring, nothing is
// written anywhere.
func TestUnlockFileRefusesUntrustedFolders(t *testing.T) {
	tmp := t.TempDir()
	if err := os.Chmod(tmp, 0o755); err != nil { // a runtime folder is 0700
		t.Fatal(err)
	}
	for _, dir := range []string{"", "relative", tmp, filepath.Join(tmp, "missing")} {
		p := filePlace{dir}
		if err := p.save("name", unlockEntry{data: []byte("x")}, time.Minute); err == nil {
			t.Errorf("%q was used", dir)
		}
		p.touch("name", unlockEntry{}, time.Minute)
		p.drop("name")
	}
	if entries, err := os.ReadDir(tmp); err != nil || len(entries) != 0 {
		t.Fatalf("left behind: %v, %v", entries, err)
	}
}

func TestUnlockFileIsPrivateAndHashed(t *testing.T) {
	dir := unlockRuntimeDir(t)
	c := &TimedCache{dir: "/x", now: time.Now, used: []unlockPlace{filePlace{dir}}}
	c.Store("../../etc/passwd", []byte("secret"))
	path := filepath.Join(dir, "fob", c.id("../../etc/passwd"))
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	// Each damaged byte is a miss.
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		unlockWant(t, c, "../../etc/passwd", "")
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	unlockWant(t, c, "../../etc/passwd", "secret")
	if err := os.Chmod(path, 0o620); err != nil {
		t.Fatal(err)
	}
	unlockWant(t, c, "../../etc/passwd", "")
}

// What is too large for the shared places still serves this process.
func TestUnlockCacheLargeSecret(t *testing.T) {
	c := NewUnlockCache(UnlockOptions{Dir: t.TempDir()})
	large := fmt.Sprintf("%*d", maxUnlock+1, 1)
	c.Store("a", []byte(large))
	unlockWant(t, c, "a", large)
	if _, ok := (kernelPlace{}).load(c.id("a")); ok {
		t.Fatal("it went to the kernel")
	}
}

func TestUnlockCacheConcurrentUse(t *testing.T) {
	c := NewUnlockCache(UnlockOptions{Dir: t.TempDir()})
	t.Cleanup(func() { c.Drop("a") })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				c.Store("a", []byte("secret"))
				if got, ok := c.Load("a"); ok && string(got) != "secret" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
	unlockWant(t, c, "a", "secret")
}

func FuzzUnlockEntry(f *testing.F) {
	at := time.Unix(1_800_000_000, 5)
	f.Add(unlockEntry{created: at, used: at.Add(time.Minute), data: []byte("secret")}.encode())
	f.Add([]byte(unlockMagic))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, ok := decodeUnlock(b)
		if ok && !bytes.Equal(e.encode(), b) {
			t.Fatalf("%x reads as %v, which is another entry", b, e)
		}
	})
}

func BenchmarkUnlockLoad(b *testing.B) {
	for name, o := range map[string]UnlockOptions{
		"kernel or file": {Dir: b.TempDir(), RuntimeDir: unlockRuntimeDir(b)},
		"memory":         {Dir: b.TempDir(), Off: true},
	} {
		b.Run(name, func(b *testing.B) {
			c := NewUnlockCache(o)
			c.Store("a", make([]byte, 48))
			b.Cleanup(func() { c.Drop("a") })
			for b.Loop() {
				if _, ok := c.Load("a"); !ok {
					b.Fatal("miss")
				}
			}
		})
	}
}
