package keychain

import (
	"context"
	"errors"
	"testing"
)

// brokenStore fails in a chosen way and counts writes.
type brokenStore struct {
	items  map[string][]byte
	getErr error
	writes int
}

func (s *brokenStore) Name() string { return "test store" }

func (s *brokenStore) Get(_ context.Context, a Account) ([]byte, error) {
	if s.getErr != nil {
		return nil, s.getErr
	}
	if v, ok := s.items[a.ID()]; ok {
		return v, nil
	}
	return nil, &Error{"read", s.Name(), ErrNotFound}
}

func (s *brokenStore) Set(_ context.Context, a Account, v []byte) error {
	s.writes++
	if s.items == nil {
		s.items = map[string][]byte{}
	}
	s.items[a.ID()] = v
	return nil
}

func (s *brokenStore) Delete(context.Context, Account) error  { return nil }
func (s *brokenStore) List(context.Context) ([]string, error) { return nil, nil }

// A sealing key is made when there is none, and only then: a locked or failing
// store must never get a new key written over the old one.
func TestSealingKeyIsMadeOnlyWhenAbsent(t *testing.T) {
	for _, broken := range []error{ErrLocked, ErrDenied, ErrTimeout, ErrUnavailable, ErrCorrupt} {
		s := &brokenStore{getErr: &Error{"read", "test store", broken}}
		if _, err := (&Sealer{Store: s}).SealingKey(t.Context()); !errors.Is(err, broken) || s.writes > 0 {
			t.Errorf("%v: got %v, %d writes", broken, err, s.writes)
		}
	}
	s := &brokenStore{}
	first, err := (&Sealer{Store: s}).SealingKey(t.Context())
	if err != nil || s.writes != 1 {
		t.Fatal(err, s.writes)
	}
	again, err := (&Sealer{Store: s}).SealingKey(t.Context())
	if err != nil || again != first || s.writes != 1 {
		t.Fatal("the second call made another key:", err, s.writes)
	}
}

func TestSealingKeyIsRemembered(t *testing.T) {
	s := &brokenStore{}
	cache := NewUnlockCache(UnlockOptions{Off: true})
	key, err := (&Sealer{Store: s, Unlocked: cache}).SealingKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.getErr = errors.New("the store must not be asked")
	again, err := (&Sealer{Store: s, Unlocked: cache}).SealingKey(t.Context())
	if err != nil || again != key {
		t.Fatal(err)
	}
}
