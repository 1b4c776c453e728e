package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"fob/internal/parents"
	"fob/resolve"
	"fob/shell"
)

type envCmd struct {
	roleFlags
	Shell  string `placeholder:"NAME" predictor:"shell" help:"Shell that will read it: bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh, cmd. Without it: the one that started fob."`
	Format string `placeholder:"NAME" predictor:"format" help:"dotenv, json or github instead of a shell's language."`
	Unset  bool   `help:"Print what takes the variables away again."`
}

func (envCmd) Help() string {
	return `Prints the credentials of a profile as shell variables, or nothing.

Examples:
  eval $(fob env -p dev)                     bash and zsh
  eval "$(fob env -p dev --shell sh)"        any POSIX shell
  fob env -p dev --shell fish | source       fish
  eval $(fob env --unset)`
}

// interactiveLimit ends a command that a person is typing at.
const interactiveLimit = 5 * time.Minute

func (c *envCmd) Run(ctx context.Context, a *app) error {
	language, err := c.language(a)
	if err != nil {
		return err
	}
	if c.Unset {
		return c.unset(a, language)
	}
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	a.hideOwnRegion()
	plan, creds, err := a.credentials(ctx, c.roleFlags)
	if err != nil {
		return err
	}
	if err := safeForShell(plan, creds); err != nil {
		return err
	}
	a.warnProtected(plan)
	return c.print(a, language, envVars(plan, creds))
}

// unset refuses where nothing could be taken away: silence would look like success.
func (c *envCmd) unset(a *app, language shell.Shell) error {
	if name := language.Name(); name == "dotenv" || name == "github" {
		return &failure{code: exitUsage, what: "--unset does not go with --format " + name, why: "such a file sets variables and cannot take them away", next: "fob env --unset"}
	}
	return c.print(a, language, unsetVars())
}

// language is what the output is written in.
func (c *envCmd) language(a *app) (shell.Shell, error) {
	var s shell.Shell
	var err error
	if c.Format != "" {
		s, err = shell.FindFormat(c.Format, nil)
	} else {
		s, err = shell.Detect(c.Shell, parents.Name(), a.sys.Getenv)
	}
	if errors.Is(err, shell.ErrUnknown) {
		return nil, &failure{code: exitUsage, what: err.Error(), why: "fob writes for bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh and cmd, and as dotenv, json and github", next: "fob env --shell bash", err: err}
	}
	return s, err
}

func (c *envCmd) print(a *app, s shell.Shell, vars []shell.Var) error {
	text, err := s.Export(vars)
	if err != nil {
		return &failure{code: exitConfig, what: "the credentials cannot be written for " + s.Name(), why: err.Error(), next: "look where they come from: " + a.explainCommand(a.g.Profile), err: err}
	}
	if g, ok := s.(shell.GitHub); ok {
		return a.writeGitHub(g, vars)
	}
	_, err = a.sys.Stdout.Write([]byte(text))
	return err
}

// What AWS hands out consists of these, and nothing else reaches a shell.
const (
	keyIDChars  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	secretChars = keyIDChars + "abcdefghijklmnopqrstuvwxyz+/=_-"
	regionChars = "abcdefghijklmnopqrstuvwxyz0123456789-"
)

func consistsOf(s, chars string) bool { return strings.Trim(s, chars) == "" }

// safeForShell refuses what no real credential looks like: the text may come
// from a file, a program or a false STS, and a shell is about to evaluate it.
func safeForShell(plan *resolve.Plan, c resolve.Credentials) error {
	bad := ""
	switch {
	case len(c.AccessKeyID) < 16 || len(c.AccessKeyID) > 128 || !consistsOf(c.AccessKeyID, keyIDChars):
		bad = "access key id"
	case c.Secret.Empty() || !consistsOf(c.Secret.Reveal(), secretChars):
		bad = "secret access key"
	case !consistsOf(c.Token.Reveal(), secretChars):
		bad = "session token"
	case len(exportedRegion(plan)) > 32 || !consistsOf(exportedRegion(plan), regionChars):
		bad = "region"
	default:
		return nil
	}
	f := &failure{code: exitConfig, what: "the " + bad + " is not one of AWS's", why: "it has other characters than AWS uses, and a shell would read it", next: "look where it comes from: fob explain " + word(plan.Profile)}
	if len(plan.Steps) > 1 && bad != "region" {
		f.code = exitAWS
	}
	return f
}
