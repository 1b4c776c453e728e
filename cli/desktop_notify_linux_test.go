package cli_test

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// byProgram runs fob on a terminal for a program called terraform.
func (b *box) byProgram(dialogue string, args ...string) (r result, shown string) {
	b.t.Helper()
	path := b.program("terraform", `fob "$@"; exit`)
	vars := map[string]string{"CODE": b.mfa.Code(b.aws.Now())}
	moves, err := parseDialogue(dialogue, func(name string) string { return vars[name] })
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*patience)
	defer cancel()
	cmd := b.command(ctx, args...)
	cmd.Path, cmd.Args[0] = path, path
	cmd.Env = append(cmd.Env, varTerminal+"=1")
	var stdout strings.Builder
	cmd.Stdout = &stdout
	if shown, err = onTerminal(cmd, moves); err != nil {
		b.t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), ""}, shown
}

var whoWaits = regexp.MustCompile(`^terraform \(pid \d+\) wants credentials of the profile "dev"\.\r\nEnter your MFA code for `)

// On the terminal the prompt says first which program waits, once.
func TestWhoWaits(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	r, shown := b.byProgram("< abort): \n> 000001\n< refused\n< abort): \n> $CODE\n", "process", "-p", "dev")
	if r.status != 0 || !whoWaits.MatchString(shown) || strings.Count(shown, "terraform") != 1 {
		t.Errorf("the terminal shows %q: %v", shown, r.status)
	}
}

// A notification says which program waits, unless the answer is quick, once, and
// for no one who typed fob's own name. What it says on the terminal here comes from
// the program that would show it.
func TestNotification(t *testing.T) {
	t.Parallel()
	const noted = `[notification] --app-name=fob --icon=dialog-password -- fob terraform (pid `
	for name, tt := range map[string]struct {
		set, dialogue string
		program       string
		notes         int
	}{
		"no answer":          {set: "0s", dialogue: "< that is all\n> $CODE\n", notes: 1},
		"malformed answers":  {set: "0s", dialogue: "< that is all\n> 1\n< abort): \n> $CODE\n", notes: 1},
		"refused":            {set: "0s", dialogue: "< that is all\n> 000001\n< abort): \n> $CODE\n", notes: 1},
		"quick":              {dialogue: "< abort): \n> $CODE\n"},
		"off":                {set: "off", dialogue: "< abort): \n> $CODE\n"},
		"odd":                {set: "soon", dialogue: "< abort): \n> $CODE\n"},
		"cannot be shown":    {set: "0s", program: "exit 1", dialogue: "< abort): \n> $CODE\n"},
		"hangs":              {set: "0s", program: "trap '' TERM; sleep 1000 & wait", dialogue: "< abort): \n> $CODE\n"},
		"nothing to do with": {set: "0s", program: "-", dialogue: "< abort): \n> $CODE\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.stored("dev", "--mfa-serial", b.mfa.Serial)
			b.set("DISPLAY", ":0")
			b.set("FOB_NOTIFY", tt.set)
			switch tt.program {
			case "":
				b.program("notify-send", `{ echo "[notification] $*"; echo "that is all"; } >/dev/tty`)
			case "-":
			default:
				b.program("notify-send", tt.program)
			}
			r, shown := b.byProgram(tt.dialogue, "process", "-p", "dev")
			if r.status != 0 || strings.Count(shown, noted) != tt.notes || strings.Count(shown, "[notification]") != tt.notes {
				t.Errorf("exit status %d, the terminal shows %q", r.status, shown)
			}
		})
	}
	t.Run("typed", func(t *testing.T) {
		t.Parallel()
		b := newBox(t)
		b.stored("dev", "--mfa-serial", b.mfa.Serial)
		b.set("DISPLAY", ":0")
		b.set("FOB_NOTIFY", "0s")
		b.program("notify-send", `echo >"$(dirname "$0")/../canary"`)
		r, shown := b.talk("< abort): \n> $CODE\n", true, "process", "-p", "dev")
		if r.status != 0 || !strings.HasPrefix(shown, "Enter your MFA code") {
			t.Errorf("the terminal shows %q: %v", shown, r)
		}
		b.noCanary()
	})
}

// notifications is a daemon that takes them.
type notifications struct{ came chan [2]string }

func (n notifications) Notify(app string, _ uint32, _, summary, body string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	n.came <- [2]string{app + ": " + summary, body}
	return 1, nil
}

// GetServerInformation is what libnotify asks first.
func (notifications) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "test", "fob", "1", "1.2", nil
}

// The real notify-send brings it to the desktop, with hostile text as text.
func TestNotificationArrives(t *testing.T) {
	t.Parallel()
	installed(t, "notify-send")
	b := newBox(t)
	came := b.notificationDaemon()
	b.write("home/.aws/config", "[profile <b>\\n&amp;--]\naws_access_key_id = "+b.ann.Key.ID+"\naws_secret_access_key = "+b.ann.Key.Secret+"\nmfa_serial = "+b.mfa.Serial+"\n")
	b.set("DISPLAY", ":0")
	b.set("FOB_NOTIFY", "0s")
	b.must("vault", "create")
	// The dialogue waits for the terminal alone, so the program tells of its end there.
	b.program("notify-send", fmt.Sprintf(`%s "$@"; echo "that is all" >/dev/tty`, installed(t, "notify-send")))
	r, _ := b.byProgram("< that is all\n> $CODE\n", "process", "-p", `<b>\n&amp;--`)
	var got [2]string
	select {
	case got = <-came:
	case <-time.After(patience):
	}
	want := regexp.MustCompile(`^terraform \(pid \d+\) wants credentials of the profile "<b>\\n&amp;--"\.` + "\n" +
		`It waits on its terminal for an MFA code of arn:aws:iam::123456789012:mfa/ann\.$`)
	if r.status != 0 || got[0] != "fob: fob" || !want.MatchString(html.UnescapeString(got[1])) || strings.ContainsAny(got[1], `<>`) {
		t.Errorf("exit status %d, %q", r.status, got)
	}
}

// notificationDaemon starts a message bus for the box with a daemon on it.
func (b *box) notificationDaemon() <-chan [2]string {
	b.t.Helper()
	bus := exec.CommandContext(b.t.Context(), installed(b.t, "dbus-daemon"), "--session", "--nofork", "--nopidfile", "--print-address=1", "--address=unix:path="+b.path("bus"))
	bus.Env = b.environ
	out, err := bus.StdoutPipe()
	if err == nil {
		err = bus.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = bus.Process.Kill(); _ = bus.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.t.Fatal(err)
	}
	address = strings.TrimSpace(address)
	b.set("DBUS_SESSION_BUS_ADDRESS", address)
	conn, err := dbus.Connect(address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	n := notifications{make(chan [2]string, 8)}
	if err := conn.Export(n, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		b.t.Fatal(err)
	}
	if reply, err := conn.RequestName("org.freedesktop.Notifications", dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		b.t.Fatal(reply, err)
	}
	return n.came
}
