package keychain

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
)

// Sealer gives the key that sessions are sealed with, for a [Store] that keeps
// it as an item. (A [Vault] derives it from its data key.)
type Sealer struct {
	Store Store
	// Unlocked remembers the key between processes for a while, so that a warm
	// answer needs no keychain; nil remembers nothing.
	Unlocked UnlockCache
	// Lock keeps two processes from making two keys; nil for none.
	Lock func(context.Context) (release func(), err error)
}

// SealingName is the sealing key's name in an [UnlockCache].
const SealingName = "sealing key"

// SealingKey returns the key. It is made when the store says that there is none,
// and only then: never after an error, never while the store is locked.
func (s *Sealer) SealingKey(ctx context.Context) ([32]byte, error) {
	if key, ok := s.remembered(); ok {
		return key, nil
	}
	if s.Lock != nil {
		release, err := s.Lock(ctx)
		if err != nil {
			return [32]byte{}, err
		}
		defer release()
		if key, ok := s.remembered(); ok {
			return key, nil
		}
	}
	raw, err := s.Store.Get(ctx, Account{Kind: KindSeal})
	if errors.Is(err, ErrNotFound) {
		raw = make([]byte, 32)
		if _, err := rand.Read(raw); err != nil {
			return [32]byte{}, err
		}
		err = s.Store.Set(ctx, Account{Kind: KindSeal}, raw)
	}
	if err != nil {
		return [32]byte{}, err
	}
	if len(raw) != 32 {
		return [32]byte{}, &Error{"read", s.Store.Name(), fmt.Errorf("the sealing key: %w", ErrCorrupt)}
	}
	if s.Unlocked != nil {
		s.Unlocked.Store(SealingName, raw)
	}
	return [32]byte(raw), nil
}

func (s *Sealer) remembered() ([32]byte, bool) {
	if s.Unlocked == nil {
		return [32]byte{}, false
	}
	raw, ok := s.Unlocked.Load(SealingName)
	if !ok || len(raw) != 32 {
		return [32]byte{}, false
	}
	return [32]byte(raw), true
}
