package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// result is what a fob that has ended did.
type result struct {
	args   []string
	shown  string // on its terminal and on stderr
	stdout string
	status int
	took   time.Duration
}

// fob runs fob to its end. An exit status other than 0 is an error.
func (d *demo) fob(ctx context.Context, who *person, args ...string) (result, error) {
	r, err := d.fobAnyhow(ctx, who, args...)
	if err == nil && r.status != 0 {
		err = fmt.Errorf("fob %s: exit status %d: %s", strings.Join(args, " "), r.status, r.shown)
	}
	return r, err
}

// fobAnyhow is fob, whatever its exit status.
func (d *demo) fobAnyhow(ctx context.Context, who *person, args ...string) (result, error) {
	p, err := d.world.start(ctx, who, args...)
	if err != nil {
		return result{}, err
	}
	return p.wait()
}

// typed shows a command, runs it, and shows its output.
func (d *demo) typed(ctx context.Context, who *person, args ...string) (result, error) {
	d.page.command(d.world.asTyped(args))
	r, err := d.fob(ctx, who, args...)
	if err == nil {
		d.page.output(r.shown + r.stdout)
	}
	return r, err
}

// asTyped is a command line as a person would write it.
func (w *world) asTyped(args []string) string {
	return strings.ReplaceAll("fob "+strings.Join(args, " "), w.home, "~")
}

// process is a running fob.
type process struct {
	cmd            *exec.Cmd
	ctx            context.Context // ends with the limit
	cancel         context.CancelFunc
	terminal       *terminal
	stdout, stderr bytes.Buffer
	began          time.Time
}

// limit is the longest that a fob may take, such as with a question that the
// person does not know.
const limit = 30 * time.Second

// start runs fob with its own environment, without stdin, and without a terminal
// unless somebody is at it.
func (w *world) start(ctx context.Context, who *person, args ...string) (*process, error) {
	p := &process{}
	p.ctx, p.cancel = context.WithTimeout(ctx, limit)
	p.cmd = exec.CommandContext(p.ctx, w.fob, args...)
	p.cmd.Dir = w.home
	p.cmd.Env = w.env
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.cmd.WaitDelay = 2 * time.Second
	detach(p.cmd)
	err := p.seat(w, who)
	if err != nil {
		p.cancel()
		return nil, err
	}
	p.began = time.Now()
	err = p.cmd.Start()
	if p.terminal != nil {
		p.terminal.started(err == nil)
	}
	if err != nil {
		p.cancel()
	}
	return p, err
}

// seat puts a person at the process's terminal; where there are none, the program
// of FOB_MFA_COMMAND speaks for the person.
func (p *process) seat(w *world, who *person) (err error) {
	switch {
	case who != nobody && w.terminals:
		p.terminal, err = openTerminal(p.cmd, who)
	case who != nobody:
		p.cmd.Env = append(w.env[:len(w.env):len(w.env)], "FOB_NO_INPUT=1", "FOB_MFA_COMMAND="+who.codeCommand())
	default:
		p.cmd.Env = append(w.env[:len(w.env):len(w.env)], "FOB_NO_INPUT=1")
	}
	return err
}

// wait returns when the process has ended.
func (p *process) wait() (result, error) {
	err := p.cmd.Wait()
	r := result{args: p.cmd.Args[1:], took: time.Since(p.began), status: p.cmd.ProcessState.ExitCode()}
	if p.terminal != nil {
		r.shown = p.terminal.ended()
	}
	r.shown += p.stderr.String()
	r.stdout = p.stdout.String()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		err = nil
	}
	if errors.Is(p.ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("fob %s did not end within %v; it said: %s", strings.Join(r.args, " "), limit, r.shown)
	}
	p.cancel()
	return r, err
}
