package keychain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// nativeReply is what the child answers: one JSON object, nothing else.
type nativeReply struct {
	OK       bool     `json:"ok"`
	Error    string   `json:"error,omitempty"`  // a name of nativeErrors
	Detail   string   `json:"detail,omitempty"` // what else is known, never a value
	Value    []byte   `json:"value,omitempty"`
	Accounts []string `json:"accounts,omitempty"`
}

// nativeErrors are the errors that a child can report, and their names.
var nativeErrors = []struct {
	name string
	err  error
}{
	{"not-found", ErrNotFound},
	{"locked", ErrLocked},
	{"denied", ErrDenied},
	{"timeout", ErrTimeout},
	{"cancelled", ErrCancelled},
	{"corrupt", ErrCorrupt},
	{"too-large", ErrTooLarge},
	{"unsupported", errors.ErrUnsupported},
	{"unavailable", ErrUnavailable},
}

// nativeProvider is a keychain of the operating system without deadlines. Values are
// frames; errors wrap one of nativeErrors.
type nativeProvider interface {
	get(account string) ([]byte, error)
	set(account string, value []byte) error
	delete(account string) error
	list() ([]string, error)
}

// ServeNative is the child's side of [Native]: it does what args (those after
// [NativeCommand]) say, with the value to store on in, and writes the answer to
// out. A failure of the keychain is part of the answer; the error is about bad
// arguments, about in or out, or that ctx ended first.
func ServeNative(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	return serveNative(ctx, systemProvider{}, args, in, out)
}

func serveNative(ctx context.Context, p nativeProvider, args []string, in io.Reader, out io.Writer) error {
	do, err := nativeOperation(p, args, in)
	if err != nil {
		return err
	}
	// The provider cannot be interrupted; the process ends without it.
	done := make(chan nativeReply, 1)
	go func() { done <- replyOf(do()) }()
	select {
	case r := <-done:
		return json.NewEncoder(out).Encode(r)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nativeOperation reads the arguments, and the value of a "set".
func nativeOperation(p nativeProvider, args []string, in io.Reader) (func() (nativeReply, error), error) {
	if len(args) == 1 && args[0] == "list" {
		return func() (nativeReply, error) {
			ids, err := p.list()
			return nativeReply{Accounts: ids}, err
		}, nil
	}
	if len(args) != 2 || !isID(args[1]) {
		return nil, fmt.Errorf("malformed arguments of %s", NativeCommand)
	}
	account := args[1]
	switch args[0] {
	case "get":
		return func() (nativeReply, error) {
			value, err := p.get(account)
			return nativeReply{Value: value}, err
		}, nil
	case "set":
		value, err := io.ReadAll(io.LimitReader(in, int64(maxFrame)+1))
		if err != nil {
			return nil, fmt.Errorf("read value: %w", err)
		}
		if _, err := unframe(account, value); err != nil {
			return nil, fmt.Errorf("read value: %w", err)
		}
		return func() (nativeReply, error) { return nativeReply{}, p.set(account, value) }, nil
	case "delete":
		return func() (nativeReply, error) { return nativeReply{}, p.delete(account) }, nil
	}
	return nil, fmt.Errorf("malformed arguments of %s", NativeCommand)
}

// replyOf makes an answer of a provider's. An error without a name is
// "unavailable" and its text is left out, since nothing is known about it.
func replyOf(r nativeReply, err error) nativeReply {
	if err == nil {
		r.OK = true
		return r
	}
	for _, known := range nativeErrors {
		if errors.Is(err, known.err) {
			detail := strings.TrimPrefix(strings.TrimPrefix(err.Error(), known.err.Error()), ": ")
			return nativeReply{Error: known.name, Detail: detail}
		}
	}
	return nativeReply{Error: "unavailable"}
}

// parseReply undoes replyOf on the parent's side. Anything but one answer is
// ErrCorrupt.
func parseReply(out []byte) (nativeReply, error) {
	garbage := fmt.Errorf("%w: malformed answer of the process that asks the keychain", ErrCorrupt)
	d := json.NewDecoder(bytes.NewReader(out))
	d.DisallowUnknownFields()
	var r nativeReply
	if err := d.Decode(&r); err != nil {
		return nativeReply{}, garbage
	}
	if _, err := d.Token(); err != io.EOF {
		return nativeReply{}, garbage
	}
	if r.OK {
		return r, nil
	}
	for _, known := range nativeErrors {
		switch {
		case r.Error != known.name:
		case r.Detail == "":
			return nativeReply{}, known.err
		default:
			return nativeReply{}, fmt.Errorf("%w: %s", known.err, r.Detail)
		}
	}
	return nativeReply{}, garbage
}
