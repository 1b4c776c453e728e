package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fob/internal/display"
)

// words returns the command behind --, none for a shell, and settles the profile.
// args is the whole command line.
func (c *execCmd) words(a *app, args []string) ([]string, error) {
	named, argv, marked := c.split(args)
	profile := cmp.Or(a.g.Profile, named)
	if named != "" && a.g.Profile != "" {
		f := &failure{code: exitUsage, what: "it is not clear which profile to use", next: execLine(profile, argv...),
			why: fmt.Sprintf("-p names %s, and so does the word %s", a.g.Profile, named)}
		if !marked {
			f.why += "; if that is the command: it stands behind --"
			f.next = execLine(profile, append([]string{named}, argv...)...)
		}
		return nil, f
	}
	switch {
	case marked && len(argv) == 0:
		return nil, &failure{code: exitUsage, what: "there is no command behind --", why: "without -- fob exec starts your shell", next: execLine(profile, "COMMAND")}
	case !marked && len(argv) > 0 && strings.HasPrefix(argv[0], "-"):
		return nil, &failure{code: exitUsage, what: "fob does not understand this command", why: "unknown flag " + argv[0], next: "fob exec --help"}
	case !marked && len(argv) > 0:
		return nil, &failure{code: exitUsage, what: "it is not clear where the command begins", why: "it stands behind --", next: execLine(profile, argv...)}
	}
	a.g.Profile = profile
	return argv, nil
}

// split sorts out what kong took for the profile and for the command: to kong the
// first word is the profile, be it before -- or behind. marked says whether -- says
// where the command begins.
func (c *execCmd) split(args []string) (profile string, argv []string, marked bool) {
	i := slices.Index(args, "--")
	behind := len(args) - i - 1
	switch {
	case i >= 0 && c.Name != "" && behind == 1+len(c.Command): // fob exec -- cmd args
		return "", append([]string{c.Name}, c.Command...), true
	case len(c.Command) > 0 && c.Command[0] == "--": // fob exec dev -- cmd args
		return c.Name, c.Command[1:], true
	}
	return c.Name, c.Command, i >= 0 && c.Name == ""
}

// execLine is how to type it.
func execLine(profile string, argv ...string) string {
	line := "fob exec " + word(profile)
	if len(argv) > 0 {
		line += " --"
	}
	for _, arg := range argv {
		if w, ok := display.ShellWord(arg); ok {
			line += " " + w
		} else if consistsOf(arg, secretChars+".:,@%") {
			line += " " + arg // a flag of the command's
		} else {
			line += " …"
		}
	}
	return line
}
