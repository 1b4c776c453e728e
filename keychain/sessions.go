package keychain

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"fob/internal/atomicfile"
)

// Sessions are sealed files: temporary credentials, as safe as the key that
// seals them, of any size, and listed without unlocking anything.
//
// A file is named by the hex of its cache key and holds
//
//	"fobs" | version 1 | sealing key id (8) | issued, expires (8 + 8, Unix ns) | nonce (24) | XChaCha20-Poly1305
//
// The header and the cache key are associated data: a file that was moved,
// renamed or changed does not open. What does not open is a miss, told once.
type Sessions struct {
	// Dir holds the files; others cannot read it.
	Dir *os.Root
	// SealingKey gives the 32-byte key, unlocking a store if it has to.
	SealingKey func(context.Context) ([32]byte, error)
	// Warn hears of a file that does not open; nil drops it.
	Warn func(string)

	// peeked is the file that Peek has just read, for the Load that follows.
	peeked atomic.Pointer[sessionRead]
}

type sessionRead struct {
	key CacheKey
	raw []byte
}

const (
	sessionMagic   = "fobs\x01"
	sessionKeyID   = 8
	sessionHeader  = len(sessionMagic) + sessionKeyID + 16 + chacha20poly1305.NonceSizeX
	maxSessionFile = 1 << 20
)

// CacheKey names a session; its hex is the file's name.
type CacheKey = [sha256.Size]byte

func sessionFile(k CacheKey) string { return hex.EncodeToString(k[:]) }

// Peek says when a session was made and when it ends, from the file's header
// alone. The header is proven only when the file is opened.
func (s *Sessions) Peek(k CacheKey) (issued, expires time.Time, ok bool) {
	raw, err := s.read(k)
	if err != nil || raw == nil {
		return time.Time{}, time.Time{}, false
	}
	s.peeked.Store(&sessionRead{k, raw})
	issued, expires = sessionTimes(raw)
	return issued, expires, true
}

func sessionTimes(raw []byte) (issued, expires time.Time) {
	t := raw[len(sessionMagic)+sessionKeyID:]
	return time.Unix(0, int64(binary.BigEndian.Uint64(t))).UTC(), time.Unix(0, int64(binary.BigEndian.Uint64(t[8:]))).UTC()
}

// read returns a file with a whole header, nil when there is none.
func (s *Sessions) read(k CacheKey) ([]byte, error) {
	raw, err := atomicfile.Read(s.Dir, sessionFile(k), maxSessionFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case len(raw) < sessionHeader+chacha20poly1305.Overhead || string(raw[:len(sessionMagic)]) != sessionMagic:
		return nil, fmt.Errorf("session file %.8s…: %w", sessionFile(k), ErrCorrupt)
	}
	return raw, nil
}

// Load opens a session. ok is false when there is none, or none that opens; err
// says that the sealing key could not be had.
func (s *Sessions) Load(ctx context.Context, k CacheKey) (plain []byte, ok bool, err error) {
	raw, err := s.justRead(k)
	if err != nil {
		s.warn("a kept session is not used: %v", err)
		return nil, false, nil
	}
	if raw == nil {
		return nil, false, nil
	}
	key, err := s.SealingKey(ctx)
	if err != nil {
		return nil, false, err
	}
	defer clear(key[:])
	plain, err = openSession(key, k, raw)
	if err != nil {
		s.warn("a kept session is not used: %v", err)
		return nil, false, nil
	}
	return plain, true, nil
}

// justRead is the file as Peek found it a moment ago, else as it is now.
func (s *Sessions) justRead(k CacheKey) ([]byte, error) {
	if p := s.peeked.Swap(nil); p != nil && p.key == k {
		return p.raw, nil
	}
	return s.read(k)
}

// Ready gets the sealing key, so that a later Save will work.
func (s *Sessions) Ready(ctx context.Context) error {
	_, err := s.SealingKey(ctx)
	return err
}

// Save seals and keeps a session, wholly or not at all.
func (s *Sessions) Save(ctx context.Context, k CacheKey, plain []byte, issued, expires time.Time) error {
	key, err := s.SealingKey(ctx)
	if err != nil {
		return err
	}
	defer clear(key[:])
	raw, err := sealSession(key, k, plain, issued, expires)
	if err != nil {
		return err
	}
	return atomicfile.WriteFast(s.Dir, sessionFile(k), raw)
}

// Remove forgets a session; one that is not there is no error.
func (s *Sessions) Remove(k CacheKey) error {
	err := s.Dir.Remove(sessionFile(k))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// RemoveAll forgets every session, and says how many there were.
func (s *Sessions) RemoveAll() (int, error) {
	return s.removeIf(func([]byte) bool { return true })
}

// Sweep forgets sessions that ended before now, and what killed writers left.
func (s *Sessions) Sweep(now time.Time) error {
	_, err := s.removeIf(func(raw []byte) bool {
		_, expires := sessionTimes(raw)
		return expires.Before(now)
	})
	return errors.Join(err, atomicfile.Sweep(s.Dir, time.Hour, now))
}

func (s *Sessions) removeIf(doomed func(raw []byte) bool) (int, error) {
	names, err := fs.Glob(s.Dir.FS(), "*")
	n := 0
	for _, name := range names {
		b, decodeErr := hex.DecodeString(name)
		if decodeErr != nil || len(b) != sha256.Size {
			continue
		}
		raw, readErr := s.read(CacheKey(b))
		if readErr == nil && raw != nil && !doomed(raw) {
			continue
		}
		if e := s.Dir.Remove(name); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
			continue
		}
		n++
	}
	return n, err
}

func (s *Sessions) warn(format string, a ...any) {
	if s.Warn != nil {
		s.Warn(fmt.Sprintf(format, a...))
	}
}

// keyID names a sealing key without telling anything of it.
func keyID(key [32]byte) []byte {
	h := sha256.Sum256(append([]byte("fob sealing key id\x00"), key[:]...))
	return h[:sessionKeyID]
}

func sealSession(key [32]byte, k CacheKey, plain []byte, issued, expires time.Time) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return nil, err
	}
	raw := make([]byte, 0, sessionHeader+len(plain)+aead.Overhead())
	raw = append(raw, sessionMagic...)
	raw = append(raw, keyID(key)...)
	raw = binary.BigEndian.AppendUint64(raw, uint64(issued.UnixNano()))
	raw = binary.BigEndian.AppendUint64(raw, uint64(expires.UnixNano()))
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	raw = append(raw, nonce...)
	return aead.Seal(raw, nonce, plain, sessionAAD(raw, k)), nil
}

func openSession(key [32]byte, k CacheKey, raw []byte) ([]byte, error) {
	if id := raw[len(sessionMagic):][:sessionKeyID]; string(id) != string(keyID(key)) {
		return nil, fmt.Errorf("it was sealed with another key: %w", ErrCorrupt)
	}
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return nil, err
	}
	header, body := raw[:sessionHeader], raw[sessionHeader:]
	plain, err := aead.Open(nil, header[sessionHeader-aead.NonceSize():], body, sessionAAD(header, k))
	if err != nil {
		return nil, ErrCorrupt
	}
	return plain, nil
}

func sessionAAD(header []byte, k CacheKey) []byte {
	var b strings.Builder
	b.Write(header)
	b.Write(k[:])
	return []byte(b.String())
}
