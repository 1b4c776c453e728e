package cli

import (
	"io"
	"slices"
	"strings"

	"fob/completions"
	"fob/internal/awsfile"
	"fob/internal/display"
	"fob/shell"
)

// completeCmd is what completion scripts run. [Main] calls it without a parser.
type completeCmd struct {
	What   string `arg:"" optional:""`
	Prefix string `arg:"" optional:"" passthrough:""`
}

func (c *completeCmd) Run(a *app) error {
	a.complete(c.What, c.Prefix)
	return nil
}

// plainComplete recognises `fob __complete WHAT [PREFIX]`: a person waits for it
// after each Tab.
func plainComplete(args []string) (c completeCmd, ok bool) {
	if len(args) == 0 || args[0] != "__complete" {
		return c, false
	}
	if len(args) > 1 {
		c.What = args[1]
	}
	if len(args) > 2 {
		c.Prefix = args[2]
	}
	return c, true
}

func runComplete(sys System, p *printer, c completeCmd) int {
	a := newApp(sys, &Globals{}, p)
	defer a.close()
	a.complete(c.What, c.Prefix)
	return 0
}

// complete prints the names that begin with prefix, one per line: "stored" are the
// profiles with a stored key, "profiles" are these and then the others; with
// "plain-" before it, those alone that no shell does anything with; "checks" are the
// ids of the audit's checks. It reads files alone, and says nothing of what is wrong with
// them, as a message would end up in the line that somebody types. Any other word gives
// nothing.
func (a *app) complete(what, prefix string) {
	what, plain := strings.CutPrefix(what, "plain-")
	var names []string
	switch what {
	case "profiles":
		names = a.readableKeys(prefix)
		names = append(names, a.otherProfiles(names, prefix)...)
	case "stored":
		names = a.readableKeys(prefix)
	case "checks":
		names = completions.Checks(prefix)
	default:
		return
	}
	names = slices.DeleteFunc(names, func(n string) bool { return !typable(n) || plain && !bare(n) })
	if len(names) > 0 {
		_, _ = io.WriteString(a.sys.Stdout, strings.Join(append(names, ""), "\n"))
	}
}

// readableKeys are the profiles with a stored key.
func (a *app) readableKeys(prefix string) []string {
	x, err := a.index(false)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(x.Profiles(), func(n string) bool { return !strings.HasPrefix(n, prefix) })
}

// otherProfiles are the profiles of the AWS files but for those that are known; of
// one file where the other cannot be read.
func (a *app) otherProfiles(known []string, prefix string) []string {
	paths, err := awsfile.Locate(a.sys.Getenv, a.sys.GOOS)
	if err != nil {
		return nil
	}
	seen := make(map[string]bool, len(known))
	for _, n := range known {
		seen[n] = true
	}
	for _, readable := range []awsfile.Paths{paths, {Config: paths.Config}, {Credentials: paths.Credentials}} {
		if files, err := awsfile.Read(readable, nil); err == nil {
			return slices.DeleteFunc(files.NamesWith(prefix), func(n string) bool { return seen[n] })
		}
	}
	return nil
}

// typable leaves out what no script could put on a command line: names that are
// not what they look like, and those that would be taken for a flag.
func typable(name string) bool {
	if name == "" || name[0] == '-' {
		return false
	}
	return plainASCII(name) || display.Text(name) == name
}

// bare says whether a name is the same word in every shell, wherever it stands.
func bare(name string) bool { return shell.Safe(name) && !strings.ContainsAny(name[:1], "=+@%:,") }

// plainASCII spares ten thousand names a look at each rune's properties.
func plainASCII(s string) bool {
	if len(s) > display.MaxRunes {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
