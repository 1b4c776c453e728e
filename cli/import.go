package cli

import (
	"context"
	"errors"
	"fmt"

	"fob/resolve"
)

type importCmd struct {
	Names    []string `arg:"" optional:"" name:"profile" help:"Profiles whose keys are taken over. Without one: as -p."`
	All      bool     `help:"Take over every long-lived key that lies in clear in the AWS files."`
	DryRun   bool     `name:"dry-run" help:"Store and change nothing; show on stdout what would change in the files."`
	Keep     bool     `help:"Store the keys and leave the files alone."`
	Force    bool     `help:"Take the keys out of the files without asking."`
	NoVerify bool     `name:"no-verify" help:"Do not ask AWS whether the keys work."`
}

func (importCmd) Help() string {
	return `Takes long-lived keys (AKIA…) that lie in clear in the AWS files into the keychain.
Each is checked with AWS, stored and read back; when all that is done, the lines
that held them are taken out of the files, and no other byte changes. Keys that
AWS refuses are not taken over.

The files change after a yes to what is shown, or with --force. Where nobody can be
asked and --force is not there, the keys are stored and the files stay as they
are. A backup is left beside each file; it holds the keys in clear, so delete it
once all is well. A stored key is never replaced by another one without a yes.

A pair that opinel left, [p] with a session and [p-nomfa] with the key, becomes the
key of p: [p-nomfa] and the session in [p] go, the serial stays.

Programs that read the files themselves get the key from fob afterwards, with
credential_process = fob process -p P in the profile in ~/.aws/config.

Examples:
  fob import dev
  fob import --all --dry-run
  fob import --all --force`
}

func (c *importCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	found, err := c.find(a)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		a.p.say("no long-lived key lies in clear in the AWS files")
		return nil
	}
	if c.DryRun {
		return c.preview(a, found)
	}
	stored, err := c.store(ctx, a, found)
	if err != nil {
		return a.halfway(len(stored), err)
	}
	if len(stored) > 0 {
		if err := c.takeOut(ctx, a, stored); err != nil {
			return err
		}
	}
	return c.outcome(found)
}

// halfway tells what was done before all stopped.
func (a *app) halfway(stored int, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, resolve.ErrCancelled) {
		return &failure{code: exitCancelled, what: "cancelled, the AWS files were not changed",
			why: fmt.Sprintf("%d keys were stored before that", stored), next: "fob import --all", err: err}
	}
	if stored > 0 {
		a.p.say(fmt.Sprintf("%d keys are in the keychain; the AWS files were not changed", stored))
	}
	return err
}

// outcome is the error for the keys that were not taken over, or nil.
func (c *importCmd) outcome(found []*foundKey) error {
	var first *failure
	n := 0
	for _, k := range found {
		if k.failed == nil {
			continue
		}
		if n++; first == nil {
			first = k.failed
		}
	}
	if n == 0 || len(found) == 1 {
		return errorOf(first)
	}
	return &failure{code: first.code, what: fmt.Sprintf("%d of %d keys were not imported, the others were", n, len(found)),
		why: first.what + ": " + first.why, next: first.next, err: first.err}
}

// errorOf keeps a nil failure from becoming an error.
func errorOf(f *failure) error {
	if f == nil {
		return nil
	}
	return f
}
