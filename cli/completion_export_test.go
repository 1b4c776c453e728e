package cli

import (
	"slices"

	"github.com/alecthomas/kong"

	"fob/completions"
	"fob/resolve"
	"fob/shell"
)

// ExecRuns says whether fob exec takes a command behind --.
func ExecRuns() bool {
	parser, err := kong.New(&grammar{}, options(System{})...)
	if err != nil {
		panic(err)
	}
	for _, n := range parser.Model.Leaves(true) {
		if n.Name == "exec" {
			return slices.ContainsFunc(n.Positional, func(p *kong.Positional) bool { return p.Passthrough })
		}
	}
	return false
}

// CompletionScript makes the script of a shell from the command line as it is.
func CompletionScript(shell string) (string, error) {
	parser, err := kong.New(&grammar{}, options(System{})...)
	if err != nil {
		return "", err
	}
	return completions.Generate(shell, parser.Model, completionLists())
}

// completionLists are the words that the tag predictor can name, see
// [completions.Generate].
func completionLists() map[string][]string {
	var shells, formats []string
	for _, s := range shell.All() {
		shells = append(shells, s.Name())
	}
	for _, s := range shell.Formats(nil) {
		formats = append(formats, s.Name())
	}
	return map[string][]string{"shell": shells, "format": formats, "script": completions.Shells(), "region": resolve.Regions("aws", "aws-cn", "aws-us-gov", "aws-eusc")}
}
