// Package cli is the fob command: one kong struct is its table of contents, one
// file holds one subcommand. It is the only package that prints, picks exit
// codes and knows flags. Stdout is data or empty, stderr is talk, the terminal
// is dialogue.
package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Globals are the flags of every command.
type Globals struct {
	Profile   string `short:"p" placeholder:"NAME" help:"Profile to use. Without it: the environment's keys, AWS_PROFILE, then default."`
	CSV       string `name:"csv-credentials" placeholder:"FILE" help:"Use the access key in this CSV file, without storing it."`
	MFACode   string `name:"mfa-code" placeholder:"CODE" help:"MFA code, so that nobody is asked."`
	MFASerial string `name:"mfa-serial" placeholder:"ARN" help:"MFA device, instead of the profile's mfa_serial."`
	Region    string `placeholder:"NAME" predictor:"region" help:"AWS region, instead of the profile's."`
	NoInput   bool   `name:"no-input" help:"Never ask; fail with exit status 5 instead. Also FOB_NO_INPUT and CI."`
	Debug     bool   `help:"Say on stderr what fob does. Shows no secret."`
}

// grammar is the table of contents of fob.
type grammar struct {
	Globals

	Process    processCmd    `cmd:"" aliases:"credential-process" group:"use" help:"Print credentials for an AWS SDK (credential_process)."`
	Use        useCmd        `cmd:"" group:"use" help:"Put a profile's credentials into this shell."`
	Env        envCmd        `cmd:"" group:"use" help:"Print credentials as shell variables."`
	Exec       execCmd       `cmd:"" group:"use" help:"Run a command with credentials."`
	Console    consoleCmd    `cmd:"" group:"use" help:"Open the AWS console in the browser."`
	Login      loginCmd      `cmd:"" group:"use" help:"Get a session ready now, so that later calls need nobody."`
	Logout     logoutCmd     `cmd:"" group:"use" help:"Forget sessions."`
	Add        addCmd        `cmd:"" group:"keys" help:"Store a long-lived access key in the keychain."`
	Import     importCmd     `cmd:"" group:"keys" help:"Take keys that lie in clear in the AWS files into the keychain."`
	Remove     removeCmd     `cmd:"" group:"keys" help:"Delete a stored access key."`
	Wire       wireCmd       `cmd:"" group:"setup" help:"Make every AWS SDK come to fob for a profile."`
	Unwire     unwireCmd     `cmd:"" group:"setup" help:"Undo fob wire."`
	Init       initCmd       `cmd:"" group:"setup" help:"Print what makes fob part of a shell."`
	Completion completionCmd `cmd:"" group:"setup" help:"Print the completion script of a shell."`
	Profiles   profilesCmd   `cmd:"" group:"know" help:"List the profiles and where their credentials come from."`
	Explain    explainCmd    `cmd:"" group:"know" help:"Show how a profile resolves, offline."`
	Doctor     doctorCmd     `cmd:"" group:"know" help:"Look for what is wrong: files, environment, keychain, clock."`
	Scan       scanCmd       `cmd:"" passthrough:"" group:"know" help:"Audit AWS accounts."`
	Vault      vaultCmd      `cmd:"" group:"keys" help:"The encrypted file, for machines without a keychain."`
	Version    versionCmd    `cmd:"" group:"know" help:"Print the version."`

	Complete completeCmd `cmd:"" name:"__complete" hidden:"" help:"What may follow on a command line, for completion scripts."`
	Keychain keychainCmd `cmd:"" name:"__keychain" hidden:"" help:"One call of the system keychain, in a process of its own."`
}

const description = `fob keeps AWS keys in the OS keychain and hands out short-lived credentials.

  fob add dev                       store a key
  fob wire dev                      let the AWS CLI and every SDK use it
  fob exec dev -- terraform plan    run one command with it
  fob use dev                       use it in this shell (see fob init)
  fob console dev                   open the AWS console`

// Main runs fob with the arguments after its name and returns the exit status:
// 0 ok, 1 failure, 2 usage, 4 configuration, 5 needs a person, 6 keychain,
// 7 AWS, 130 cancelled.
func Main(ctx context.Context, args []string, sys System) (status int) {
	soften := harden()
	p := &printer{sys: sys}
	defer func() {
		if r := recover(); r != nil {
			status = p.recovered(r)
		}
	}()
	if profile, ok := plainProcess(args); ok {
		return runProcess(ctx, sys, p, profile)
	}
	if c, ok := plainComplete(args); ok {
		return runComplete(sys, p, c)
	}
	if text, ok := plainInit(args); ok {
		return runInit(sys, p, text)
	}
	ignored := ignoredSignals()
	if status, ok := plainScan(args, sys, p, soften, ignored); ok {
		return status
	}
	ctx, stop := sys.Signals(ctx)
	defer stop()
	model := &grammar{}
	parser, err := kong.New(model, append(options(sys), helpOf(args, sys))...)
	if err != nil {
		panic(err)
	}
	k, err := parser.Parse(args)
	if err == nil {
		err = RepeatedFlag(k)
	}
	if err != nil {
		return p.fail(usageError(err))
	}
	a := newApp(sys, &model.Globals, p)
	defer a.close()
	a.soften, a.ignored = soften, ignored
	a.command = otherCommand(k)
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(a); err != nil {
		return p.fail(a.advise(err))
	}
	return a.status
}

func options(sys System) []kong.Option {
	return []kong.Option{
		kong.Name("fob"),
		kong.Description(description),
		kong.Writers(sys.Stdout, sys.Stderr),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.ExplicitGroups([]kong.Group{
			{Key: "use", Title: "Use credentials"},
			{Key: "keys", Title: "Keep keys"},
			{Key: "setup", Title: "Set up"},
			{Key: "know", Title: "Find out"},
		}),
	}
}

// exit is how kong's help leaves the parser.
type exit int

// usageError words kong's complaint in fob's three lines.
func usageError(err error) error {
	e := &failure{code: exitUsage, what: "fob does not understand this command", why: err.Error(), next: "fob --help"}
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if n := parse.Context.Selected(); n != nil {
			e.next = strings.TrimSpace("fob "+commandOf(n)) + " --help"
		}
	}
	return e
}

// RepeatedFlag refuses a flag that is there twice: kong would drop a value in silence. The
// error names the flag.
func RepeatedFlag(k *kong.Context) error {
	seen := map[*kong.Flag]bool{}
	for _, p := range k.Path {
		if p.Flag != nil && seen[p.Flag] && !p.Flag.IsCumulative() {
			return fmt.Errorf("--%s is there twice", p.Flag.Name)
		}
		seen[p.Flag] = true
	}
	return nil
}

// otherCommand is the chosen subcommand, "" when it hands out credentials.
func otherCommand(k *kong.Context) string {
	switch command := commandOf(k.Selected()); command {
	case "process", "use", "env", "exec", "console", "login", "explain":
		return ""
	default:
		return command
	}
}

// commandOf is a subcommand as it is typed, such as "vault create".
func commandOf(n *kong.Node) string {
	var words []string
	for ; n != nil && n.Type == kong.CommandNode; n = n.Parent {
		words = append(words, n.Name)
	}
	slices.Reverse(words)
	return strings.Join(words, " ")
}
