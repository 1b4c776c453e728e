package keychain

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"fob/internal/atomicfile"
	"fob/internal/kernelkey"
)

var errUnlockSize = errors.New("secret too large to be cached")

// kernelPlace is the user keyring of the Linux kernel.
type kernelPlace struct{}

// kernelName begins the description of every key of fob's.
const kernelName = "fob:"

func (kernelPlace) load(name string) (unlockEntry, bool) {
	k, err := kernelkey.Get(kernelName + name)
	if err != nil {
		return unlockEntry{}, false
	}
	e, ok := decodeUnlock(k.Data)
	e.ref = k
	return e, ok
}

func (kernelPlace) save(name string, e unlockEntry, ttl time.Duration) error {
	if len(e.data) > maxUnlock {
		return errUnlockSize
	}
	return kernelkey.Put(kernelName+name, e.encode(), ttl)
}

func (kernelPlace) touch(_ string, e unlockEntry, ttl time.Duration) {
	if k, ok := e.ref.(kernelkey.Key); ok {
		_ = k.Update(e.encode(), ttl)
	}
}

func (kernelPlace) drop(name string) { _ = kernelkey.Remove(kernelName + name) }

// filePlace is a folder below the runtime folder, which is memory and ends with
// the login session. The time of the last use is the file's own time: to renew it
// changes no content, so that it cannot undo what another process stored.
type filePlace struct {
	runtimeDir string
}

const runtimeName = "fob"

// open gives nil if there is no runtime folder that can be trusted.
func (p filePlace) open() *os.Root {
	if p.runtimeDir == "" {
		return nil
	}
	top, err := atomicfile.OpenRuntimeDir(p.runtimeDir)
	if err != nil {
		return nil
	}
	defer func() { _ = top.Close() }()
	dir, err := atomicfile.Subdir(top, runtimeName)
	if err != nil {
		return nil
	}
	return dir
}

func (p filePlace) load(name string) (unlockEntry, bool) {
	dir := p.open()
	if dir == nil {
		return unlockEntry{}, false
	}
	defer func() { _ = dir.Close() }()
	b, err := atomicfile.Read(dir, name, int64(unlockHeader+maxUnlock))
	if err != nil {
		return unlockEntry{}, false
	}
	info, err := dir.Lstat(name)
	if err != nil {
		return unlockEntry{}, false
	}
	e, ok := decodeUnlock(b)
	e.used = info.ModTime()
	return e, ok
}

func (p filePlace) save(name string, e unlockEntry, _ time.Duration) error {
	if len(e.data) > maxUnlock {
		return errUnlockSize
	}
	dir := p.open()
	if dir == nil {
		return errors.New("no runtime folder")
	}
	defer func() { _ = dir.Close() }()
	_ = atomicfile.Sweep(dir, time.Hour, e.used)
	if err := atomicfile.WriteFast(dir, name, e.encode()); err != nil {
		return err
	}
	if err := dir.Chtimes(name, e.used, e.used); err != nil {
		return err
	}
	if got, ok := p.load(name); !ok || !bytes.Equal(got.data, e.data) {
		return errors.New("unlock file reads back differently")
	}
	return nil
}

func (p filePlace) touch(name string, e unlockEntry, _ time.Duration) {
	if dir := p.open(); dir != nil {
		_ = dir.Chtimes(name, e.used, e.used)
		_ = dir.Close()
	}
}

func (p filePlace) drop(name string) {
	if dir := p.open(); dir != nil {
		_ = dir.Remove(name)
		_ = dir.Close()
	}
}

// memoryPlace is this process: without a better place a passphrase is asked for
// once in a process, and the limits hold there too.
type memoryPlace struct {
	mu      sync.Mutex
	entries map[string]unlockEntry
}

func (p *memoryPlace) load(name string) (unlockEntry, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.entries[name]
	e.data = slices.Clone(e.data)
	return e, ok
}

func (p *memoryPlace) save(name string, e unlockEntry, _ time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.entries == nil {
		p.entries = map[string]unlockEntry{}
	}
	p.entries[name] = e
	return nil
}

func (p *memoryPlace) touch(name string, e unlockEntry, _ time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if old, ok := p.entries[name]; ok {
		old.used = e.used
		p.entries[name] = old
	}
}

func (p *memoryPlace) drop(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.entries, name)
}
