package resolve

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"
)

// Step is one hop of a plan: a source (prev is empty) or a call that turns the
// credentials before it into others. Steps are plain data; one file each.
type Step interface {
	// String is the step as a person reads it in `fob explain`.
	String() string
	// Origin is where the step was asked for.
	Origin() Origin
	// inputs writes everything that changes the step's result.
	inputs(*keyWriter)
	// run makes the step's result.
	run(ctx context.Context, w *walk, prev Credentials) (Credentials, error)
}

// keeper is a step whose result is worth keeping between runs.
type keeper interface{ keeps() bool }

// coder is a step that may send an MFA code.
type coder interface{ codeRequest() (CodeRequest, bool) }

// Key names a cached result: a hash over every input of every step that made it.
type Key [sha256.Size]byte

// String is the key in hex, safe as a file name.
func (k Key) String() string {
	const digits = "0123456789abcdef"
	b := make([]byte, 0, 2*len(k))
	for _, x := range k {
		b = append(b, digits[x>>4], digits[x&15])
	}
	return string(b)
}

// keyWriter collects named inputs. Each is written with its length, so that no
// two different lists of inputs make the same bytes.
type keyWriter struct{ h hash.Hash }

func (w *keyWriter) add(name, value string) {
	if value == "" {
		return
	}
	var n [8]byte
	binary.BigEndian.PutUint32(n[:4], uint32(len(name)))
	binary.BigEndian.PutUint32(n[4:], uint32(len(value)))
	w.h.Write(n[:])
	w.h.Write([]byte(name))
	w.h.Write([]byte(value))
}

func (w *keyWriter) addInt(name string, n int) { w.add(name, strconv.Itoa(n)) }

// Key is the cache key of the result of the first n steps.
func (p *Plan) Key(n int) Key {
	w := &keyWriter{sha256.New()}
	w.add("fob", "1")
	for _, s := range p.Steps[:n] {
		s.inputs(w)
		w.add("step", "end")
	}
	return Key(w.h.Sum(nil))
}

// keeps says whether the result of step i (0-based) is kept between runs.
func (p *Plan) keeps(i int) bool {
	k, ok := p.Steps[i].(keeper)
	return ok && k.keeps()
}
