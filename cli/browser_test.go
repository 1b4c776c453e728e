package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rsc.io/qr"
)

func TestBrowsers(t *testing.T) {
	for _, tt := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", map[string]string{"DISPLAY": ":0"}, "xdg-open URL"},
		{"linux", map[string]string{"WAYLAND_DISPLAY": "w", "WSL_DISTRO_NAME": "Debian"}, "xdg-open URL|wslview URL"},
		{"linux", map[string]string{"WSL_DISTRO_NAME": "Debian"}, "wslview URL"},
		{"linux", nil, ""},
		{"darwin", nil, "/usr/bin/open URL"},
		{"linux", map[string]string{"BROWSER": "firefox --new-tab:/opt/my browser/x 'a b' %s.html"}, "firefox --new-tab URL|/opt/my browser/x a b URL.html"},
		{"linux", map[string]string{"BROWSER": "'open", "DISPLAY": ":0"}, ""},
		{"windows", map[string]string{"BROWSER": `C:\browser.exe`}, `C:\browser.exe URL`},
		{"windows", map[string]string{"SystemRoot": "/w"}, filepath.FromSlash("/w/System32/rundll32.exe") + " url.dll,FileProtocolHandler URL"},
	} {
		a := &app{sys: System{GOOS: tt.goos, Getenv: func(name string) string { return tt.env[name] }}}
		var got []string
		for _, argv := range a.browsers() {
			got = append(got, strings.Join(withPage(argv, "URL"), " "))
		}
		if all := strings.Join(got, "|"); all != tt.want {
			t.Errorf("%s %v: got %s, want %s", tt.goos, tt.env, all, tt.want)
		}
	}
}

func TestBrowserEnv(t *testing.T) {
	given := []string{"PATH=/bin", "AWS_SECRET_ACCESS_KEY=x", "FOB_PASSPHRASE=x", "FOB_DIR=/d", "DISPLAY=:0", "LC_ALL=C", "XDG_RUNTIME_DIR=/r", "SystemRoot=C", "ProgramFiles(x86)=C", "GITHUB_TOKEN=x", "odd"}
	want := []string{"PATH=/bin", "DISPLAY=:0", "LC_ALL=C", "XDG_RUNTIME_DIR=/r", "SystemRoot=C", "ProgramFiles(x86)=C"}
	if got := browserEnv(given); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// The drawing, read back, is the code with its light frame.
func TestQRCode(t *testing.T) {
	const text = "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH"
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(qrCode(text), "\n"), "\n")
	size := code.Size + 2*qrMargin
	if len(lines) != (size+1)/2 {
		t.Fatalf("%d lines for %d modules", len(lines), size)
	}
	for row, line := range lines {
		blocks := []rune(strings.TrimPrefix(line, "  "))
		if len(blocks) != size {
			t.Fatalf("line %d has %d blocks, want %d", row, len(blocks), size)
		}
		for col, block := range blocks {
			x, y := col-qrMargin, 2*row-qrMargin
			if upper := block == '█' || block == '▀'; upper == code.Black(x, y) {
				t.Fatalf("module %d, %d", x, y)
			}
			if lower := block == '█' || block == '▄'; 2*row+1 < size && lower == code.Black(x, y+1) {
				t.Fatalf("module %d, %d", x, y+1)
			}
		}
	}
	if qrCode(strings.Repeat("x", 1024)) != "" || qrCode(strings.Repeat("x", 10000)) != "" {
		t.Error("a code that no terminal shows")
	}
}
