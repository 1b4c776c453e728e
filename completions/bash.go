package completions

import (
	"fmt"
	"strings"
)

// bash fills in the tables of the script, which are case statements: bash 3.2 has
// nothing better.
func bash(root *command, engine string) string {
	var model, below, values lines
	for _, c := range root.commands() {
		var parts []string
		add := func(name, text string) {
			if text != "" {
				parts = append(parts, name+quoteSh(text))
			}
		}
		if c != root {
			add("flags+=", strings.Join(append([]string{""}, flagNames(c)...), " "))
		}
		add("below=", strings.Join(names(c.Below), " "))
		add("args=", c.argsText())
		if c.Runs {
			add("runs=", "yes")
		}
		if len(parts) > 0 {
			model.add("  %s) %s ;;", quoteSh(c.key()), strings.Join(parts, " "))
		}
		for _, b := range c.Below {
			below.add("  %s) at=%s ;;", eachOf(c.key(), b.names()), quoteSh(b.key()))
		}
		for _, k := range c.kinds() {
			patterns := eachOf(c.key(), c.taking(k))
			if c == root { // at every command
				patterns = "*" + strings.ReplaceAll(patterns, " | ", " | *")
			}
			values.add("  %s) kind=%s ;;", patterns, quoteSh(string(k)))
		}
	}
	return fill(engine, "@GLOBALS@", strings.Join(flagNames(root), " "), "@MODEL@", model.text(), "@BELOW@", below.text(), "@VALUES@", values.text())
}

// eachOf are the patterns for a word of several names after a command.
func eachOf(command string, names []string) string {
	var all []string
	for _, n := range names {
		all = append(all, quoteSh(command+" "+n))
	}
	return strings.Join(all, " | ")
}

// quoteSh quotes for the shells of the Bourne family, zsh included.
func quoteSh(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// lines collects lines of a script.
type lines []string

func (l *lines) add(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

func (l lines) text() string { return strings.Join(l, "\n") }
