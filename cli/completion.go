package cli

import (
	"io"
	"strings"

	"fob/completions"
	"fob/shell"
)

type completionCmd struct {
	Shell string `arg:"" predictor:"script" help:"bash, zsh, fish, pwsh, nu, elvish, tcsh or xonsh."`
}

func (completionCmd) Help() string {
	return `Prints a script that makes Tab complete commands, flags and profiles. Packages
bring it along for some shells; else one line in the file of the shell does:

  bash     source <(fob completion bash)
  zsh      source <(fob completion zsh)                  after compinit
  fish     fob completion fish | source
  pwsh     fob completion pwsh | Out-String | Invoke-Expression
  elvish   eval (fob completion elvish | slurp)
  xonsh    ` + inXonsh("fob completion xonsh") + `

Two read files only:
  nu       fob completion nu | save -f ($nu.user-autoload-dirs.0 | path join fob.nu)
  tcsh     fob completion tcsh > ~/.fob.tcsh             and: source ~/.fob.tcsh

Examples:
  fob completion bash > ~/.local/share/bash-completion/completions/fob
  fob completion zsh > ~/.zfunc/_fob                     if fpath has it`
}

func (c *completionCmd) Run(a *app) error {
	name := c.Shell
	if s, err := shell.Find(name); err == nil {
		name = s.Name()
	}
	script := completions.Script(name)
	if script == "" {
		return &failure{code: exitUsage, what: "there are no completions for " + name,
			why: "fob has them for " + strings.Join(completions.Shells(), ", "), next: "fob completion bash"}
	}
	_, err := io.WriteString(a.sys.Stdout, script)
	return err
}
