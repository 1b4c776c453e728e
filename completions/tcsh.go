package completions

import (
	"slices"
	"strings"
)

// tcsh writes one `complete` with a rule for each flag with a value, one for all
// flags, and one for each command with something behind it. The first rule that fits counts.
func tcsh(root *command, engine string) string {
	var flags, values, after, rules lines
	for _, f := range everyFlag(root) {
		flags.add("%s", f.Name)
		if what := tcshValue(f.Value); what != "" {
			rules.add("  'c/%s=/%s/' \\", f.Name, what)
			values.add("  'n/%s/%s/' \\", tcshEither(f.names()), what)
		}
	}
	for _, c := range root.commands() {
		switch what := tcshValue(firstOf(c.Args)); {
		case c == root:
			after.add("  'p/1/(%s)/'", strings.Join(names(c.Below), " "))
		case len(c.Below) > 0:
			values.add("  'n/%s/(%s)/' \\", tcshEither(c.names()), strings.Join(names(c.Below), " "))
		case what != "":
			values.add("  'n/%s/%s/' \\", tcshEither(c.names()), what)
		}
	}
	rules.add("  'C/--?/(%s)/' 'n/--/c/' \\", strings.Join(flags, " "))
	return fill(engine, "@MODEL@", slices.Concat(rules, values, after).text())
}

// everyFlag merges the flags of all commands by their names, and the words of those
// that are there several times.
func everyFlag(root *command) []flag {
	var all []flag
	for _, c := range root.commands() {
		for _, f := range c.Flags {
			i := slices.IndexFunc(all, func(known flag) bool { return known.Name == f.Name })
			if i < 0 {
				all = append(all, f)
			} else {
				all[i].Value = bothOf(all[i].Value, f.Value)
			}
		}
	}
	return all
}

func bothOf(a, b kind) kind {
	words, ok := a.words()
	more, also := b.words()
	if !ok || !also {
		return a
	}
	for _, w := range more {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return kind("=" + strings.Join(words, ","))
}

func firstOf(kinds []kind) kind {
	if len(kinds) == 0 {
		return ""
	}
	return kinds[0]
}

// tcshValue is how `complete` completes a value, "" for not at all.
func tcshValue(k kind) string {
	switch k.one() {
	case kindProfile:
		return "`\\fob __complete plain-profiles`"
	case kindStored:
		return "`\\fob __complete plain-stored`"
	case kindCheck:
		return "`\\fob __complete plain-checks`"
	case kindFile:
		return "f"
	}
	if words, ok := k.words(); ok {
		return "(" + strings.Join(words, " ") + ")"
	}
	return ""
}

func tcshEither(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "{" + strings.Join(names, ",") + "}"
}
