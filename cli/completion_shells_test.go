//go:build unix

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"

	"fob/cli"
	"fob/completions"
)

// The profiles of the completion tests: some that are easily typed, and names that a
// shell would do something with.
var (
	plainProfiles   = []string{"dev", "devel", "team:dev", "team:prod", "ann@corp", "Zoë"}
	hostileProfiles = []string{
		"my profile", "$(touch canary)", "`touch canary`", "a;touch canary", "b&touch canary", "c|touch canary", "it's", `say "hi"`,
		`both'"`, `back\slash`, "glob*", "[x]", "q?", "!hist", "~home", "#hash", "{e,f}", "<in", ">canary", "$HOME", "${HOME}", "(sub)", "^caret",
		"%pct", "=eq", "‘quoted’; touch canary", "東京", "x=y", "@splat", "r'raw'", "trail\\",
	}
)

// shellBox is a box in which shells find completions: profiles, and a fob that
// prints its arguments as <a><b> unless a completion script calls it.
type shellBox struct {
	*box
	shell string // its path
}

func newShellBox(t *testing.T, shell string) *shellBox {
	t.Helper()
	path, err := exec.LookPath(shell)
	switch {
	case err != nil && noSkip():
		t.Fatalf("%s is not installed, and nothing may be skipped", shell)
	case err != nil:
		t.Skipf("%s is not installed", shell)
	}
	t.Parallel()
	b := &shellBox{newBox(t), path}
	b.profiles()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"bin", "real", "tty"} {
		if err := os.Mkdir(b.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(self, b.path("real/fob")); err != nil {
		t.Fatal(err)
	}
	b.write("bin/fob", `#!/bin/sh
if [ "$1" = __complete ]; then exec '`+b.path("real")+`/fob' "$@"; fi
printf '<%s>' "$@"; echo
`)
	b.write("bin/other_completer", `#!/bin/sh
if [ "$2" = on ]; then echo one; else echo "$2$3${#COMP_LINE}"; fi
`)
	for _, program := range []string{"bin/fob", "bin/other_completer"} {
		if err := os.Chmod(b.path(program), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b.set("PATH", b.path("bin")+":"+os.Getenv("PATH"))
	b.set("TERM", "xterm")
	b.set("PS1", "$ ")
	b.set("INPUTRC", "/dev/null")
	return b
}

// profiles writes them: in the credentials file a name stands as it is.
func (b *shellBox) profiles() {
	var text strings.Builder
	for _, name := range append(plainProfiles, hostileProfiles...) {
		text.WriteString("[" + name + "]\naws_access_key_id = AKIAQ777777777777777\naws_secret_access_key = secret\n")
	}
	text.WriteString("[-dash]\n[esc\x1b[31m]\n[tab\there]\n[bell\a]\n[bidi\u202e]\n")
	b.write("home/.aws/credentials", text.String())
	b.write("home/.aws/config", "[profile runs]\ncredential_process = touch canary\n[broken\n")
}

// script is the path of the shell's script as it is shipped.
func (b *shellBox) script(shell string) string {
	b.t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "completions", completions.File(shell)))
	if err != nil {
		b.t.Fatal(err)
	}
	return path
}

// ask runs the shell without a terminal and returns the lines that it prints.
func (b *shellBox) ask(args ...string) []string {
	b.t.Helper()
	r := b.finish(b.inShell(args...))
	if r.status != 0 || r.stderr != "" {
		b.t.Fatalf("%s %q: %v", b.shell, args, r)
	}
	b.noCanary()
	return strings.Split(strings.TrimSuffix(r.stdout, "\n"), "\n")
}

func (b *shellBox) inShell(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(b.t.Context(), b.shell, args...)
	cmd.Dir, cmd.Env = b.dir, b.environ
	return cmd
}

// inExec are plays for what stands behind fob exec --.
func inExec(plays ...onTab) []onTab {
	if !cli.ExecRuns() {
		return nil
	}
	return plays
}

// inScan are plays for the audit, a program of its own that is not there; keys complete
// and run a line.
func inScan(keys string) []onTab {
	return []onTab{
		{"fob scan coll" + keys, "<scan><collect>"},
		{"fob scan rules conv" + keys, "<scan><rules><convert>"},
		{"fob scan --all-pr" + keys, "<scan><--all-profiles>"},
		{"fob scan -p dev -p team:d" + keys, "<scan><-p><dev><-p><team:dev>"},
		{"fob scan --services guard" + keys, "<scan><--services><guardduty>"},
		{"fob scan --services s3,ia" + keys, "<scan><--services><s3,iam>"},
		{"fob scan --format=html,sa" + keys, "<scan><--format=html,sarif>"},
		{"fob scan eval --fail-on cr" + keys, "<scan><eval><--fail-on><critical>"},
		{"fob scan eval key" + keys, "<scan><eval><key.csv>"},
		{"fob scan checks vpc-sg-s" + keys, "<scan><checks><vpc-sg-ssh-open>"},
		{"fob scan collect --checks x,vpc-sg-s" + keys, "<scan><collect><--checks><x,vpc-sg-ssh-open>"},
	}
}

// onTab is what is typed and what has to come of it, a part of what the shell shows.
type onTab struct{ typed, want string }

// lastWord is that of what is wanted to be run.
func (p onTab) lastWord() string {
	words := strings.Split(strings.Trim(p.want, "<>"), "><")
	return words[len(words)-1]
}

// typeInto runs the shell on a terminal, makes it ready with first, and plays.
func (b *shellBox) typeInto(args []string, first string, plays []onTab) {
	b.t.Helper()
	moves := []move{{typed: first}}
	for _, p := range plays {
		moves = append(moves, move{typed: p.typed}, move{expect: p.want})
	}
	master, slave, err := pty.Open()
	if err != nil {
		b.t.Fatal(err)
	}
	defer master.Close()
	cmd := b.inShell(args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	_ = slave.Close()
	if err != nil {
		b.t.Fatal(err)
	}
	s := watch(answering(b.t, master))
	if err := s.hold(cmd.Process, master, moves); err != nil {
		b.t.Error(err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if b.t.Failed() {
		b.t.Logf("the terminal showed %q", s.all())
	}
	b.noCanary()
}

// answering gives what a terminal shows, and answers the shell's questions as
// terminals do: where the cursor is, and what kind of terminal it is.
func answering(t *testing.T, master *os.File) *os.File {
	t.Helper()
	shown, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer w.Close()
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			for range bytes.Count(buf[:n], []byte("\x1b[6n")) {
				_, _ = master.WriteString("\x1b[1;1R")
			}
			for range bytes.Count(buf[:n], []byte("\x1b[c")) + bytes.Count(buf[:n], []byte("\x1b[0c")) {
				_, _ = master.WriteString("\x1b[?62c")
			}
			if _, werr := w.Write(buf[:n]); err != nil || werr != nil {
				return
			}
		}
	}()
	return shown
}

// compareLogins compares what `fob login NAME` printed for each name that a shell
// offers with the names that there are, without those that it cannot take.
func (b *shellBox) compareLogins(got []string, without ...string) {
	b.t.Helper()
	var want []string
	for _, name := range slices.Concat(plainProfiles, hostileProfiles, []string{"runs"}) {
		if !slices.Contains(without, name) {
			want = append(want, "<login><"+name+">")
		}
	}
	got = slices.Clone(got)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		b.t.Errorf("each name completed and run: got\n%q, want\n%q", got, want)
	}
}

// noCanary fails if a name was evaluated.
func (b *shellBox) noCanary() {
	b.t.Helper()
	if _, err := os.Lstat(b.path("canary")); err == nil {
		b.t.Fatal("the name of a profile was run as a command")
	}
}
