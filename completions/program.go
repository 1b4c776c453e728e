package completions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Model writes down the model of a program that a command of fob runs with its
// arguments untouched, for [Generate], which reads it from the file NAME.json of this
// folder. The flags of the program itself go with each of its commands, those of the
// default command with the program. The tags are those of [Generate], and the names of the
// program and its commands have to stand bare as well.
func Model(app *kong.Application, lists map[string][]string) ([]byte, error) {
	r := newReader(lists)
	root := r.command(app.Node, "fob")
	if r.err != nil {
		return nil, r.err
	}
	everywhere := root.Flags
	for _, below := range root.commands()[1:] {
		if len(below.Below) == 0 {
			below.Flags = slices.Concat(everywhere, below.Flags)
		}
	}
	if app.DefaultCmd != nil {
		i := slices.IndexFunc(root.Below, func(c *command) bool { return c.Name == app.DefaultCmd.Name })
		root.Flags, root.Args, root.Repeats = root.Below[i].Flags, root.Below[i].Args, root.Below[i].Repeats
		root.Below = slices.Delete(root.Below, i, i+1)
	}
	text, err := json.MarshalIndent(root, "", " ")
	return append(text, '\n'), err
}

// program puts the model of the program that a command runs in the command's place.
// Flags that every command of fob has are left out.
func (c *command) program(everywhere []flag) error {
	text, err := engines.ReadFile(c.Name + ".json")
	if err != nil {
		return fmt.Errorf("read the model of %s: %w", c.Path, err)
	}
	own := command{}
	if err := json.Unmarshal(text, &own); err != nil {
		return fmt.Errorf("read the model of %s: %w", c.Path, err)
	}
	for _, below := range own.commands() {
		below.Flags = slices.DeleteFunc(below.Flags, func(f flag) bool {
			i := slices.IndexFunc(everywhere, func(known flag) bool { return known.Name == f.Name })
			if i >= 0 && f.Repeats && !everywhere[i].Repeats && below.Path == own.Path {
				again := everywhere[i]
				again.Repeats = true
				c.Again = append(c.Again, again)
			}
			return i >= 0
		})
	}
	c.Flags, c.Args, c.Repeats, c.Below = own.Flags, own.Args, own.Repeats, own.Below
	return nil
}

// Checks are the ids of the audit's checks that begin with a prefix.
func Checks(prefix string) (ids []string) {
	for id := range strings.Lines(checks) {
		if strings.HasPrefix(id, prefix) {
			ids = append(ids, strings.TrimSpace(id))
		}
	}
	return ids
}
