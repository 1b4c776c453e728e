//go:build unix

package desktop

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bin is a folder with programs, which are shell scripts.
func bin(t *testing.T, programs map[string]string) (dir string, d *Desktop) {
	t.Helper()
	dir = t.TempDir()
	syscall.ForkLock.RLock() // no child of another test holds a script open: it could not be run
	defer syscall.ForkLock.RUnlock()
	for name, script := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir, &Desktop{[]asker{zenity{}, kdialog{}}, notifySend, []string{"PATH=" + dir, "DIR=" + dir}}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		programs map[string]string
		text     string
		err      error
		reason   string
	}{
		"answer":           {programs: map[string]string{"zenity": "echo 123456"}, text: "123456"},
		"refusal":          {programs: map[string]string{"zenity": "exit $ZENITY_CANCEL", "kdialog": "echo no"}, err: ErrCancelled},
		"other program":    {programs: map[string]string{"kdialog": "echo 123456"}, text: "123456"},
		"no display":       {programs: map[string]string{"zenity": "echo noise >&2; exit 1", "kdialog": "kill -ABRT $$"}, reason: "zenity could not show a window (exit status 1), kdialog could not show a window (exit status 134)"},
		"one fails":        {programs: map[string]string{"zenity": "exit 1", "kdialog": "echo 123456"}, text: "123456"},
		"nothing":          {reason: "zenity is not installed, kdialog is not installed"},
		"too much":         {programs: map[string]string{"zenity": "while :; do echo 0123456789abcdef; done"}, reason: "zenity cannot be run, kdialog is not installed"},
		"stdin is empty":   {programs: map[string]string{"zenity": "read x; echo \"<$x>\""}, text: "<>"},
		"first line alone": {programs: map[string]string{"zenity": "echo one; echo two"}, text: "one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, d := bin(t, tt.programs)
			got, err := d.Ask(t.Context(), Question{Line, "fob", "text"})
			var unable *UnableError
			if tt.reason != "" {
				if !errors.As(err, &unable) || unable.Reason != tt.reason {
					t.Errorf("%v, want %s", err, tt.reason)
				}
				return
			}
			if got.Reveal() != tt.text || !errors.Is(err, tt.err) {
				t.Errorf("%q, %v", got.Reveal(), err)
			}
		})
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]bool{"exit 0": true, "exit $ZENITY_CANCEL": false} {
		_, d := bin(t, map[string]string{"zenity": script})
		if yes, err := d.Confirm(t.Context(), "fob", "sure?"); yes != want || err != nil {
			t.Errorf("%s: %v, %v", script, yes, err)
		}
	}
}

// hanging is a window that does not go by itself, and has a child. Both hold the
// pipe open.
const hanging = `trap '' TERM INT HUP
exec 3>"$DIR/pipe"
/bin/sleep 1000 &
wait`

// A window goes with its context, and takes its children along.
func TestEndOfContext(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]error{"deadline": ErrTimeout, "cancel": ErrCancelled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, d := bin(t, map[string]string{"zenity": hanging})
			pipe := filepath.Join(dir, "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			if name == "deadline" {
				ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
			}
			defer cancel()
			asked := make(chan error, 1)
			go func() {
				_, err := d.Ask(ctx, Question{Line, "fob", "text"})
				asked <- err
			}()
			alive, err := os.Open(pipe) // returns when the window is there
			if err != nil {
				t.Fatal(err)
			}
			defer alive.Close()
			if name == "cancel" {
				cancel()
			}
			if err := <-asked; !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
			if _, err := io.ReadAll(alive); err != nil { // returns when all are gone
				t.Error(err)
			}
		})
	}
}

func TestNotify(t *testing.T) {
	t.Parallel()
	dir, d := bin(t, map[string]string{"notify-send": `printf '%s\n' "$@" >"$DIR/said"`})
	if err := d.Notify(t.Context(), "fob", "-a <b> \\n"); err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(filepath.Join(dir, "said"))
	if want := "--\nfob\n-a &lt;b&gt; \\\\n\n"; err != nil || !strings.HasSuffix(string(said), want) {
		t.Errorf("%q, %v", said, err)
	}
	_, d = bin(t, nil)
	var unable *UnableError
	if err := d.Notify(t.Context(), "fob", "text"); !errors.As(err, &unable) {
		t.Error(err)
	}
}
