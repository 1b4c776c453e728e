package cli

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"fob/resolve"
	"fob/shell"
)

type envCmd struct {
	roleFlags
	Shell  string `placeholder:"NAME" help:"Shell that will read it: bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh, cmd. Without it: the one that started fob."`
	Format string `placeholder:"NAME" help:"dotenv, json or github instead of a shell's language."`
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

// The variables that fob env owns.
const (
	varKeyID   = "AWS_ACCESS_KEY_ID"
	varSecret  = "AWS_SECRET_ACCESS_KEY"
	varToken   = "AWS_SESSION_TOKEN"
	varExpires = "AWS_CREDENTIAL_EXPIRATION"
	varRegion  = "AWS_REGION"
	varRegion2 = "AWS_DEFAULT_REGION"
)

// staleVariables would win over the new ones or contradict them.
var staleVariables = []string{"AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"}

func (c *envCmd) Run(ctx context.Context, a *app) error {
	language, err := c.language(a)
	if err != nil {
		return err
	}
	if c.Unset {
		return c.print(a, language, shell.Unset(slices.Concat(staleVariables, []string{varKeyID, varSecret, varToken, varExpires, varRegion, varRegion2})...))
	}
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	plan, creds, err := a.credentials(ctx, c.roleFlags)
	if err != nil {
		return err
	}
	if err := safeForShell(plan, creds); err != nil {
		return err
	}
	return c.print(a, language, envVars(plan, creds))
}

// language is what the output is written in.
func (c *envCmd) language(a *app) (shell.Shell, error) {
	var s shell.Shell
	var err error
	if c.Format != "" {
		s, err = shell.FindFormat(c.Format, nil)
	} else {
		s, err = shell.Detect(c.Shell, parentName(), a.sys.Getenv)
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
		return a.writeGitHub(g, vars, text)
	}
	_, err = a.sys.Stdout.Write([]byte(text))
	return err
}

// writeGitHub hides the secrets in the job's log, then gives the variables to
// its later steps: the runner takes the one from stdout, the other from a file.
func (a *app) writeGitHub(g shell.GitHub, vars []shell.Var, text string) error {
	path := a.env("GITHUB_ENV")
	if path == "" {
		return &failure{code: exitUsage, what: "--format github works in a GitHub Actions job", why: "GITHUB_ENV is not set", next: "fob env --format dotenv"}
	}
	masks, err := g.Masks(vars)
	if err != nil {
		return err
	}
	if _, err := a.sys.Stdout.Write([]byte(masks)); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text))
	return errors.Join(err, f.Close())
}

// envVars takes away what would contradict the new credentials, then sets them.
func envVars(plan *resolve.Plan, c resolve.Credentials) []shell.Var {
	vars := shell.Unset(staleVariables...)
	set := func(name, value string, hide bool) {
		vars = append(vars, shell.Var{Name: name, Value: value, Unset: value == "", Secret: hide})
	}
	expires, region := "", plan.Service.Region
	if !c.Expires.IsZero() {
		expires = c.Expires.UTC().Format("2006-01-02T15:04:05Z")
	}
	switch {
	case plan.RegionFrom == (resolve.Origin{}):
		region = "" // nobody chose it
	case plan.RegionFrom.Name != "--region" && plan.ProfileRegion != "":
		region = plan.ProfileRegion // AWS_REGION may be of the profile before
	}
	set(varKeyID, c.AccessKeyID, true)
	set(varSecret, c.Secret.Reveal(), true)
	set(varToken, c.Token.Reveal(), true)
	set(varExpires, expires, false)
	set(varRegion, region, false)
	set(varRegion2, region, false)
	slices.SortStableFunc(vars, func(x, y shell.Var) int { return b2i(y.Unset) - b2i(x.Unset) })
	return vars
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// What AWS hands out consists of these, and nothing else reaches a shell.
const (
	keyIDChars  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	secretChars = keyIDChars + "abcdefghijklmnopqrstuvwxyz+/=_-"
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
	default:
		return nil
	}
	f := &failure{code: exitConfig, what: "the " + bad + " is not one of AWS's", why: "it has other characters than AWS uses, and a shell would read it", next: "look where it comes from: fob explain " + word(plan.Profile)}
	if len(plan.Steps) > 1 {
		f.code = exitAWS
	}
	return f
}
