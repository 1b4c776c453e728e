package awsfile

import (
	"fmt"
	"io"
	"strings"
)

// Position is a line of one of the files.
type Position struct {
	File string
	Line int // from 1; 0 means the file as a whole
}

// String gives "FILE line N".
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s line %d", p.File, p.Line)
}

// Value is what a property is set to, and where. It prints as its position, since
// the text may be a secret.
type Value struct {
	Text string // a nested block is "\nkey = value\nkey2 = value2"
	Position
}

// String gives the position, not the text.
func (v Value) String() string { return v.Position.String() }

// Format implements fmt.Formatter, so that no verb reaches the text.
func (v Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// Nested looks a key up in a value that is a nested block, in any letter case; the
// last one counts. An empty value is as if absent. The position is that of the block.
func (v Value) Nested(key string) (Value, bool) {
	lines, nested := strings.CutPrefix(v.Text, "\n")
	if !nested {
		return Value{}, false
	}
	found := Value{Position: v.Position}
	for line := range strings.SplitSeq(lines, "\n") {
		bare, _ := cutComment([]byte(line))
		name, text, _ := strings.Cut(string(bare), "=")
		if text = strings.Trim(text, " \t"); text != "" && strings.EqualFold(strings.Trim(name, " \t"), key) {
			found.Text = text
		}
	}
	return found, found.Text != ""
}

// Section is one section with all its properties: for a profile those of both
// files, where the credentials file is the stronger one.
type Section struct {
	Name     string
	Headers  []Position // every header of the section, config file first
	Warnings []Warning  // what other tools read differently in it

	keys     []string
	values   map[string][]Value
	prefixed bool // a key has the prefix of `fob wire`
}

// Get returns the value that counts: the last one, where the credentials file
// comes after the config file. An empty value is as if its line were not there.
// The key is in lower case; the letter case in the file does not matter. Where
// `fob wire` has put one of the [WiredKeys] aside, it is that one.
func (s Section) Get(key string) (Value, bool) {
	v, ok := s.Plain(key)
	if !ok && s.isWired(key) {
		return s.Plain(WiredPrefix + key)
	}
	return v, ok
}

// Plain is Get as SDKs read the section: a key has no other name.
func (s Section) Plain(key string) (Value, bool) {
	all := s.values[key]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Text != "" {
			return all[i], true
		}
	}
	return Value{}, false
}

// All returns every occurrence of a key by this very name, empty ones included,
// from the weakest to the strongest.
func (s Section) All(key string) []Value { return s.values[key] }

// Keys lists the keys that are written, in the order of their first occurrence.
func (s Section) Keys() []string { return s.keys }

// In returns the section as it stands in one file alone, for instance to see
// whether a key pair is complete there.
func (s Section) In(file string) Section {
	only := Section{Name: s.Name, values: map[string][]Value{}}
	for _, header := range s.Headers {
		if header.File == file {
			only.Headers = append(only.Headers, header)
		}
	}
	for _, key := range s.keys {
		for _, value := range s.values[key] {
			if value.File == file {
				only.add(key, value)
			}
		}
	}
	return only
}

// String gives the name, so that printing a section shows no value.
func (s Section) String() string { return fmt.Sprintf("section %q", s.Name) }

// Format implements fmt.Formatter, so that no verb reaches a value.
func (s Section) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

func (s *Section) add(key string, value Value) {
	if _, known := s.values[key]; !known {
		s.keys = append(s.keys, key)
		s.prefixed = s.prefixed || hasWiredPrefix(key)
	}
	s.values[key] = append(s.values[key], value)
}
