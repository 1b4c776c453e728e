package command

import (
	"regexp"
	"slices"
	"strings"
)

// ShellSyntax returns the first of the words that only a shell would understand
// ("|", ">out", "$HOME", "~/bin/x"), or "". It is a guess for a message such as
// `runs without a shell: "|" is not expanded`: what was in quotes cannot be
// told any more. Words with blanks, and the script after -c, count as quoted.
func ShellSyntax(words []string) string {
	// A pipe and the like, redirection with or without its target, and a
	// semicolon at the end of a word.
	operator := regexp.MustCompile(`^(\|\|?|\|&|&&?|\d*(>>?|<).*|&>.*)$|;$`)
	// $VAR, ${…}, $(…), `…` and a leading ~ or ~name.
	expansion := regexp.MustCompile("\\$[A-Za-z_{(]|`|^~[A-Za-z0-9_.-]*(/|$)")
	for i, word := range words {
		if strings.ContainsAny(word, posixBlanks) || slices.Contains(words[:i], "-c") {
			continue
		}
		if operator.MatchString(word) || expansion.MatchString(word) {
			return word
		}
	}
	return ""
}
