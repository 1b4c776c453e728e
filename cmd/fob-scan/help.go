package main

import (
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// groups are the headings of flags.
func groups() []kong.Group {
	return []kong.Group{
		{Key: "who", Title: "Accounts"},
		{Key: "what", Title: "Checks"},
		{Key: "where", Title: "Regions and limits"},
		{Key: "out", Title: "Results"},
	}
}

// withHelp has help without a command be that of the scan itself: its flags are what
// one looks for. The word help asks for it, too; of what is no command kong says so.
func withHelp(args []string, root *kong.Node) []string {
	isCommand := func(arg string) bool {
		return slices.ContainsFunc(root.Children, func(n *kong.Node) bool { return n.Name == arg })
	}
	if len(args) > 1 && args[0] == "help" && !isCommand(args[1]) {
		return args[1:]
	}
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	if !slices.Contains(args, "--help") && !slices.Contains(args, "-h") || slices.ContainsFunc(args, isCommand) {
		return args
	}
	return []string{"scan", "--help"}
}

// withoutCredentials are the commands that need none.
func withoutCredentials() []string {
	return []string{"eval", "diff", "merge", "checks", "rules", "iam-policy"}
}

// hideCredentials leaves the flags about credentials out of the help of a command that
// needs none.
func hideCredentials(args []string, root *kong.Node) {
	i := slices.IndexFunc(args, func(arg string) bool {
		return slices.ContainsFunc(root.Children, func(n *kong.Node) bool { return n.Name == arg })
	})
	if i < 0 || !slices.Contains(withoutCredentials(), args[i]) {
		return
	}
	for _, f := range root.Flags {
		f.Hidden = f.Hidden || !slices.Contains([]string{"help", "no-input", "debug"}, f.Name)
	}
}

// helpWriter writes help: the command that one need not type is not typed in it.
type helpWriter struct{ io.Writer }

func (w helpWriter) Write(p []byte) (int, error) {
	_, err := io.WriteString(w.Writer, strings.ReplaceAll(string(p), "fob scan scan", "fob scan"))
	return len(p), err
}

// exit is how kong's help leaves the parser.
type exit int
