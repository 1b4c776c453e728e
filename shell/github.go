package shell

import (
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// GitHub writes variables for the later steps of a GitHub Actions job. It takes
// two texts in two places: first [GitHub.Masks] on stdout, where the runner reads
// commands, so that its log hides the secrets from then on, then [GitHub.Export]
// at the end of the file that the variable GITHUB_ENV names. The runner refuses
// that file if a command is in it.
//
// The file cannot take variables away: those are left out. Where an old value
// would do harm, export an empty one.
//
// See https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
type GitHub struct {
	// Random is the source of the delimiters; nil means crypto/rand.
	Random io.Reader
}

// Name implements Shell.
func (GitHub) Name() string { return "github" }

// Export implements Shell. Each value stands in a here-document whose delimiter
// nobody can guess. It also fails if the source of randomness does.
func (g GitHub) Export(vars []Var) (string, error) {
	if err := g.check(vars); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, v := range vars {
		if v.Unset {
			continue
		}
		end, err := g.delimiter()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%s<<%s\n%s\n%s\n", v.Name, end, v.Value, end)
	}
	return out.String(), nil
}

// Masks returns the commands that hide the values of the secret variables. It
// fails as Export does.
func (g GitHub) Masks(vars []Var) (string, error) {
	if err := g.check(vars); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, v := range vars {
		if v.Secret && !v.Unset && v.Value != "" {
			// The runner decodes %25, %0D and %0A in commands.
			fmt.Fprintf(&out, "::add-mask::%s\n", strings.ReplaceAll(v.Value, "%", "%25"))
		}
	}
	return out.String(), nil
}

// check refuses line ends too, as a mask works line by line.
func (g GitHub) check(vars []Var) error {
	if err := check(g.Name(), vars); err != nil {
		return err
	}
	for _, v := range vars {
		if !v.Unset && (strings.ContainsAny(v.Value, "\r\n") || !utf8.ValidString(v.Value)) {
			return unsafeValue(g.Name(), v)
		}
	}
	return nil
}

func (g GitHub) delimiter() (string, error) {
	random := g.Random
	if random == nil {
		random = rand.Reader
	}
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("make github delimiter: %w", err)
	}
	return fmt.Sprintf("fob_%x", b), nil
}
