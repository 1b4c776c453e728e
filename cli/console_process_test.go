//go:build unix

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// No secret is in the arguments of any program that is started, in the browser's
// environment, or on stderr (R16, T5).
func TestConsoleCanary(t *testing.T) {
	t.Parallel()
	strace := need(t, "strace")
	b := newBox(t)
	b.fob = build(t)
	if err := os.Mkdir(b.path("traces"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.set("AWS_ENDPOINT_URL_SIGNIN", b.aws.URL())
	b.set("BROWSER", "tabs")
	b.set("AWS_SECRET_ACCESS_KEY", b.ann.Key.Secret)
	b.set("AWS_ACCESS_KEY_ID", b.ann.Key.ID)
	c := &canary{box: b, strace: strace}
	c.quiet("vault", "create")
	c.quiet("add", "dev", "--csv", "key.csv", "--no-verify")
	c.quiet("console", "dev", "--debug")
	c.quiet("console", "dev", "--role-arn", roleARN(account, "Ops"), "--logout", "--session-duration", "1h")
	c.quiet("console", "dev", "--browser", "tabs ext+container:name={profile}&url={url}")
	c.quiet("console", "dev", "--browser", "false")
	if n := b.aws.Stats().Calls["login"]; n != 3 || len(b.aws.SigninTokens()) != 4 {
		t.Errorf("%d sign-ins and %d tokens", n, len(b.aws.SigninTokens()))
	}
	checkNoSecret(t, b.path("traces"), b.secrets())
	checkNoSecret(t, b.path("fob"), b.secrets())
	if s := secretIn([]byte(readFile(t, b.path("home/environ"))), b.secrets()); s != "" {
		t.Errorf("the browser's environment holds the secret %.4s…", s)
	}
}

// slowBrowser is a browser that tells its page and goes there when it is told to.
type slowBrowser struct{ shown, goOn *os.File }

// slowBrowser makes the program browser.sh, which ends at once where it is told nothing.
func (b *box) slowBrowser(ctx context.Context, then string) slowBrowser {
	b.t.Helper()
	pipe := func(name string) *os.File {
		if err := syscall.Mkfifo(b.path(name), 0o600); err != nil {
			b.t.Fatal(err)
		}
		f, err := os.OpenFile(b.path(name), os.O_RDWR, 0) // does not wait for the other end
		if err != nil {
			b.t.Fatal(err)
		}
		context.AfterFunc(ctx, func() { _ = f.Close() })
		return f
	}
	b.write("browser.sh", `echo "$1" > `+b.path("shown")+"\n"+then)
	return slowBrowser{pipe("shown"), pipe("go")}
}

// page is the address that the browser was started with.
func (s slowBrowser) page(t *testing.T) string {
	t.Helper()
	line, err := bufio.NewReader(s.shown).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// consoleWith starts fob console with a browser; end waits for its end.
func (b *box) consoleWith(ctx context.Context) (fob *exec.Cmd, end func() result) {
	b.t.Helper()
	b.set("AWS_ENDPOINT_URL_SIGNIN", b.aws.URL())
	b.stored("dev")
	cmd := b.command(ctx, "console", "dev", "--browser", "sh "+b.path("browser.sh"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	return cmd, func() result {
		_ = cmd.Wait()
		return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	}
}

// A browser that never comes does not hold fob for ever: a signal ends it.
func TestConsoleStopped(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	browser := b.slowBrowser(ctx, "exit 0")
	fob, end := b.consoleWith(ctx)
	browser.page(t)
	if err := fob.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if r := end(); r.status != 130 || r.stdout != "" || !threeLines.MatchString(r.stderr) {
		t.Error(r)
	}
}

// What another user reads in the browser's arguments is worth nothing: the page knows
// whose a connection is.
func TestConsolePageOfAnotherUser(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells whose a connection is")
	}
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	bash := need(t, "bash")
	b := newBox(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	browser := b.slowBrowser(ctx, "read -r go < "+b.path("go")+`; exec tabs "$1"`)
	_, end := b.consoleWith(ctx)
	address, path, _ := strings.Cut(strings.TrimPrefix(browser.page(t), "http://"), "/")
	const get = `exec 3<>/dev/tcp/${1%:*}/${1#*:}; printf 'GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n' "$2" "$1" >&3; head -n 1 <&3`
	thief := exec.CommandContext(ctx, bash, "-c", get, "thief", address, path)
	thief.Dir = "/"
	thief.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if got, err := thief.CombinedOutput(); err != nil || !strings.Contains(string(got), " 403 ") {
		t.Errorf("the thief got %q, %v", got, err)
	}
	if _, err := browser.goOn.WriteString("\n"); err != nil {
		t.Fatal(err)
	}
	if r := end(); r.status != 0 || !strings.Contains(r.stderr, "another user of this machine asked") {
		t.Error(r)
	}
	if !strings.Contains(readFile(t, b.path("home/page")), "federated-user/fob-ann") {
		t.Error("the browser was not signed in")
	}
}
