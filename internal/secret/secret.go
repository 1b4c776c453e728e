// Package secret holds a text that cannot print itself: secret access keys,
// session tokens and passphrases travel through fob as a [Text], so that no log
// line, error, panic or JSON document can show one by accident.
package secret

import (
	"fmt"
	"log/slog"
)

// hidden is what a secret shows of itself.
const hidden = "[secret]"

// Text is a secret. The zero value is an empty one. Only [Text.Reveal] gives
// the text; every other way to print it shows "[secret]".
type Text struct{ value string }

// New makes a secret of s.
func New(s string) Text { return Text{s} }

// Reveal returns the text itself, for the one place that has to hand it on.
func (t Text) Reveal() string { return t.value }

// Empty says whether there is nothing to hide.
func (t Text) Empty() bool { return t.value == "" }

// String implements fmt.Stringer.
func (Text) String() string { return hidden }

// GoString implements fmt.GoStringer.
func (Text) GoString() string { return hidden }

// Format implements fmt.Formatter, so that no verb (%x, %q, %d…) reaches the text.
func (Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalJSON implements json.Marshaler.
func (Text) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (Text) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue implements slog.LogValuer.
func (Text) LogValue() slog.Value { return slog.StringValue(hidden) }
