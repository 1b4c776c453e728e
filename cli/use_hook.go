package cli

import (
	"strings"

	"github.com/alecthomas/kong"

	"fob/internal/parents"
	"fob/shell"
)

// helpOf sends help to stderr when a shell's hook evaluates stdout.
func helpOf(args []string, sys System) kong.Option {
	if len(args) > 1 && args[0] == "use" && strings.HasPrefix(args[1], "--shell") {
		return kong.Writers(sys.Stderr, sys.Stderr)
	}
	return kong.Writers(sys.Stdout, sys.Stderr)
}

// noHook says how the shell gets its hook. A program that a shell starts cannot
// change the shell's variables.
func noHook(a *app, name string) error {
	kind := "bash"
	if s, err := shell.Detect("", parents.Name(), a.sys.Getenv); err == nil {
		kind = s.Name()
	}
	if name == "-" {
		name = ""
	}
	w := wayIn(kind, "fob env -p "+word(name))
	return &failure{code: exitUsage, what: "fob use works where fob is part of the shell, and here it is not",
		why:  "a program cannot change its shell; for once: " + w.once,
		next: "add to " + w.file + ": " + w.hook}
}

// way is how a shell evaluates what fob prints.
type way struct{ file, hook, once string }

func wayIn(kind, env string) way {
	env += " --shell " + kind
	switch kind {
	case "bash", "zsh":
		return way{"~/." + kind + "rc", `eval "$(fob init ` + kind + `)"`, "eval $(" + strings.TrimSuffix(env, " --shell "+kind) + ")"}
	case "fish":
		return way{"~/.config/fish/config.fish", "fob init fish | source", env + " | source"}
	case "pwsh":
		return way{"$PROFILE", "fob init pwsh | Out-String | Invoke-Expression", env + " | Out-String | Invoke-Expression"}
	case "elvish":
		return way{"~/.config/elvish/rc.elv", "eval (fob init elvish | slurp)", "eval (" + env + " | slurp)"}
	case "tcsh":
		return way{"~/.tcshrc", "eval \"`fob init tcsh`\" and type fobuse", "eval `" + env + "`"}
	case "xonsh":
		return way{"~/.xonshrc", inXonsh("fob init xonsh"), inXonsh(env)}
	case "nu":
		return way{"the setup", "what fob init nu --help says", env + " | from json | load-env"}
	case "cmd":
		return way{"the setup", "what fob init cmd --help says", `for /f "delims=" %i in ('` + env + `') do @call %i`}
	}
	return way{"~/.profile", `eval "$(fob init sh)"`, `eval "$(` + env + `)"`}
}

// inXonsh has Python start the program: on a busy machine xonsh's own $() now and
// then returns nothing (one time in twenty, measured with 0.13.4; xonsh#3035 is alike).
func inXonsh(command string) string {
	command = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(command)
	return `import subprocess; execx(subprocess.check_output("` + command + `", shell=True, text=True, env=${...}.detype()))`
}
