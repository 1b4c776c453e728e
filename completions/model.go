package completions

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// command is a command or, as the root, the program.
type command struct {
	path    string // as it is typed: "fob vault create"
	name    string
	aliases []string
	help    string
	flags   []flag // its own; those of the root go with every command
	args    []kind // of the positional arguments
	repeats bool   // the last of args may come again
	runs    bool   // behind -- there is a program with its arguments
	below   []*command
}

// flag is one flag. Its value's kind is "" when it takes none.
type flag struct {
	name        string // with the dashes: "--profile"
	short       string // "-p", or ""
	help        string
	value       kind
	placeholder string
	repeats     bool
}

// kind says what a value is: one of the words below, or "=a,b,c" for one of these.
type kind string

const (
	kindProfile kind = "profile" // a profile
	kindStored  kind = "stored"  // a profile with a stored key
	kindFile    kind = "file"    // a path
	kindAny     kind = "any"     // what cannot be completed
)

func (k kind) words() ([]string, bool) {
	list, ok := strings.CutPrefix(string(k), "=")
	return strings.Split(list, ","), ok
}

// reader turns kong's model into commands.
type reader struct {
	lists map[string][]string
	plain *regexp.Regexp
	err   error
}

// read makes the model of a program. What it hides is left out.
func read(app *kong.Application, lists map[string][]string) (*command, error) {
	// Names and words stand bare in the scripts.
	r := &reader{lists: lists, plain: regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.:-]*$`)}
	root := r.command(app.Node, "")
	return root, r.err
}

func (r *reader) command(n *kong.Node, above string) *command {
	c := &command{path: strings.TrimSpace(above + " " + n.Name), name: n.Name, aliases: n.Aliases, help: sentence(n.Help)}
	r.check(append(n.Aliases, n.Name)...)
	for _, f := range n.Flags {
		if !f.Hidden {
			c.flags = append(c.flags, r.flag(f))
		}
	}
	for _, p := range n.Positional {
		if p.Passthrough {
			c.runs = true
			continue
		}
		c.args = append(c.args, r.kind(p, p.Name))
		c.repeats = p.IsCumulative()
	}
	for _, child := range n.Children {
		if !child.Hidden {
			c.below = append(c.below, r.command(child, c.path))
		}
	}
	return c
}

func (r *reader) flag(f *kong.Flag) flag {
	out := flag{name: "--" + f.Name, help: sentence(f.Help), repeats: f.IsCumulative()}
	r.check(f.Name)
	if f.Short != 0 {
		out.short = "-" + string(f.Short)
		r.check(string(f.Short))
	}
	if !f.IsBool() && !f.IsCounter() {
		out.value, out.placeholder = r.kind(f.Value, f.PlaceHolder), f.PlaceHolder
	}
	return out
}

// kind finds out what a value is: by the tag predictor, which names a kind or a
// list, else by its enum, its name, its placeholder.
func (r *reader) kind(v *kong.Value, shown string) kind {
	switch p := v.Tag.Get("predictor"); {
	case r.lists[p] != nil:
		return r.list(r.lists[p])
	case p != "":
		if !slices.Contains([]kind{kindProfile, kindStored, kindFile, kindAny}, kind(p)) {
			r.err = fmt.Errorf("read the model of %s: unknown predictor %q", v.ShortSummary(), p)
		}
		return kind(p)
	case v.Enum != "":
		return r.list(v.EnumSlice())
	case v.Name == "profile":
		return kindProfile
	case strings.EqualFold(shown, "file"):
		return kindFile
	}
	return kindAny
}

func (r *reader) list(words []string) kind {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	r.check(words...)
	return kind("=" + strings.Join(words, ","))
}

func (r *reader) check(names ...string) {
	for _, n := range names {
		if !r.plain.MatchString(n) {
			r.err = fmt.Errorf("read the model: %q cannot stand bare in a script", n)
		}
	}
}

// sentence is the first one of a help text, without the full stop.
func sentence(help string) string {
	help, _, _ = strings.Cut(strings.Join(strings.Fields(help), " "), ". ")
	return strings.TrimSuffix(help, ".")
}

// commands are c and all below it, in the order of the help.
func (c *command) commands() []*command {
	all := []*command{c}
	for _, b := range c.below {
		all = append(all, b.commands()...)
	}
	return all
}

// key is the path without the program's name, "" for the program.
func (c *command) key() string {
	_, key, _ := strings.Cut(c.path, " ")
	return key
}

// names are the name and the aliases.
func (c *command) names() []string { return append([]string{c.name}, c.aliases...) }

// argsText is the kinds of the arguments with blanks between them; "..." marks one that
// may come again.
func (c *command) argsText() string {
	var all []string
	for _, k := range c.args {
		all = append(all, string(k))
	}
	text := strings.Join(all, " ")
	if c.repeats {
		text += "..."
	}
	return text
}

func names(commands []*command) (all []string) {
	for _, c := range commands {
		all = append(all, c.name)
	}
	return all
}

func flagNames(c *command) (all []string) {
	for _, f := range c.flags {
		all = append(all, f.name)
	}
	return all
}

// names are the long and the short one.
func (f flag) names() []string {
	if f.short == "" {
		return []string{f.name}
	}
	return []string{f.name, f.short}
}

// kinds are those of the values of the flags.
func (c *command) kinds() (all []kind) {
	for _, f := range c.flags {
		if f.value != "" && !slices.Contains(all, f.value) {
			all = append(all, f.value)
		}
	}
	return all
}

// taking are the names, long and short, of the flags with values of a kind.
func (c *command) taking(k kind) (all []string) {
	for _, f := range c.flags {
		if f.value == k {
			all = append(all, f.names()...)
		}
	}
	return all
}

// placeholderOrName is what stands for the value in the help.
func (f flag) placeholderOrName() string {
	if f.placeholder != "" {
		return f.placeholder
	}
	return strings.ToUpper(strings.TrimLeft(f.name, "-"))
}
