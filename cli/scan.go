package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"fob/internal/command"
)

// scanProgram is the audit. It links the clients of some thirty services, which would
// cost every start of fob about 30 ms, so it is a program of its own.
const scanProgram = "fob-scan"

type scanCmd struct {
	Args []string `arg:"" optional:"" help:"See: fob scan --help"`
}

func (scanCmd) Help() string {
	return `Reads the configuration of AWS accounts and reports what is wrong in it. What could
not be read is reported as not checked, never as fine.

It is a program of its own, fob-scan, found beside fob or else on PATH; fob scan --help
shows its flags once it is installed.

Examples:
  fob scan -p prod
  fob scan -p prod -p dev --services s3,iam
  fob scan eval snapshot.jsonl.gz
  fob scan checks s3-bucket-tls`
}

func (c *scanCmd) Run(k *kong.Context, a *app) error {
	before := k.Args[:len(k.Args)-len(c.Args)-1] // flags in front of the word scan
	err := a.scan(slices.Concat(before, c.Args))
	if asksForHelp(c.Args) {
		return k.PrintUsage(false) // there is none to show its own
	}
	return err
}

// scan makes fob the audit, with the arguments untouched.
func (a *app) scan(args []string) error {
	path, err := a.findScan()
	if err != nil {
		return err
	}
	env := slices.DeleteFunc(a.sys.Environ(), func(entry string) bool { return strings.HasPrefix(entry, varBuild+"=") })
	return a.become(childCommand{path, append([]string{scanProgram}, args...), append(env, varBuild+"="+build())})
}

// findScan looks beside fob itself, then on PATH.
func (a *app) findScan() (string, error) {
	if self, err := a.sys.Executable(); err == nil {
		for _, file := range []string{self, resolved(self)} {
			beside := filepath.Join(filepath.Dir(file), scanProgram)
			if path, err := command.LookPath(beside, a.sys.Getenv); err == nil {
				return path, nil
			}
		}
	}
	path, err := command.LookPath(scanProgram, a.sys.Getenv)
	if err != nil {
		return "", &failure{code: exitConfig, what: "fob scan needs the program " + scanProgram, why: "it is neither beside fob nor on PATH",
			next: "put it beside fob: every release brings both; from source: go install ./...", err: err}
	}
	return path, nil
}

// resolved is where a symbolic link leads.
func resolved(path string) string {
	to, err := filepath.EvalSymlinks(path)
	if err != nil {
		return path
	}
	return to
}

// plainScan recognises `fob scan ARGS` and runs it without the parser: the arguments
// are not fob's. Help is left to the parser where there is no program to show its own.
func plainScan(args []string, sys System, p *printer, soften func(), ignored []os.Signal) (status int, ok bool) {
	if len(args) == 0 || args[0] != "scan" {
		return 0, false
	}
	a := newApp(sys, &Globals{}, p)
	defer a.close()
	a.soften, a.ignored = soften, ignored
	err := a.scan(args[1:])
	switch {
	case err == nil:
		return a.status, true
	case asksForHelp(args[1:]):
		return 0, false
	}
	return p.fail(err), true
}

func asksForHelp(args []string) bool {
	return len(args) == 1 && (args[0] == "--help" || args[0] == "-h")
}
