package cli

import (
	"fob/internal/parents"
	"fob/shell"
)

type initCmd struct {
	Shell string `arg:"" optional:"" placeholder:"SHELL" predictor:"shell" help:"bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh or cmd. Without it: the one that started fob."`
}

func (initCmd) Help() string {
	return `Prints what makes "fob use" work in a shell, and keeps FOB_PROMPT for its prompt.
The text is always the same: no file, keychain or network is read.

Examples, a line for the file that each shell reads when it starts:
  eval "$(fob init bash)"              bash, zsh, sh
  fob init fish | source               fish
  fob init pwsh | Out-String | Invoke-Expression
  eval (fob init elvish | slurp)       elvish
  eval "` + "`fob init tcsh`" + `"              tcsh, where the command is fobuse
  source fob.nu                        nushell, after, once:
    fob init nu | save -f ($nu.default-config-dir | path join fob.nu)
  doskey /macrofile="%LOCALAPPDATA%\fob.doskey"    cmd (fobuse), after, once:
    fob init cmd > "%LOCALAPPDATA%\fob.doskey"
and for xonsh:
  ` + inXonsh("fob init xonsh") + `

More, and prompts: docs/shells.md, docs/prompt.md.`
}

func (c *initCmd) Run(a *app) error {
	s, err := shell.Detect(c.Shell, parents.Name(), a.sys.Getenv)
	if err != nil {
		return &failure{code: exitUsage, what: err.Error(), why: "fob knows bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh and cmd", next: "fob init bash", err: err}
	}
	text, err := shell.Init(s.Name())
	if err == nil {
		_, err = a.sys.Stdout.Write([]byte(text))
	}
	return err
}

// plainInit recognises `fob init SHELL` as rc files hold it. It is part of the start
// of each shell, and a parser takes longer than the answer.
func plainInit(args []string) (text string, ok bool) {
	if len(args) != 2 || args[0] != "init" {
		return "", false
	}
	text, err := shell.Init(args[1])
	return text, err == nil
}

// runInit is initCmd without the parser.
func runInit(sys System, p *printer, text string) int {
	if _, err := sys.Stdout.Write([]byte(text)); err != nil {
		return p.fail(err)
	}
	return 0
}
