package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"fob/cli"
	"fob/scan/audit"
)

// grammar is the table of contents of fob scan.
type grammar struct {
	Credentials

	Scan      scanCmd      `cmd:"" default:"withargs" help:"Audit AWS accounts."`
	Collect   collectCmd   `cmd:"" help:"Read only: write a snapshot, judge nothing."`
	Merge     mergeCmd     `cmd:"" help:"Join findings files into one result."`
	Rules     rulesCmd     `cmd:"" help:"Rules of one's own."`
	Accounts  accountsCmd  `cmd:"" help:"The accounts of the organization."`
	Eval      evalCmd      `cmd:"" help:"Judge snapshots: no network, no credentials."`
	Diff      diffCmd      `cmd:"" help:"Compare two findings files."`
	Checks    checksCmd    `cmd:"" help:"The catalogue of checks, or all about one."`
	IAMPolicy iamPolicyCmd `cmd:"" name:"iam-policy" help:"The least IAM policy that a scan needs."`
}

// Credentials are fob's own flags; -p may be there several times.
type Credentials struct {
	Profile     []string `short:"p" sep:"none" placeholder:"NAME" help:"Profile to audit; may be repeated. Without it: as fob does."`
	AllProfiles bool     `name:"all-profiles" help:"Audit every profile."`
	CSV         string   `name:"csv-credentials" placeholder:"FILE" help:"Use the access key in this CSV file, without storing it."`
	MFACode     string   `name:"mfa-code" placeholder:"CODE" help:"MFA code, so that nobody is asked."`
	MFASerial   string   `name:"mfa-serial" placeholder:"ARN" help:"MFA device, instead of the profile's mfa_serial."`
	Region      string   `placeholder:"NAME" predictor:"region" help:"Region where calls start that belong to none, instead of the profile's."`
	NoInput     bool     `name:"no-input" help:"Never ask; fail with exit status 5 instead. Also FOB_NO_INPUT and CI."`
	Debug       bool     `help:"Say on stderr what fob does. Shows no secret."`
}

func (c *Credentials) globals() cli.Globals {
	return cli.Globals{CSV: c.CSV, MFACode: c.MFACode, MFASerial: c.MFASerial, Region: c.Region, NoInput: c.NoInput, Debug: c.Debug}
}

// run is fob-scan with the arguments behind its name. It returns the exit status.
func run(ctx context.Context, args []string, sys cli.System) (status int) {
	defer func() {
		if r := recover(); r != nil {
			code, ok := r.(exit)
			if !ok { // one line and no stack, which could show what was read
				status = settled(cli.PrintFault(sys, r))
				return
			}
			status = int(code)
		}
	}()
	if err := cli.SameBuild(sys); err != nil {
		return cli.PrintFailure(sys, err)
	}
	if err := oldSpelling(args); err != nil {
		return cli.PrintFailure(sys, err)
	}
	model := &grammar{}
	parser, err := kong.New(model,
		kong.Name("fob scan"), kong.Writers(helpWriter{sys.Stdout}, sys.Stderr), kong.Vars{"formats": strings.Join(formatNames(), ", ")},
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.ExplicitGroups(groups()),
	)
	if err != nil {
		panic(err)
	}
	args = withHelp(args, parser.Model.Node)
	hideCredentials(args, parser.Model.Node)
	k, err := parser.Parse(args)
	if err == nil {
		err = cli.RepeatedFlag(k)
	}
	if err != nil {
		return cli.PrintFailure(sys, usageError(err))
	}
	if err := emptyValue(k); err != nil {
		return cli.PrintFailure(sys, err)
	}
	p := newProgram(sys, &model.Credentials, commandOf(k))
	k.BindTo(ctx, (*context.Context)(nil))
	defer writePastReaders()()
	p.idle()
	done := make(chan int, 1)
	go func() { done <- p.execute(k) }()
	select {
	case status = <-done:
	case status = <-p.ended:
	}
	return status
}

// execute runs the command that was chosen.
func (p *program) execute(k *kong.Context) (status int) {
	defer func() {
		if r := recover(); r != nil {
			status = settled(cli.PrintFault(p.sys, r))
		}
		p.release()
	}()
	defer p.close()
	if err := k.Run(p); err != nil {
		if readerGone(err) {
			return exitPipe
		}
		return settled(p.door().Fail(err))
	}
	return p.status
}

// settled is the exit status of an error. 1 is not among them: it says that something
// fails at --fail-on, which a run that came to no verdict cannot say.
func settled(status int) int {
	if status == cli.ExitFailure {
		return cli.ExitConfig
	}
	return status
}

// program is one run.
type program struct {
	sys     cli.System
	flags   *Credentials
	screen  *screen
	width   int // of stdout, 0 where it is no terminal
	command string
	once    sync.Once // guards opened
	opened  *cli.Door
	status  int
	files   files
	release func()          // what Ctrl-C does is over
	keeping sync.Mutex      // held while what was read is on no disk: the run does not end
	ended   chan int        // the exit status, at Ctrl-C
	hashes  *audit.Redactor // with --redact
	seal    *sealed         // what it has not redacted yet
}

func newProgram(sys cli.System, flags *Credentials, command string) *program {
	p := &program{sys: sys, flags: flags, command: command, screen: newScreen(sys), width: columns(sys.Stdout), release: func() {}, ended: make(chan int, 1)}
	p.sys.Stderr, p.sys.Stdout = p.screen, stdout{sys.Stdout}
	environ := sys.Environ
	p.sys.Environ = func() []string { // what programs are started with
		return slices.DeleteFunc(environ(), func(entry string) bool { return strings.HasPrefix(entry, "FOB_BUILD=") })
	}
	return p
}

// stdout says of a write that fails that it was stdout, and not a folder of fob's own.
type stdout struct{ io.Writer }

func (s stdout) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if err != nil {
		err = cli.Failure(cli.ExitConfig, "stdout takes no more", err.Error(), "-o FILE or --report-dir DIR writes elsewhere", err)
	}
	return n, err
}

// door opens the way to credentials, once.
func (p *program) door() *cli.Door {
	p.once.Do(func() {
		p.opened = cli.OpenDoor(p.sys, p.flags.globals(), p.command)
		p.opened.Busy = p.screen.pause
	})
	return p.opened
}

func (p *program) close() {
	p.screen.clear()
	p.seal.remove()
	if p.opened != nil {
		p.opened.Close()
	}
}

// commandOf is the chosen command as it is typed behind fob: "scan eval".
func commandOf(k *kong.Context) string {
	var words []string
	for n := k.Selected(); n != nil && n.Type == kong.CommandNode && n.Name != "scan"; n = n.Parent {
		words = append(words, n.Name)
	}
	slices.Reverse(words)
	return strings.Join(append([]string{"scan"}, words...), " ")
}
