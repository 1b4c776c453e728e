//go:build unix

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

// result is a finished process.
type result struct {
	args           []string
	stdout, stderr string
	code           int // exit status, -1 when killed by a signal
	ended          time.Time
	took           time.Duration
}

func (r result) String() string {
	return fmt.Sprintf("%v: exit %d after %v, stdout %d bytes, stderr:\n%s", r.args, r.code, r.took.Round(time.Millisecond), len(r.stdout), r.stderr)
}

// ok fails the test unless the process did well.
func (r result) ok(t testing.TB) result {
	t.Helper()
	return r.exits(t, 0)
}

func (r result) exits(t testing.TB, code int) result {
	t.Helper()
	if r.code != code {
		t.Fatalf("want exit %d: %v", code, r)
	}
	if code != 0 && r.stdout != "" {
		t.Errorf("a failure wrote to stdout: %v", r)
	}
	return r
}

func (r result) within(t testing.TB, limit time.Duration) result {
	t.Helper()
	if r.took > limit {
		t.Errorf("limit %v: %v", limit, r)
	}
	return r
}

// warnings are the lines of stderr that fob calls so.
func (r result) warnings() (lines []string) {
	for line := range strings.Lines(r.stderr) {
		if strings.HasPrefix(line, "fob: warning: ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// answer is what a credential_process prints.
type answer struct {
	Version                                   int
	AccessKeyID                               string `json:"AccessKeyId"`
	SecretAccessKey, SessionToken, Expiration string
	AccountID                                 string `json:"AccountId"`
}

func (r result) answer(t testing.TB) (a answer) {
	t.Helper()
	r.ok(t)
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil || a.Version != 1 || a.AccessKeyID == "" || a.SecretAccessKey == "" {
		t.Fatalf("no credentials (%v): %v", err, r)
	}
	return a
}

// fob runs fob to its end, without a terminal and without stdin.
func (w *world) fob(args ...string) result { return w.fobIn("", args...) }

func (w *world) fobIn(stdin string, args ...string) result {
	w.t.Helper()
	return w.run(stdin, fobBinary, args...)
}

// run runs any program in the world.
func (w *world) run(stdin, program string, args ...string) result {
	w.t.Helper()
	return w.begin(stdin, program, args...).wait()
}

// process is a running program.
type process struct {
	t              testing.TB
	cmd            *exec.Cmd
	began          time.Time
	stdout, stderr *output
	result         chan result
	once           sync.Once
	done           result
}

// start runs fob.
func (w *world) start(args ...string) *process {
	w.t.Helper()
	return w.begin("", fobBinary, args...)
}

func (w *world) begin(stdin, program string, args ...string) *process {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	w.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, program, args...)
	if stdin != "" {
		cmd.Stdin = strings.NewReader(stdin)
	}
	cmd.Dir = w.env["HOME"]
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal
	return w.launch(cmd)
}

// launch starts a command as this world's user, with its environment.
func (w *world) launch(cmd *exec.Cmd) *process {
	w.t.Helper()
	if cmd.Env == nil {
		cmd.Env = w.environ()
	}
	if w.uid != 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: w.uid, Gid: w.uid}
	}
	p := &process{t: w.t, cmd: cmd, stdout: newOutput(), stderr: newOutput(), result: make(chan result, 1)}
	cmd.Stdout, cmd.Stderr = p.stdout, p.stderr
	cmd.WaitDelay = 5 * time.Second // a grandchild may hold the pipes
	p.began = time.Now()
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		err := cmd.Wait()
		r := result{args: cmd.Args, stdout: p.stdout.String(), stderr: p.stderr.String(), code: cmd.ProcessState.ExitCode(), ended: time.Now()}
		if errors.Is(err, exec.ErrWaitDelay) {
			r.code, r.stderr = -1, r.stderr+"(a child outlived it and held its output)\n"
		}
		r.took = r.ended.Sub(p.began)
		p.result <- r
	}()
	return p
}

func (p *process) wait() result {
	p.once.Do(func() { p.done = <-p.result })
	return p.done
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
}

// waitAll ends when all have ended.
func waitAll(all []*process) (results []result) {
	for _, p := range all {
		results = append(results, p.wait())
	}
	return results
}

// output collects what a program writes, and tells who waits for it.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	grown chan struct{} // closed and replaced at each write
}

func newOutput() *output { return &output{grown: make(chan struct{})} }

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.grown)
	o.grown = make(chan struct{})
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// await returns when the text holds part.
func (o *output) await(t testing.TB, part string) {
	t.Helper()
	limit := time.After(patience)
	for {
		o.mu.Lock()
		text, grown := o.text.String(), o.grown
		o.mu.Unlock()
		if strings.Contains(text, part) {
			return
		}
		select {
		case <-grown:
		case <-limit:
			t.Fatalf("no %q in %q", part, text)
		}
	}
}

// eventually polls what gives no sign of its own.
func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	for begin := time.Now(); !cond(); time.Sleep(2 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// isRoot says whether a test may change users and mount.
func isRoot() bool { return os.Geteuid() == 0 }
