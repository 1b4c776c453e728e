package shell

import "strings"

// dotenv is a file of lines NAME=value, as docker, compose, many libraries and
// people with "set -a; . ./.env" read it. A file cannot take variables away: those
// are left out.
func dotenv() Shell {
	return statements{name: "dotenv", set: "%s=%s\n", quote: quoteDotenv}
}

// quoteDotenv only refuses: some readers take quotes for part of the value, and
// others run what is not quoted. zsh takes =name for the path of a program, at the
// beginning and after a colon.
func quoteDotenv(value string) (string, bool) {
	return value, Safe(value) && !strings.HasPrefix(value, "=") && !strings.Contains(value, ":=")
}
