package shell

import (
	"fmt"
	"io"
	"strings"
)

// Find returns the shell that name means: a name of [All] in any case, an alias
// (dash, ksh, busybox, powershell…), the path of a program, or what a login shell
// calls itself ("-zsh"). Otherwise it fails with [ErrUnknown].
func Find(name string) (Shell, error) { return find(canonical(name), name, All()) }

// FindFormat returns the format of that exact name; random is as in [Formats].
func FindFormat(name string, random io.Reader) (Shell, error) {
	return find(name, name, Formats(random))
}

func find(canonical, asked string, among []Shell) (Shell, error) {
	for _, s := range among {
		if s.Name() == canonical {
			return s, nil
		}
	}
	return nil, fmt.Errorf("%w %q", ErrUnknown, asked)
}

// Detect returns the shell that will evaluate the text. An explicit name counts
// alone. Otherwise it is the parent process, by its name; $SHELL, which is the
// login shell and maybe not the one that asks, counts only if the parent is not
// known, "". A parent that is no known shell is [ErrUnknown] rather than a
// guess: what is right for bash is wrong for dash.
func Detect(explicit, parent string, getenv func(string) string) (Shell, error) {
	for _, name := range []string{explicit, parent, getenv("SHELL")} {
		if name != "" {
			return Find(name)
		}
	}
	return nil, fmt.Errorf("%w: neither the parent process nor SHELL names one", ErrUnknown)
}

// canonical turns what processes and people call a shell into its name here.
func canonical(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(name), "-"), ".exe")
	switch name {
	case "rbash":
		return "bash"
	case "rzsh":
		return "zsh"
	case "dash", "ash", "busybox", "posix", "yash",
		"ksh", "ksh88", "ksh93", "rksh", "mksh", "lksh", "pdksh", "oksh", "loksh":
		return "sh"
	case "csh":
		return "tcsh"
	case "powershell", "pwsh-preview":
		return "pwsh"
	case "nushell":
		return "nu"
	}
	return name
}
