package completions

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// command is a command or, as the root, the program.
type command struct {
	Path    string     `json:"path"` // as it is typed: "fob vault create"
	Name    string     `json:"name"`
	Aliases []string   `json:"aliases,omitempty"`
	Help    string     `json:"help,omitempty"`
	Flags   []flag     `json:"flags,omitempty"`   // its own; those of the root go with every command
	Again   []flag     `json:"-"`                 // those of the root that may be repeated here and below
	Args    []kind     `json:"args,omitempty"`    // of the positional arguments
	Repeats bool       `json:"repeats,omitempty"` // the last of Args may come again
	Runs    bool       `json:"runs,omitempty"`    // behind -- there is a program with its arguments
	Below   []*command `json:"below,omitempty"`
}

// flag is one flag. Its value's kind is "" when it takes none.
type flag struct {
	Name        string `json:"name"`            // with the dashes: "--profile"
	Short       string `json:"short,omitempty"` // "-p"
	Help        string `json:"help,omitempty"`
	Value       kind   `json:"value,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	Repeats     bool   `json:"repeats,omitempty"`
}

// kind says what a value is: one of the words below, or "=a,b,c" for one of these. With a
// comma before it, the value is a list of such, with commas between.
type kind string

const (
	kindProfile kind = "profile" // a profile
	kindStored  kind = "stored"  // a profile with a stored key
	kindCheck   kind = "check"   // the id of a check of the audit
	kindFile    kind = "file"    // a path
	kindAny     kind = "any"     // what cannot be completed
)

// words are those of which the value is one, and of a list each part.
func (k kind) words() ([]string, bool) {
	list, ok := strings.CutPrefix(string(k.one()), "=")
	return strings.Split(list, ","), ok
}

// list says whether the value is a list with commas.
func (k kind) list() bool { return strings.HasPrefix(string(k), ",") }

// one is the kind without that.
func (k kind) one() kind { return kind(strings.TrimPrefix(string(k), ",")) }

// reader turns kong's model into commands.
type reader struct {
	lists map[string][]string
	plain *regexp.Regexp
	err   error
}

// read makes the model of a program. What it hides is left out.
func read(app *kong.Application, lists map[string][]string) (*command, error) {
	r := newReader(lists)
	root := r.command(app.Node, "")
	for i, n := range shown(app.Children) {
		if n.Passthrough {
			r.err = errors.Join(r.err, root.Below[i].program(root.Flags))
		}
	}
	return root, r.err
}

// newReader knows what names and words can stand bare in the scripts.
func newReader(lists map[string][]string) *reader {
	return &reader{lists: lists, plain: regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.:-]*$`)}
}

// shown are the nodes that are not hidden.
func shown(nodes []*kong.Node) []*kong.Node {
	return slices.DeleteFunc(slices.Clone(nodes), func(n *kong.Node) bool { return n.Hidden })
}

func (r *reader) command(n *kong.Node, above string) *command {
	c := &command{Path: strings.TrimSpace(above + " " + n.Name), Name: n.Name, Aliases: n.Aliases, Help: sentence(n.Help)}
	r.check(append(n.Aliases, n.Name)...)
	for _, f := range n.Flags {
		if !f.Hidden {
			c.Flags = append(c.Flags, r.flag(f))
		}
	}
	for _, p := range n.Positional {
		if p.Passthrough {
			c.Runs = true
			continue
		}
		c.Args = append(c.Args, r.kind(p, p.Name))
		c.Repeats = p.IsCumulative()
	}
	for _, child := range shown(n.Children) {
		c.Below = append(c.Below, r.command(child, c.Path))
	}
	return c
}

func (r *reader) flag(f *kong.Flag) flag {
	out := flag{Name: "--" + f.Name, Help: sentence(f.Help), Repeats: f.IsCumulative()}
	r.check(f.Name)
	if f.Short != 0 {
		out.Short = "-" + string(f.Short)
		r.check(string(f.Short))
	}
	if !f.IsBool() && !f.IsCounter() {
		out.Value, out.Placeholder = r.kind(f.Value, f.PlaceHolder), f.PlaceHolder
		if _, words := out.Value.words(); f.IsSlice() && f.Tag.Sep == ',' && (words || out.Value == kindCheck) {
			out.Value = "," + out.Value
		}
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
		if !slices.Contains([]kind{kindProfile, kindStored, kindCheck, kindFile, kindAny}, kind(p)) {
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
	for _, b := range c.Below {
		all = append(all, b.commands()...)
	}
	return all
}

// key is the path without the program's name, "" for the program.
func (c *command) key() string {
	_, key, _ := strings.Cut(c.Path, " ")
	return key
}

// names are the name and the aliases.
func (c *command) names() []string { return append([]string{c.Name}, c.Aliases...) }

// argsText is the kinds of the arguments with blanks between them; "..." marks one that
// may come again.
func (c *command) argsText() string {
	var all []string
	for _, k := range c.Args {
		all = append(all, string(k))
	}
	text := strings.Join(all, " ")
	if c.Repeats {
		text += "..."
	}
	return text
}

func names(commands []*command) (all []string) {
	for _, c := range commands {
		all = append(all, c.Name)
	}
	return all
}

func flagNames(c *command) (all []string) {
	for _, f := range c.Flags {
		all = append(all, f.Name)
	}
	return all
}

// names are the long and the short one.
func (f flag) names() []string {
	if f.Short == "" {
		return []string{f.Name}
	}
	return []string{f.Name, f.Short}
}

// kinds are those of the values of the flags.
func (c *command) kinds() (all []kind) {
	for _, f := range c.Flags {
		if f.Value != "" && !slices.Contains(all, f.Value) {
			all = append(all, f.Value)
		}
	}
	return all
}

// taking are the names, long and short, of the flags with values of a kind.
func (c *command) taking(k kind) (all []string) {
	for _, f := range c.Flags {
		if f.Value == k {
			all = append(all, f.names()...)
		}
	}
	return all
}

// placeholderOrName is what stands for the value in the help.
func (f flag) placeholderOrName() string {
	if f.Placeholder != "" {
		return f.Placeholder
	}
	return strings.ToUpper(strings.TrimLeft(f.Name, "-"))
}
