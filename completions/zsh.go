package completions

import (
	"fmt"
	"strings"
)

// zsh writes a function for the program and for each command with commands below it.
func zsh(root *command, engine string) string {
	var all lines
	for _, c := range root.commands() {
		if len(c.Below) > 0 {
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
		for _, f := range c.Flags {
			l.add("    %s", zshFlag(f))
		}
		l.add("  )")
	}
	zshAgain(l, c.Again)
	l.add("  local -a subcommands=(")
	for _, b := range c.Below {
		l.add("    %s", quoteSh(b.Name+":"+b.Help))
	}
	l.add("  )")
	own := ""
	if !root {
		own = zshFlags(c)
	}
	l.add("  _arguments -s -S -C -A '-*' $everywhere%s '1: :->below' '*:: :->inside' && ret=0", own)
	l.add("  case $state in")
	l.add("  (below) _describe -t commands command subcommands && ret=0 ;;")
	l.add("  (inside)")
	l.add("    curcontext=${curcontext%%:*:*}:%s-$words[1]:", strings.ReplaceAll(c.Path, " ", "-"))
	l.add("    case $words[1] in")
	for _, b := range c.Below {
		l.add("    (%s)", strings.Join(b.names(), "|"))
		if b.Runs {
			l.add("      __fob_run && return")
		}
		if len(b.Below) > 0 {
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

// zshAgain puts flags that may be repeated in the place of those that may not.
func zshAgain(l *lines, flags []flag) {
	if len(flags) == 0 {
		return
	}
	l.add("  local -a once=($everywhere)")
	l.add("  local -a everywhere=(")
	var names []string
	for _, f := range flags {
		names = append(names, f.names()...)
		l.add("    %s", zshFlag(f))
	}
	l.add("    ${once:#\\(*\\)(%s)[=+[]*}", strings.Join(names, "|"))
	l.add("  )")
}

func zshName(c *command) string { return "_" + strings.ReplaceAll(c.Path, " ", "_") }

func zshFlags(c *command) string {
	var b strings.Builder
	for _, f := range c.Flags {
		b.WriteString(" \\\n        " + zshFlag(f))
	}
	return b.String()
}

// zshFlag is a flag as _arguments takes it: both names exclude each other, and the
// flag itself unless it may be repeated.
func zshFlag(f flag) string {
	help := "[" + strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(f.Help) + "]"
	value, long, short := "", "", ""
	if f.Value != "" {
		value, long, short = ":"+zshEscape(f.placeholderOrName())+":"+zshAction(f.Value), "=", "+"
	}
	repeat, others := "", ""
	if f.Repeats {
		repeat = "*"
	} else {
		others = "(" + strings.Join(f.names(), " ") + ")"
	}
	if f.Short == "" {
		return quoteSh(others + repeat + f.Name + long + help + value)
	}
	return fmt.Sprintf("%s{%s,%s}%s", quoteSh(others+repeat), f.Short+short, f.Name+long, quoteSh(help+value))
}

func zshArgs(c *command) string {
	var b strings.Builder
	for i, k := range c.Args {
		spec := fmt.Sprintf("%d:: :%s", i+1, zshAction(k))
		if c.Repeats && i == len(c.Args)-1 {
			spec = "*: :" + zshAction(k)
		}
		b.WriteString(" \\\n        " + quoteSh(spec))
	}
	return b.String()
}

// zshAction is how _arguments completes a value.
func zshAction(k kind) string {
	words, ok := k.words()
	switch {
	case ok && k.list():
		return "_sequence compadd - " + strings.Join(words, " ")
	case ok:
		return "(" + strings.Join(words, " ") + ")"
	case k.list():
		return "_sequence " + zshAction(k.one())
	}
	switch k {
	case kindProfile:
		return "__fob_profiles"
	case kindStored:
		return "__fob_stored"
	case kindCheck:
		return "__fob_checks"
	case kindFile:
		return "_files"
	}
	return " "
}

func zshEscape(s string) string { return strings.ReplaceAll(s, ":", `\:`) }
