//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

const (
	arrowDown = "\x1b[B"
	// drawn and restored are the beginning and the end of every picture.
	drawn    = "\x1b[?1049h"
	restored = "\x1b[?25h\x1b[?7h\x1b[H\x1b[J\x1b[?1049l"
)

// onList runs fob use, which lists the profiles, through a dialogue. TERM is that of
// a terminal that can be drawn on.
func (b *box) onList(dialogue ...move) (r result, shown string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*patience)
	defer cancel()
	cmd := b.command(ctx, "use", "--shell", "sh")
	cmd.Env = append([]string{"TERM=xterm"}, append(cmd.Env, varTerminal+"=1")...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	shown, err := onTerminal(cmd, dialogue)
	if err != nil {
		b.t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}, shown
}

// choices is a box with profiles of every kind.
func choices(t *testing.T) *box {
	b := newBox(t)
	b.write("home/.aws/config", `[profile ops]
role_arn = arn:aws:iam::123456789012:role/Ops
source_profile = dev
[profile prod-東京]
role_arn = arn:aws:iam::123456789012:role/Ops
source_profile = dev
fob_protect = true
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
[profile sso]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = Dev
[profile evil`+"\x1b]52;c;Zm9v\x07"+`]
region = eu-west-1
`)
	b.stored("dev")
	return b
}

func typed(text string) move     { return move{typed: text} }
func expected(text string) move  { return move{expect: text} }
func used(profile string) string { return "export FOB_PROFILE='" + profile + "'; " }

func TestPickOnTerminal(t *testing.T) {
	t.Parallel()
	b := choices(t)
	for _, tt := range []struct {
		name     string
		dialogue []move
		status   int
		want     string // on stdout; "" for nothing at all
	}{
		{"enter takes the first", []move{expected("> dev"), expected("key"), typed("\r")}, 0, used("dev")},
		{"an arrow", []move{expected("> dev"), typed(arrowDown + arrowDown), expected("> ops"), expected("123456789012:role/Ops"), typed("\r")}, 0, used("ops")},
		{"a filter", []move{expected("5 of 5"), typed("op"), expected("1 of 5"), expected("> "), typed("\r")}, 0, used("ops")},
		{"a protected one", []move{expected("protected, key, 123456789012:role/Ops"), typed("東"), expected("1 of 5"), typed("\r"), expected("Go on? [y/N] "), typed("y\r")}, 0, used("prod-東京")},
		{"what sso is", []move{expected("sso, 123456789012:Dev"), typed("\x1b")}, 130, ""},
		{"a hostile name is shown", []move{expected(`evil\x1b]52;c;Zm9v\x07`), typed("\x1b")}, 130, ""},
		{"and not used", []move{expected("5 of 5"), typed("evil\r")}, 4, ""},
		{"nothing matches", []move{expected("5 of 5"), typed("xyz\r"), expected("none of 5 matches"), typed("\x15"), expected("5 of 5"), typed("\x1b")}, 130, ""},
		{"ctrl-c", []move{expected("5 of 5"), typed("\x03")}, 130, ""},
		{"SIGTERM", []move{expected("5 of 5"), {signal: syscall.SIGTERM}}, 130, ""},
		{"SIGHUP", []move{expected("5 of 5"), {signal: syscall.SIGHUP}}, 130, ""},
		{"another size", []move{{size: &pty.Winsize{Cols: 24, Rows: 4}}, expected("5 of 5. Type to filter,…"), typed(arrowDown + arrowDown), expected("> ops"), {size: &pty.Winsize{Cols: 60, Rows: 20}}, expected("Enter takes it, Esc"), expected("> ops"), typed("\r")}, 0, used("ops")},
	} {
		r, shown := b.onList(tt.dialogue...)
		if r.status != tt.status || !strings.Contains(r.stdout, tt.want) || (tt.want == "") != (r.stdout == "") {
			t.Errorf("%s: %v", tt.name, r)
		}
		if r.status != 0 && !threeLines.MatchString(r.stderr) {
			t.Errorf("%s: the failure does not end in three lines: %s", tt.name, r.stderr)
		}
		if !strings.HasPrefix(shown, drawn) || !strings.Contains(shown, restored) {
			t.Errorf("%s: the terminal is not restored: %q", tt.name, shown)
		}
		if strings.Contains(shown, "\x1b]") || strings.Contains(shown, "\a") {
			t.Errorf("%s: a name drives the terminal: %q", tt.name, shown)
		}
	}
}

// TestPickMarks: what was in use before comes first, what is in use next.
func TestPickMarks(t *testing.T) {
	t.Parallel()
	b := choices(t)
	b.set("FOB_PROFILE", "dev")
	b.set("FOB_PREVIOUS", "sso")
	r, _ := b.onList(expected("> sso"), expected("before, sso"), expected("dev"), expected("in use, key"), expected("evil"), typed("\x1b"))
	if r.status != 130 {
		t.Error(r)
	}
}

// TestPickOnDumbTerminal: numbers, or a part of the name.
func TestPickOnDumbTerminal(t *testing.T) {
	t.Parallel()
	b := choices(t)
	b.set("TERM", "dumb")
	const prompt = "Number or part of the name (or 'q' to abort): "
	for _, tt := range []struct {
		name     string
		dialogue []move
		status   int
		want     string
	}{
		{"a number", []move{expected("  1  dev  (key"), expected("  3  ops  (key"), expected(prompt), typed("3\r")}, 0, used("ops")},
		{"a name", []move{expected(prompt), typed("dev\r")}, 0, used("dev")},
		{"a part", []move{expected(prompt), typed("ev\r"), expected("  1  "), expected(prompt), typed("qq\r"), expected("No name matches."), expected(prompt), typed("dev\r")}, 0, used("dev")},
		{"q", []move{expected(prompt), typed("q\r")}, 130, ""},
		{"ctrl-c", []move{expected(prompt), typed("\x03")}, 130, ""},
	} {
		r, shown := b.onList(tt.dialogue...)
		if r.status != tt.status || !strings.Contains(r.stdout, tt.want) || (tt.want == "") != (r.stdout == "") {
			t.Errorf("%s: %v", tt.name, r)
		}
		if strings.Contains(shown, "\x1b") {
			t.Errorf("%s: a dumb terminal gets %q", tt.name, shown)
		}
	}
}

// TestPickFromThousands: the list of ten thousand profiles is there at once.
func TestPickFromThousands(t *testing.T) {
	b := newBox(t)
	var config strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&config, "[profile team-%05d]\nrole_arn = arn:aws:iam::%012d:role/Ops\nsource_profile = base\n", i, i)
	}
	config.WriteString("[profile base]\naws_access_key_id = $KEY_ID\naws_secret_access_key = $SECRET\n")
	b.write("home/.aws/config", config.String())
	const limit = 100 * time.Millisecond
	best := time.Hour
	for tries := 0; best > limit && tries < 25; tries++ { // the machine may be busy
		start := time.Now()
		var painted time.Duration
		r, _ := b.onList(expected("> base"), move{during: func() { painted = time.Since(start) }},
			typed("7777"), expected("1 of 10001"), typed("\x1b"))
		if r.status != 130 {
			t.Fatal(r)
		}
		best = min(best, painted)
	}
	t.Logf("first picture after %v", best)
	if best > limit {
		t.Errorf("the first picture took %v", best)
	}
}
