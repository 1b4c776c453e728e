package keychain

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"
)

// How long an unlocked secret is kept: UnlockIdle after its last use (counted
// to the minute), and never longer than UnlockMax after it was stored.
const (
	UnlockIdle = 15 * time.Minute
	UnlockMax  = 12 * time.Hour
)

// UnlockCache keeps small secrets in memory between processes, so that one
// unlocking serves many: the data key of a vault, the sealing key of a keychain,
// never a passphrase. It only saves questions: a miss is never an error.
type UnlockCache interface {
	// Load returns the data stored under name, unless its time has run out.
	Load(name string) (data []byte, ok bool)
	// Store keeps data (at most 512 bytes) under name as well as it can.
	Store(name string, data []byte)
	// Drop forgets what is stored under name, everywhere.
	Drop(name string)
}

// UnlockOptions say where a TimedCache may keep secrets.
type UnlockOptions struct {
	Dir        string           // fob's own folder, part of each name: another folder, other secrets
	RuntimeDir string           // $XDG_RUNTIME_DIR; used if it can be trusted, "" is none
	Off        bool             // keep secrets in this process only
	Now        func() time.Time // nil is time.Now
}

// TimedCache is an [UnlockCache] in the first of these places that works: the
// kernel keyring (Linux), a file in the runtime folder, else this process alone.
// A process of the same user can read the first two; another user cannot.
// It is safe for concurrent use.
type TimedCache struct {
	dir  string
	now  func() time.Time
	all  []unlockPlace
	used []unlockPlace // those of all that secrets may go to, best first
}

// unlockPlace is somewhere entries can rest. Names are hashes already.
type unlockPlace interface {
	load(name string) (unlockEntry, bool)
	// save replaces the entry and has read it back when it returns nil.
	save(name string, e unlockEntry, ttl time.Duration) error
	// touch renews the entry that was loaded, and makes none if it is gone.
	touch(name string, e unlockEntry, ttl time.Duration)
	drop(name string)
}

// NewUnlockCache opens nothing and reads nothing until it is used.
func NewUnlockCache(o UnlockOptions) *TimedCache {
	c := &TimedCache{dir: o.Dir, now: o.Now}
	if c.now == nil {
		c.now = time.Now
	}
	c.all = []unlockPlace{kernelPlace{}, filePlace{o.RuntimeDir}, &memoryPlace{}}
	c.used = c.all
	if o.Off {
		c.used = c.all[2:]
	}
	return c
}

// Load implements [UnlockCache]. A use renews the idle time.
func (c *TimedCache) Load(name string) ([]byte, bool) {
	id, now := c.id(name), c.now()
	for _, p := range c.used {
		e, ok := p.load(id)
		if !ok {
			continue
		}
		if e.left(now) <= 0 {
			p.drop(id)
			continue
		}
		if now.Sub(e.used) >= time.Minute {
			e.used = now
			p.touch(id, e, e.left(now))
		}
		return e.data, true
	}
	return nil, false
}

// Store implements [UnlockCache].
func (c *TimedCache) Store(name string, data []byte) {
	id, now := c.id(name), c.now()
	e := unlockEntry{created: now, used: now, data: slices.Clone(data)}
	stored := false
	for _, p := range c.used {
		if !stored && p.save(id, e, e.left(now)) == nil {
			stored = true
		} else {
			p.drop(id) // an older secret must not come back from here
		}
	}
}

// Drop implements [UnlockCache].
func (c *TimedCache) Drop(name string) {
	for _, p := range c.all {
		p.drop(c.id(name))
	}
}

// id is the name that a place sees. It tells two folders apart and no names.
func (c *TimedCache) id(name string) string {
	sum := sha256.Sum256([]byte(c.dir + "\x00" + name))
	return hex.EncodeToString(sum[:16])
}

// unlockEntry is a secret and its times.
type unlockEntry struct {
	created, used time.Time
	data          []byte
	ref           any // what the place needs to touch exactly what it loaded
}

// left is how long the entry is still good at the time now. One from the future
// is not: a clock that was set back must not lengthen its life.
func (e unlockEntry) left(now time.Time) time.Duration {
	const jitter = time.Minute // clocks are corrected in small steps
	if e.created.Sub(now) > jitter || e.used.Sub(now) > jitter {
		return 0
	}
	return min(UnlockIdle-now.Sub(e.used), UnlockMax-now.Sub(e.created))
}

// An entry in bytes: magic, created and used in Unix nanoseconds, the first
// eight bytes of a SHA-256 over all the rest, data.
const (
	unlockMagic  = "fobunlk1"
	unlockHeader = len(unlockMagic) + 8 + 8 + 8
	maxUnlock    = 512
)

func (e unlockEntry) encode() []byte {
	b := []byte(unlockMagic)
	b = binary.BigEndian.AppendUint64(b, uint64(e.created.UnixNano()))
	b = binary.BigEndian.AppendUint64(b, uint64(e.used.UnixNano()))
	b = append(b, unlockSum(b, e.data)...)
	return append(b, e.data...)
}

func decodeUnlock(b []byte) (unlockEntry, bool) {
	if len(b) < unlockHeader || len(b) > unlockHeader+maxUnlock || string(b[:len(unlockMagic)]) != unlockMagic {
		return unlockEntry{}, false
	}
	times, sum, data := b[len(unlockMagic):], b[unlockHeader-8:unlockHeader], b[unlockHeader:]
	if !bytes.Equal(sum, unlockSum(b[:unlockHeader-8], data)) {
		return unlockEntry{}, false
	}
	return unlockEntry{
		created: time.Unix(0, int64(binary.BigEndian.Uint64(times))),
		used:    time.Unix(0, int64(binary.BigEndian.Uint64(times[8:]))),
		data:    data,
	}, true
}

func unlockSum(head, data []byte) []byte {
	h := sha256.New()
	h.Write(head)
	h.Write(data)
	return h.Sum(nil)[:8]
}
