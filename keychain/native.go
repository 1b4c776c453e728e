package keychain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// NativeCommand is the hidden command of fob that [Native] runs:
// `fob __keychain get|set|delete ACCOUNT` and `fob __keychain list`.
const NativeCommand = "__keychain"

// Runner runs fob with args, writes stdin to it and returns what it wrote to its
// standard output. When ctx ends it kills the process and its descendants and
// returns. [SelfRunner] makes one.
type Runner func(ctx context.Context, args []string, stdin []byte) (stdout []byte, err error)

// Native is the [Store] of the macOS Keychain and the Windows Credential Manager
// by way of zalando/go-keyring. That library knows no deadline, so that it runs
// in a child process, which is killed when its time is over.
//
// A call ends after 5 s; if Interactive allows dialogs, after PromptTimeout, as
// nobody can tell whether the system shows one. Values travel on standard input
// and output, never in arguments; the keychain sees the service "fob" and
// [Account.ID].
type Native struct {
	// Self runs fob itself. nil makes every call ErrUnavailable.
	Self Runner
	// Interactive says whether the system may show a dialog; nil says no.
	Interactive func() bool
	// PromptTimeout is how long a dialog may stay open; zero means 50 s.
	PromptTimeout time.Duration
}

// Name implements [Store].
func (*Native) Name() string { return nativeName }

// Probe says whether the keychain answers, in at most 2 s, by asking for an item
// that does not exist.
func (n *Native) Probe(ctx context.Context) error {
	_, err := n.call(ctx, probeTimeout, nil, "get", Account{Kind: "probe"}.ID())
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return n.failed("probe", err)
}

// Get implements [Store].
func (n *Native) Get(ctx context.Context, a Account) ([]byte, error) {
	r, err := n.call(ctx, n.limit(), nil, "get", a.ID())
	if err != nil {
		return nil, n.failed("read", err)
	}
	value, err := unframe(a.ID(), r.Value)
	return value, n.failed("read", err)
}

// Set implements [Store].
func (n *Native) Set(ctx context.Context, a Account, value []byte) error {
	text, err := frame(a.ID(), value)
	if err == nil {
		_, err = n.call(ctx, n.limit(), text, "set", a.ID())
	}
	return n.failed("write", err)
}

// Delete implements [Store].
func (n *Native) Delete(ctx context.Context, a Account) error {
	_, err := n.call(ctx, n.limit(), nil, "delete", a.ID())
	return n.failed("delete", err)
}

// List implements [Store] on Windows. On macOS the error wraps
// [errors.ErrUnsupported]: go-keyring cannot list, and the system asks about
// every item; fob's index file has the names.
func (n *Native) List(ctx context.Context) ([]string, error) {
	r, err := n.call(ctx, n.limit(), nil, "list")
	if err != nil {
		return nil, n.failed("list", err)
	}
	ids := slices.DeleteFunc(r.Accounts, func(s string) bool { return !isID(s) })
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// limit is the time that a call may take.
func (n *Native) limit() time.Duration {
	if n.Interactive != nil && n.Interactive() {
		return cmp.Or(n.PromptTimeout, promptTimeout)
	}
	return callTimeout
}

// call runs one operation in a child.
func (n *Native) call(ctx context.Context, limit time.Duration, stdin []byte, args ...string) (nativeReply, error) {
	if n.Self == nil {
		return nativeReply{}, fmt.Errorf("%w: no child process to ask", ErrUnavailable)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := n.Self(ctx, append([]string{NativeCommand}, args...), stdin)
	switch {
	case err != nil && ctx.Err() != nil:
		return nativeReply{}, ended(ctx, "it was stopped")
	case err != nil:
		return nativeReply{}, fmt.Errorf("%w: the process that asks it failed: %w", ErrUnavailable, err)
	}
	return parseReply(out)
}

// failed makes err the error of an operation; nil stays nil.
func (n *Native) failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Store: n.Name(), Err: err}
}
