package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"fob/internal/display"
	"fob/resolve"
)

type execCmd struct {
	roleFlags
	Server bool `help:"Serve the credentials on loopback and renew them for as long as the command runs."`
	Nested bool `help:"Run it inside a command of fob exec, too."`
	Yes    bool `short:"y" help:"Do not ask before a profile is used that says fob_protect = true."`

	Name    string   `arg:"" optional:"" name:"profile" help:"Profile to use. Without it: as -p."`
	Command []string `arg:"" optional:"" passthrough:"" name:"command" help:"Behind --: the command and its arguments. Without it: your shell."`
}

func (execCmd) Help() string {
	return `Runs a command with the credentials of a profile in its environment, and with no
other AWS credentials. fob makes way for it: signals, terminal and exit status are the
command's own.

With --server the command gets the address of an endpoint instead, from which AWS SDKs
fetch credentials again and again, so that it may run for longer than a session.

Examples:
  fob exec dev -- aws s3 ls
  fob exec -p dev -- terraform plan
  fob exec --server dev -- ./long-job.sh
  fob exec dev                                  a shell`
}

// varExec marks what fob exec runs.
const varExec = "FOB_EXEC"

func (c *execCmd) Run(ctx context.Context, k *kong.Context, a *app) error {
	argv, err := c.words(a, k.Args)
	if err != nil {
		return err
	}
	if a.env(varExec) != "" && !c.Nested {
		return &failure{code: exitUsage, what: "this is a command of fob exec already",
			why:  "another one inside it would hide whose credentials are in use",
			next: "exit, or: " + strings.Replace(execLine(a.g.Profile, argv...), "exec", "exec --nested", 1)}
	}
	shell := len(argv) == 0
	if shell {
		argv = []string{a.userShell()}
	}
	program, err := a.findCommand(argv[0])
	if err != nil {
		return err
	}
	plan, creds, err := c.credentials(ctx, a)
	if err != nil {
		return err
	}
	if shell {
		a.p.say(shellNotice(a, plan, creds, c.Server, argv[0]))
	}
	cmd := childCommand{program, argv, nil}
	if c.Server {
		died, err := c.serve(a, plan, creds, cmd)
		endBy(died)
		return err
	}
	cmd.env = childEnv(a.sys.Environ(), envVars(plan, creds), a.ownVars(plan, creds, c.roleFlags))
	return a.become(cmd)
}

// credentials plans, asks before a protected profile is used, and resolves.
func (c *execCmd) credentials(ctx context.Context, a *app) (*resolve.Plan, resolve.Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	plan, err := a.plan(c.roleFlags)
	if err != nil {
		return nil, resolve.Credentials{}, err
	}
	if err := a.guard(ctx, plan, c.Yes); err != nil {
		return nil, resolve.Credentials{}, err
	}
	return a.credentials(ctx, c.roleFlags)
}

// userShell is what a terminal would start.
func (a *app) userShell() string {
	if a.sys.GOOS == "windows" {
		return cmp.Or(a.env("COMSPEC"), "cmd.exe")
	}
	return cmp.Or(a.env("SHELL"), "/bin/sh")
}

// shellNotice says what the new prompt, which looks like the old one, is for.
func shellNotice(a *app, plan *resolve.Plan, c resolve.Credentials, server bool, shell string) string {
	until := ""
	switch {
	case server:
		until = " that are renewed while it runs"
	case !c.Expires.IsZero():
		until = fmt.Sprintf(" until %s (%s)", c.Expires.UTC().Format("2006-01-02 15:04 MST"), short(c.Left(a.sys.Now())))
	}
	return fmt.Sprintf("fob: %s with the credentials of %s%s; exit ends it",
		display.Text(shell), display.Text(cmp.Or(plan.Profile, plan.Chosen)), until)
}
