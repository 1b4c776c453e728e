package completions

import (
	"fmt"
	"strings"
)

// fish writes a line of `complete` for each command, flag and argument.
func fish(root *command, engine string) string {
	var below, values, model, runners lines
	for _, c := range root.commands() {
		at := "__fob_at " + fishWord(c.key())
		for _, b := range c.Below {
			var words []string
			for _, n := range b.names() {
				words = append(words, quoteFish(c.key()+" "+n))
			}
			below.add("        case %s\n            echo %s", strings.Join(words, " "), fishWord(b.key()))
			model.add("complete -c fob -n %s -a %s -d %s", quoteFish(at+" 0"), b.Name, quoteFish(b.Help))
		}
		fishFlags(&model, &values, c, c == root)
		if c.Runs {
			runners.add("%s", fishWord(c.key()))
		}
		for i, k := range c.Args {
			count := fmt.Sprint(i)
			if c.Repeats && i == len(c.Args)-1 {
				count += "+"
			}
			if what := fishValue(k); what != "-f" {
				model.add("complete -c fob -n %s %s", quoteFish(at+" "+count), what)
			}
		}
	}
	return fill(engine, "@BELOW@", below.text(), "@VALUES@", values.text(), "@RUNNERS@", strings.Join(runners, " "), "@MODEL@", model.text())
}

func fishFlags(model, values *lines, c *command, root bool) {
	condition, prefix := quoteFish("__fob_at "+fishWord(c.key())), c.key()
	if root {
		condition, prefix = "__fob_own", "*"
	}
	var takers []string
	for _, f := range c.Flags {
		line := "complete -c fob -n " + condition
		if f.Short != "" {
			line += " -s " + f.Short[1:]
		}
		line += " -l " + f.Name[2:]
		if f.Value != "" {
			for _, n := range f.names() {
				takers = append(takers, quoteFish(prefix+" "+n))
			}
			line += " -r " + fishValue(f.Value)
		}
		model.add("%s -d %s", strings.TrimSpace(line), quoteFish(f.Help))
	}
	if len(takers) > 0 {
		values.add("        case %s", strings.Join(takers, " "))
	}
}

// fishValue is how `complete` completes a value.
func fishValue(k kind) string {
	words, ok := k.words()
	switch {
	case ok && k.list():
		return "-f -a " + quoteFish("(__fob_list "+strings.Join(words, " ")+")")
	case ok:
		return "-f -a " + quoteFish(strings.Join(words, " "))
	}
	switch k {
	case kindProfile:
		return "-f -a '(__fob_names profiles)'"
	case kindStored:
		return "-f -a '(__fob_names stored)'"
	case kindCheck:
		return "-f -a '(__fob_names checks)'"
	case "," + kindCheck:
		return "-f -a '(__fob_list (__fob_names checks))'"
	case kindFile:
		return "-F"
	}
	return "-f"
}

func quoteFish(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}

// fishWord is a command as one word, bare where it can be.
func fishWord(key string) string {
	if key == "" || strings.Contains(key, " ") {
		return `"` + key + `"`
	}
	return key
}
