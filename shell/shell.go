// Package shell writes environment variables as text that a shell or a CI system
// evaluates. Every shell quotes in its own way, so each has a file of its own here;
// a [Shell] is found by name with [Find], or by what surrounds the process with
// [Detect].
//
// The text is evaluated, so the rules are strict. Names are checked. A value
// arrives byte for byte or is refused; it is never changed, and never seen by the
// shell as code. The text is all or nothing: with an error it is empty, and an
// empty text sets nothing. All functions are pure.
//
// How a person has to evaluate the text is told at each shell's constructor.
package shell

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

var (
	// ErrUnsafe is for a value that the shell cannot take unchanged. The error
	// around it names the variable, never the value.
	ErrUnsafe = errors.New("the value cannot be written safely")
	// ErrName is for a variable name that is not a letter or "_" followed by
	// letters, digits and "_", all ASCII, or that comes twice.
	ErrName = errors.New("invalid variable name")
	// ErrUnknown is for a shell or format that is not one of this package.
	ErrUnknown = errors.New("unknown shell")
)

// Var is one variable of the environment.
type Var struct {
	Name, Value string
	// Unset takes the variable away; Value then has no meaning.
	Unset bool
	// Secret asks a CI system to hide the value in its log. Shells ignore it.
	Secret bool
}

// Unset returns variables to take away.
func Unset(names ...string) []Var {
	vars := make([]Var, len(names))
	for i, name := range names {
		vars[i] = Var{Name: name, Unset: true}
	}
	return vars
}

// Shell writes variables for one shell or file format.
type Shell interface {
	// Name is the canonical name, as in All or Formats.
	Name() string
	// Export returns the text that sets and takes away vars, in their order. It
	// fails with ErrName or ErrUnsafe.
	Export(vars []Var) (string, error)
}

// All returns the shells, the likeliest first.
func All() []Shell {
	return []Shell{bash(), zsh(), sh(), fish(), pwsh(), nu(), elvish(), tcsh(), xonsh(), cmd()}
}

// Formats returns what is not a shell's language: dotenv, json and github.
// random is where github takes its delimiters from, nil means crypto/rand.
func Formats(random io.Reader) []Shell {
	return []Shell{dotenv(), jsonObject(), GitHub{Random: random}}
}

// safe are the characters that no shell of this package gives a meaning to inside
// a word, and of which all validated credentials consist.
const safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+=:,@%-"

// Safe says whether value has only characters that are harmless in every shell
// (A-Z a-z 0-9 _ . / + = : , @ % -). For sh, and for no other shell, an unquoted
// eval needs that; see sh.
func Safe(value string) bool { return strings.Trim(value, safe) == "" }

// validName: a letter or "_", then letters, digits and "_".
func validName(name string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
	return name != "" && strings.Contains(letters, name[:1]) && strings.Trim(name, letters+"0123456789") == ""
}

// check refuses what no shell can take: bad names, and NUL, which cannot be part
// of an environment.
func check(shell string, vars []Var) error {
	seen := make(map[string]bool, len(vars))
	for _, v := range vars {
		if !validName(v.Name) || seen[v.Name] {
			return fmt.Errorf("write variable %q for %s: %w", v.Name, shell, ErrName)
		}
		if !v.Unset && strings.Contains(v.Value, "\x00") {
			return unsafeValue(shell, v)
		}
		seen[v.Name] = true
	}
	return nil
}

func unsafeValue(shell string, v Var) error {
	return fmt.Errorf("write variable %q for %s: %w", v.Name, shell, ErrUnsafe)
}

// statements is a shell that takes one statement per variable.
type statements struct {
	name  string
	set   string // a fmt format for the name and the quoted value
	unset string // a fmt format for the name; "" if there is no such thing
	// quote returns the value as the shell reads it; ok is false for a value that
	// the shell cannot take.
	quote func(value string) (text string, ok bool)
}

// Name implements Shell.
func (s statements) Name() string { return s.name }

// Export implements Shell.
func (s statements) Export(vars []Var) (string, error) {
	if err := check(s.name, vars); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, v := range vars {
		if v.Unset {
			if s.unset != "" {
				fmt.Fprintf(&out, s.unset, v.Name)
			}
			continue
		}
		text, ok := s.quote(v.Value)
		if !ok {
			return "", unsafeValue(s.name, v)
		}
		fmt.Fprintf(&out, s.set, v.Name, text)
	}
	return out.String(), nil
}
