package completions

import (
	"fmt"
	"strings"
)

// zsh writes a function for the program and for each command with commands below it.
func zsh(root *command, engine string) string {
	var all lines
	for _, c := range root.commands() {
		if len(c.below) > 0 {
			zshFunction(&all, c, c == root)
		}
	}
	return fill(engine, "@FUNCTIONS@", all.text())
}

// zshFunction: the root also brings the flags of every command, which the others find in
// its variable.
func zshFunction(l *lines, c *command, root bool) {
	l.add("%s() {", zshName(c))
	l.add("  local curcontext=$curcontext context state state_descr line ret=1")
	l.add("  local -A opt_args")
	if root {
		l.add("  local -a everywhere=(")
		for _, f := range c.flags {
			l.add("    %s", zshFlag(f))
		}
		l.add("  )")
	}
	l.add("  local -a subcommands=(")
	for _, b := range c.below {
		l.add("    %s", quoteSh(b.name+":"+b.help))
	}
	l.add("  )")
	own := ""
	if !root {
		own = zshFlags(c)
	}
	l.add("  _arguments -s -S -C $everywhere%s '1: :->below' '*:: :->inside' && ret=0", own)
	l.add("  case $state in")
	l.add("  (below) _describe -t commands command subcommands && ret=0 ;;")
	l.add("  (inside)")
	l.add("    curcontext=${curcontext%%:*:*}:%s-$words[1]:", strings.ReplaceAll(c.path, " ", "-"))
	l.add("    case $words[1] in")
	for _, b := range c.below {
		l.add("    (%s)", strings.Join(b.names(), "|"))
		if b.runs {
			l.add("      __fob_run && return")
		}
		if len(b.below) > 0 {
			l.add("      %s && ret=0", zshName(b))
		} else {
			l.add("      _arguments -s -S $everywhere%s%s && ret=0", zshFlags(b), zshArgs(b))
		}
		l.add("      ;;")
	}
	l.add("    esac")
	l.add("  esac")
	l.add("  return ret")
	l.add("}")
	l.add("")
}

func zshName(c *command) string { return "_" + strings.ReplaceAll(c.path, " ", "_") }

func zshFlags(c *command) string {
	var b strings.Builder
	for _, f := range c.flags {
		b.WriteString(" \\\n        " + zshFlag(f))
	}
	return b.String()
}

// zshFlag is a flag as _arguments takes it: both names exclude each other, and the
// flag itself unless it may be repeated.
func zshFlag(f flag) string {
	help := "[" + strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(f.help) + "]"
	value, long, short := "", "", ""
	if f.value != "" {
		value, long, short = ":"+zshEscape(f.placeholderOrName())+":"+zshAction(f.value), "=", "+"
	}
	repeat, others := "", ""
	if f.repeats {
		repeat = "*"
	} else {
		others = "(" + strings.Join(f.names(), " ") + ")"
	}
	if f.short == "" {
		return quoteSh(others + repeat + f.name + long + help + value)
	}
	return fmt.Sprintf("%s{%s,%s}%s", quoteSh(others+repeat), f.short+short, f.name+long, quoteSh(help+value))
}

func zshArgs(c *command) string {
	var b strings.Builder
	for i, k := range c.args {
		spec := fmt.Sprintf("%d:: :%s", i+1, zshAction(k))
		if c.repeats && i == len(c.args)-1 {
			spec = "*: :" + zshAction(k)
		}
		b.WriteString(" \\\n        " + quoteSh(spec))
	}
	return b.String()
}

// zshAction is how _arguments completes a value.
func zshAction(k kind) string {
	switch k {
	case kindProfile:
		return "__fob_profiles"
	case kindStored:
		return "__fob_stored"
	case kindFile:
		return "_files"
	}
	if words, ok := k.words(); ok {
		return "(" + strings.Join(words, " ") + ")"
	}
	return " "
}

func zshEscape(s string) string { return strings.ReplaceAll(s, ":", `\:`) }
