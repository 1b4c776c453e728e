// Package completions holds the completion scripts of fob, a static file for each
// shell, and makes them from the model of the command line ([Generate]).
//
// A script knows commands, flags, their descriptions and fixed values by itself.
// For the names of profiles it runs `fob __complete profiles PREFIX` (and stored,
// for those with a stored key), which prints one name per line from files alone.
// Names come from files that others may have written, so a script puts them on the
// command line quoted or leaves them out, and never evaluates one. So it gets the ids of
// the audit's checks (checks), which are many.
package completions

import "embed"

//go:generate go test ../cli -run TestCompletionScripts -update

//go:embed fob.bash _fob fob.fish fob.ps1 fob.nu fob.elv fob.tcsh fob.xsh
var scripts embed.FS

// checks are the ids of the audit's checks, one per line.
//
//go:embed checks.txt
var checks string

// Shells are the shells that there is a script for, by their names in package shell.
func Shells() []string {
	return []string{"bash", "zsh", "fish", "pwsh", "nu", "elvish", "tcsh", "xonsh"}
}

// Script is the completion script of one of [Shells], "" for any other name.
func Script(shell string) string {
	text, _ := scripts.ReadFile(File(shell))
	return string(text)
}

// File is the name of that script in this folder, "" for any other name. Where a
// shell looks for scripts by their names, it is the one that it looks for.
func File(shell string) string {
	switch shell {
	case "bash", "fish", "nu", "tcsh":
		return "fob." + shell
	case "zsh":
		return "_fob"
	case "pwsh":
		return "fob.ps1"
	case "elvish":
		return "fob.elv"
	case "xonsh":
		return "fob.xsh"
	}
	return ""
}
