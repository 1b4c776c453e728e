package completions

import (
	"bytes"
	"encoding/json"
	"strings"
)

// The model as JSON, for the shells whose scripts walk it themselves: an object with
// every command by its path, "fob" for the program, and the flags of every command
// under "*". An alias has the path of its command and nothing else.
type (
	dataCommand struct {
		path  string
		args  []string
		runs  string // "--" if behind it there is a program with its arguments
		below []dataWord
		flags []dataFlag
	}
	dataWord struct {
		Name string `json:"name"`
		Help string `json:"help"`
	}
	dataFlag struct {
		Name  string `json:"name"`
		Short string `json:"short"`
		Value string `json:"value"` // its kind, "" for a switch
		Help  string `json:"help"`
	}
)

// dataOf writes the model with a line for each word and flag.
func dataOf(root *command) string {
	var entries []string
	for _, c := range root.commands() {
		d := dataCommand{path: c.Path, args: strings.Fields(c.argsText())}
		for _, b := range c.Below {
			d.below = append(d.below, dataWord{b.Name, b.Help})
		}
		for _, f := range c.Flags {
			d.flags = append(d.flags, dataFlag{f.Name, f.Short, string(f.Value), f.Help})
		}
		if c.Runs {
			d.runs = "--"
		}
		if c == root {
			entries = append(entries, dataCommand{path: "*", flags: d.flags}.entry())
			d.flags = nil
		}
		entries = append(entries, d.entry())
		for _, n := range c.Aliases {
			alias := strings.TrimSuffix(c.Path, c.Name) + n
			entries = append(entries, jsonOf(alias)+`: {"path": `+jsonOf(c.Path)+`}`)
		}
	}
	return "{\n" + strings.Join(entries, ",\n") + "\n}"
}

func (d dataCommand) entry() string {
	return jsonOf(d.path) + `: {"path": ` + jsonOf(d.path) + `, "args": [` + listOf(d.args, ", ") +
		`], "runs": ` + jsonOf(d.runs) + `, "below": [` + listOf(d.below, ",\n  ") + `], "flags": [` + listOf(d.flags, ",\n  ") + "]}"
}

func listOf[T any](items []T, between string) string {
	var all []string
	for _, i := range items {
		all = append(all, jsonOf(i))
	}
	if len(all) > 0 && strings.Contains(between, "\n") {
		all[0] = strings.TrimLeft(between, ",") + all[0]
	}
	return strings.Join(all, between)
}

// jsonOf writes a value of this file, which always can be written.
func jsonOf(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSpace(b.String())
}

func elvish(root *command, engine string) string {
	return fill(engine, "@MODEL@", "'"+strings.ReplaceAll(dataOf(root), "'", "''")+"'")
}

// pwsh holds it in a here-string, which ends at a line that begins with '@.
func pwsh(root *command, engine string) string { return fill(engine, "@MODEL@", dataOf(root)) }

// xonsh and nu read it as a literal of their own.
func xonsh(root *command, engine string) string { return fill(engine, "@MODEL@", dataOf(root)) }

func nu(root *command, engine string) string { return fill(engine, "@MODEL@", dataOf(root)) }
