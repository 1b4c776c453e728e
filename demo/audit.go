package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// recorded is what `fob scan collect` read of an account made up for this: a snapshot.
//
//go:embed testdata/account.snapshot.jsonl.gz
var recorded []byte

// building is a go build in the background: the audit's packages take minutes to
// compile for the first time, and the story does not wait for them.
type building struct {
	done chan struct{}
	err  error
}

// buildAudit begins to make fob-scan, beside fob. It ends with ctx.
func (d *demo) buildAudit(ctx context.Context) *building {
	b := &building{done: make(chan struct{})}
	go func() {
		defer close(b.done)
		b.err = d.goBuild(ctx, filepath.Dir(d.world.fob)+string(filepath.Separator), "fob/cmd/fob-scan")
	}()
	return b
}

// wait waits until fob-scan is there.
func (b *building) wait(d *demo) error {
	select {
	case <-b.done:
	default:
		done := d.page.progress("Building fob-scan (the first time takes some minutes)")
		defer done()
		<-b.done
	}
	return b.err
}

// goBuild makes a program from the source that the demo itself was made from.
func (d *demo) goBuild(ctx context.Context, out, what string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	// Without -buildvcs=false Go refuses a checkout of another user's.
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", out, what)
	cmd.Env = append(os.Environ(), "GOTMPDIR="+d.world.path("tmp"))
	cmd.WaitDelay = 5 * time.Second
	detach(cmd)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build %s, in the folder of its source: %w\n%s", what, err, said.String())
	}
	return nil
}

// auditAccount judges the recorded account and leaves the report to be looked at.
func auditAccount(ctx context.Context, d *demo) error {
	if err := d.audit.wait(d); err != nil {
		return err
	}
	snapshot := d.world.path("prod.jsonl.gz")
	if err := os.WriteFile(snapshot, recorded, 0o600); err != nil {
		return err
	}
	r, err := d.typed(ctx, nobody, "scan", "eval", snapshot, "--report-dir", filepath.Join(d.world.home, "report"), "--allow-incomplete")
	if err != nil {
		return err
	}
	d.page.say(`Here the account was read before: 'fob scan collect' wrote a snapshot, and 'eval'
judges it without AWS and without credentials. With an account of your own it is
one command, 'fob scan -p ops', and what could not be read is said, never guessed.`)
	if !strings.Contains(r.stdout, "critical") {
		return errors.New("the audit found nothing critical in an account that is full of it")
	}
	kept, err := keepReport(filepath.Join(d.world.home, "report", "report.html"))
	if err != nil {
		return err
	}
	d.page.say("A copy of the report stays when the demo ends, to be opened in a browser:")
	d.page.print(kept + "\n\n")
	return nil
}

// keepReport copies the report to where it stays: the demo's own folder goes.
func keepReport(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "fob-demo-report-")
	if err != nil {
		return "", err
	}
	kept := filepath.Join(dir, "report.html")
	return kept, os.WriteFile(kept, text, 0o600)
}
