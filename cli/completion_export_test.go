package cli

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"fob/completions"
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
	return map[string][]string{"shell": shells, "format": formats, "script": completions.Shells(), "region": strings.Fields(regions)}
}

// regions are those of AWS, China, GovCloud and the European Sovereign Cloud.
const regions = `
af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2
eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1
us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1`
