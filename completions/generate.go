package completions

import (
	"embed"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// engines are the parts of the scripts that do not depend on the model, with
// marks such as @MODEL@ for what does; and the models of programs that are not fob.
//
//go:embed engine/* *.json
var engines embed.FS

// Generate makes the script of one of [Shells] from kong's model of the command
// line. What the model hides is left out.
//
// How a value is completed is said by a tag: predictor:"profile", "stored" (a
// profile with a stored key), "check" (the id of a check of the audit), "file" or "any"
// (nothing), or the name of a list in lists. Without the tag, an enum offers its words,
// what is named "profile" profiles, and a placeholder or argument "file" files. A
// passthrough argument is a program with its arguments, behind --. A passthrough command
// is a program of its own, see [Model].
//
// It fails for a name that a script could not hold bare, and an unknown predictor.
func Generate(shell string, app *kong.Application, lists map[string][]string) (string, error) {
	root, err := read(app, lists)
	if err != nil {
		return "", err
	}
	write, ok := map[string]func(*command, string) string{
		"bash": bash, "zsh": zsh, "fish": fish, "elvish": elvish, "pwsh": pwsh, "xonsh": xonsh, "nu": nu, "tcsh": tcsh,
	}[shell]
	if !ok {
		return "", fmt.Errorf("there is no completion script for %q", shell)
	}
	engine, err := engines.ReadFile("engine/" + File(shell))
	if err != nil {
		return "", err
	}
	return write(root, string(engine)), nil
}

// fill puts texts in the place of marks.
func fill(engine string, marksAndTexts ...string) string {
	return strings.NewReplacer(marksAndTexts...).Replace(engine)
}
