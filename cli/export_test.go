package cli

import "github.com/alecthomas/kong"

// Commands are the subcommands as they are typed, without hidden ones.
func Commands() []string {
	parser, err := kong.New(&grammar{}, options(System{})...)
	if err != nil {
		panic(err)
	}
	var all []string
	for _, n := range parser.Model.Leaves(true) {
		all = append(all, commandOf(n))
	}
	return all
}
