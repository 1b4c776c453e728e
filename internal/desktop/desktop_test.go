package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	for _, tt := range []struct {
		goos, vars string
		programs   []string // none: there is no desktop
	}{
		{goos: "linux"},
		{goos: "linux", vars: "DISPLAY=:0", programs: []string{"zenity", "kdialog"}},
		{goos: "linux", vars: "WAYLAND_DISPLAY=wayland-0 XDG_CURRENT_DESKTOP=ubuntu:GNOME", programs: []string{"zenity", "kdialog"}},
		{goos: "linux", vars: "DISPLAY=:0 XDG_CURRENT_DESKTOP=KDE", programs: []string{"kdialog", "zenity"}},
		{goos: "linux", vars: "DISPLAY=localhost:10.0 SSH_CONNECTION=x", programs: []string{"zenity", "kdialog"}},
		{goos: "darwin", programs: []string{"osascript"}},
		{goos: "darwin", vars: "SSH_CONNECTION=x"},
		{goos: "darwin", vars: "SSH_TTY=/dev/ttys001 DISPLAY=:0"},
		{goos: "windows", programs: []string{"powershell"}},
		{goos: "windows", vars: "SSH_CLIENT=x"},
		{goos: "freebsd", vars: "DISPLAY=:0"},
	} {
		getenv := func(name string) string {
			for pair := range strings.FieldsSeq(tt.vars) {
				if value, ok := strings.CutPrefix(pair, name+"="); ok {
					return value
				}
			}
			return ""
		}
		d, err := Open(Options{GOOS: tt.goos, Getenv: getenv})
		if tt.programs == nil {
			if !errors.Is(err, ErrNoDisplay) {
				t.Errorf("%s %s: %v", tt.goos, tt.vars, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %s: %v", tt.goos, tt.vars, err)
			continue
		}
		var got []string
		for _, a := range d.asking {
			got = append(got, strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", a), "desktop.")))
		}
		if !slices.Equal(got, tt.programs) {
			t.Errorf("%s %s: %q, want %q", tt.goos, tt.vars, got, tt.programs)
		}
	}
}
