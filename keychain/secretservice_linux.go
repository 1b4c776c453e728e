package keychain

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

const serviceSilent = "the Secret Service is silent"

// SecretService is the [Store] of a Linux desktop (gnome-keyring, KWallet,
// KeePassXC): the Secret Service API, version 0.2, over the session bus. A call
// makes its own connection and leaves nothing behind: no goroutine, no process.
//
// A call ends after 5 s at the latest; if Interactive allows a dialog and one is
// needed, PromptTimeout and another 5 s are added. Items are written to the
// default collection and found in any.
//
// A bus name is not proof of identity: a program of the same user may pose as
// the Secret Service. The session bus is inside the user's boundary of trust.
type SecretService struct {
	// Address is the bus, as [SessionBusAddress] gives it. It is never guessed.
	Address string
	// UID is the user that the bus must run as, our own (zero is root).
	UID int
	// Interactive says whether a dialog may be shown; nil never allows one. What
	// is locked is then ErrLocked at once.
	Interactive func() bool
	// PromptTimeout is how long a dialog may stay open; zero means 50 s.
	PromptTimeout time.Duration
}

// Name implements [Store].
func (*SecretService) Name() string { return "Secret Service" }

// Probe says whether there is a Secret Service with a default collection, locked
// or not, in at most 2 s. The bus may start the service for it, as for any call.
func (s *SecretService) Probe(ctx context.Context) error {
	c, err := s.connect(ctx)
	if err != nil {
		return s.failed("probe", err)
	}
	defer c.close()
	err = c.within(ctx, probeTimeout, serviceSilent, func(ctx context.Context) error {
		if err := c.greet(ctx); err != nil {
			return err
		}
		_, _, err := c.defaultCollection()
		return err
	})
	return s.failed("probe", err)
}

// Get implements [Store]. An item that does not hold a value of fob's is no
// answer; if there is no other, it is ErrCorrupt. ErrNotFound is said only after
// the default collection has been seen unlocked.
func (s *SecretService) Get(ctx context.Context, a Account) ([]byte, error) {
	var value []byte
	err := s.run(ctx, attributes(a), func(c *secretClient, m matches) (err error) {
		value, err = c.read(a.ID(), m.open)
		if !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrCorrupt) {
			return err
		}
		if lockErr := c.checkLocks(m); lockErr != nil {
			return lockErr
		}
		return err
	})
	return value, s.failed("read", err)
}

// Set implements [Store]. Other items of the same account, as a change of the
// default collection leaves them behind, are removed once the new one is there.
func (s *SecretService) Set(ctx context.Context, a Account, value []byte) error {
	text, err := frame(a.ID(), value)
	if err != nil {
		return s.failed("write", err)
	}
	attrs := attributes(a)
	prompted := false
	err = s.run(ctx, attrs, func(c *secretClient, m matches) error {
		if prompted {
			return nil // the answered dialog made the item
		}
		collection, locked, err := c.defaultCollection()
		if err != nil {
			return err
		}
		if locked {
			m.locked = append(m.locked, collection)
		}
		if len(m.locked) > 0 {
			return &needsPerson{objects: m.locked}
		}
		item, prompt, err := c.create(collection, "fob: "+string(a.Kind), attrs, text)
		if err != nil {
			return err
		}
		if prompt != noObject {
			prompted = true
			return &needsPerson{prompt: prompt}
		}
		return c.removeAll(slices.DeleteFunc(m.open, func(p dbus.ObjectPath) bool { return p == item }))
	})
	return s.failed("write", err)
}

// Delete implements [Store].
func (s *SecretService) Delete(ctx context.Context, a Account) error {
	begun := false
	err := s.run(ctx, attributes(a), func(c *secretClient, m matches) error {
		if m.none() && begun {
			return nil
		}
		if err := c.checkLocks(m); err != nil {
			return err
		}
		if m.none() {
			return ErrNotFound
		}
		begun = true
		return c.removeAll(m.open)
	})
	return s.failed("delete", err)
}

// List implements [Store]. It unlocks nothing and shows no dialog.
func (s *SecretService) List(ctx context.Context) ([]string, error) {
	var ids []string
	quiet := *s
	quiet.Interactive = nil
	err := quiet.run(ctx, map[string]string{"application": "fob"}, func(c *secretClient, m matches) (err error) {
		if err := c.checkLocks(m); err != nil {
			return err
		}
		ids, err = c.accounts(m.open)
		return err
	})
	if err != nil {
		return nil, s.failed("list", err)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return !isID(id) })
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// attributes are what an item is found by.
func attributes(a Account) map[string]string {
	return map[string]string{"application": "fob", "account": a.ID()}
}

// checkLocks says needsPerson if what was not found may be hidden by a lock. Some
// services do not show the items of a locked collection at all, so that "none"
// is an answer only when the default collection is open.
func (c *secretClient) checkLocks(m matches) error {
	if len(m.locked) > 0 {
		return &needsPerson{objects: m.locked}
	}
	if !m.none() {
		return nil
	}
	collection, locked, err := c.defaultCollection()
	if err == nil && locked {
		err = &needsPerson{objects: []dbus.ObjectPath{collection}}
	}
	return err
}

// removeAll deletes items one by one.
func (c *secretClient) removeAll(items []dbus.ObjectPath) error {
	for _, item := range items {
		prompt, err := c.remove(item)
		if err != nil {
			return err
		}
		if prompt != noObject {
			return &needsPerson{prompt: prompt}
		}
	}
	return nil
}

// run searches and hands what was found to f. If f then needs a person and a
// dialog is allowed, the dialog is shown and f called once more.
func (s *SecretService) run(ctx context.Context, attrs map[string]string, f func(*secretClient, matches) error) error {
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	err = c.within(ctx, callTimeout, serviceSilent, func(ctx context.Context) error {
		m, err := c.start(ctx, attrs)
		if err != nil {
			return err
		}
		return f(c, m)
	})
	var need *needsPerson
	if !errors.As(err, &need) || s.Interactive == nil || !s.Interactive() {
		return err
	}
	err = c.within(ctx, cmp.Or(s.PromptTimeout, promptTimeout), "nobody answered the dialog", func(context.Context) error {
		return c.satisfy(need)
	})
	if err != nil {
		return err
	}
	return c.within(ctx, callTimeout, serviceSilent, func(context.Context) error {
		m, err := c.search(attrs)
		if err != nil {
			return err
		}
		return f(c, m)
	})
}

// connect opens a connection on which nothing has been sent yet.
func (s *SecretService) connect(ctx context.Context) (*secretClient, error) {
	b, err := dialBus(ctx, s.Address, s.UID)
	if err != nil {
		return nil, err
	}
	return &secretClient{bus: b}, nil
}

// failed makes err the error of an operation; nil stays nil.
func (s *SecretService) failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Store: s.Name(), Err: err}
}
