package shell_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/rogpeppe/go-internal/diff"

	"fob/shell"
)

var update = flag.Bool("update", false, "write the golden files anew")

// zeros is a source of randomness that has none.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// everything returns all shells and formats.
func everything() []shell.Shell { return append(shell.All(), shell.Formats(zeros{})...) }

// credentials are what fob emits day by day.
var credentials = append(shell.Unset("AWS_SECURITY_TOKEN", "AWS_PROFILE"), []shell.Var{
	{Name: "AWS_ACCESS_KEY_ID", Value: "ASIAIOSFODNN7EXAMPLE", Secret: true},
	{Name: "AWS_SECRET_ACCESS_KEY", Value: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=_-", Secret: true},
	{Name: "AWS_CREDENTIAL_EXPIRATION", Value: "2026-11-22T01:13:00Z"},
	{Name: "AWS_REGION", Value: "eu-west-1"},
}...)

// special are values beyond the safe set, with what is special in some shell.
var special = []shell.Var{
	{Name: "QUOTES", Value: "it's \"so\" `id` $(id) $HOME ${x} \u2019"},
	{Name: "SIGNS", Value: `a\b\\ !x #y ~z *?[a]{b,c} ;|&<>()^%TEMP% -n =ls`},
	{Name: "WORLD", Value: "Zoë 東京 🔑"},
	{Name: "CONTROL", Value: "\x1b[31m\t1\x7f"},
	{Name: "TYPOGRAPHIC", Value: "\u2018a\u2019b\u201ac\u201bd\u201ce\u201df\u201eg\u2013h"},
	{Name: "INVISIBLE", Value: "\u00a0a\u2028b\ufeffc\u202ed"},
}

func TestGolden(t *testing.T) {
	for _, s := range everything() {
		t.Run(s.Name(), func(t *testing.T) {
			got, err := s.Export(credentials)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains([]string{"cmd", "dotenv"}, s.Name()) {
				more, err := s.Export(special)
				if err != nil {
					t.Fatal(err)
				}
				got += more
			}
			file := filepath.Join("testdata", "golden", s.Name()+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := diff.Diff(file, want, "got", []byte(got)); d != nil {
				t.Errorf("%s", d)
			}
		})
	}
}

// TestExportRefusesValues: what cannot be expressed, and nothing else.
func TestExportRefusesValues(t *testing.T) {
	candidates := append(fixed(), "a\x00b", "\x00")
	for r := newRandom(); len(candidates) < 3000; {
		candidates = append(candidates, r.value())
	}
	for _, s := range everything() {
		can, known := takes()[s.Name()]
		if !known {
			t.Errorf("%s is not in the table", s.Name())
			continue
		}
		for _, value := range candidates {
			got, err := s.Export([]shell.Var{{Name: "FIRST", Value: "1"}, {Name: "CULPRIT", Value: value}})
			if can(value) && !strings.Contains(value, "\x00") {
				if err != nil {
					t.Errorf("%s refuses %.200q: %v", s.Name(), value, err)
				}
				continue
			}
			if !errors.Is(err, shell.ErrUnsafe) || got != "" {
				t.Errorf("%s takes %.200q: %.200q, %v", s.Name(), value, got, err)
				continue
			}
			if !strings.Contains(err.Error(), "CULPRIT") || len(value) > 10 && strings.Contains(err.Error(), value) {
				t.Errorf("%s: the error names the wrong thing: %v", s.Name(), err)
			}
		}
	}
}

func TestExportRefusesNames(t *testing.T) {
	for _, s := range everything() {
		for _, name := range []string{"", "1A", "A-B", "A B", "A=B", "A;touch x", "A\n", "Ä", "$(id)", "A[$(id)]"} {
			for _, v := range []shell.Var{{Name: name, Value: "v"}, {Name: name, Unset: true}} {
				if got, err := s.Export([]shell.Var{{Name: "OK"}, v}); !errors.Is(err, shell.ErrName) || got != "" {
					t.Errorf("%s takes the name %q: %q, %v", s.Name(), name, got, err)
				}
			}
		}
		if got, err := s.Export([]shell.Var{{Name: "A", Value: "1"}, {Name: "A", Unset: true}}); !errors.Is(err, shell.ErrName) || got != "" {
			t.Errorf("%s takes the same name twice: %q, %v", s.Name(), got, err)
		}
	}
}

func TestExportIgnoresTheValueOfUnset(t *testing.T) {
	for _, s := range everything() {
		want, err := s.Export(shell.Unset("A"))
		if err != nil {
			t.Errorf("%s: %v", s.Name(), err)
		}
		got, err := s.Export([]shell.Var{{Name: "A", Value: "canary\x00\n\xff", Unset: true}})
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", s.Name(), got, err, want)
		}
	}
}

func TestGitHubMasks(t *testing.T) {
	vars := []shell.Var{
		{Name: "ID", Value: "AKIA", Secret: true},
		{Name: "REGION", Value: "eu-west-1"},
		{Name: "PERCENT", Value: "a%0Ab", Secret: true},
		{Name: "EMPTY", Secret: true},
		{Name: "GONE", Value: "old", Secret: true, Unset: true},
	}
	got, err := shell.GitHub{}.Masks(vars)
	if want := "::add-mask::AKIA\n::add-mask::a%250Ab\n"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if got, err := (shell.GitHub{}).Masks([]shell.Var{{Name: "A", Value: "a\nb"}}); !errors.Is(err, shell.ErrUnsafe) || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := (shell.GitHub{}).Masks([]shell.Var{{Name: "A B"}}); !errors.Is(err, shell.ErrName) || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestGitHubDelimiters(t *testing.T) {
	vars := []shell.Var{{Name: "A", Value: "1"}}
	first, err1 := shell.GitHub{}.Export(vars)
	second, err2 := shell.GitHub{}.Export(vars)
	if err1 != nil || err2 != nil || first == second {
		t.Errorf("the delimiter can be guessed: %q, %q (%v, %v)", first, second, err1, err2)
	}
	broken := errors.New("no randomness")
	if got, err := (shell.GitHub{Random: iotest.ErrReader(broken)}).Export(vars); !errors.Is(err, broken) || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestFind(t *testing.T) {
	for asked, want := range map[string]string{
		"bash": "bash", "zsh": "zsh", "sh": "sh", "fish": "fish", "tcsh": "tcsh", "elvish": "elvish",
		"xonsh": "xonsh", "pwsh": "pwsh", "nu": "nu", "cmd": "cmd",
		"-bash": "bash", "/usr/bin/zsh": "zsh", "-zsh": "zsh", "rbash": "bash", "ZSH": "zsh", "rzsh": "zsh",
		"dash": "sh", "ksh": "sh", "ksh93": "sh", "mksh": "sh", "busybox": "sh", "ash": "sh", "posix": "sh",
		"csh": "tcsh", "powershell": "pwsh", `C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.EXE`: "pwsh",
		"cmd.exe": "cmd", "nushell": "nu",
		"": "", "python3": "", "bas": "", "bash5": "", "json": "", "github": "", "/": "", "bash/": "", "--bash": "",
	} {
		got, err := shell.Find(asked)
		checkFound(t, asked, got, err, want)
	}
	for asked, want := range map[string]string{"dotenv": "dotenv", "json": "json", "github": "github", "bash": "", "JSON": "", "": ""} {
		got, err := shell.FindFormat(asked, nil)
		checkFound(t, asked, got, err, want)
	}
}

func TestDetect(t *testing.T) {
	for _, tc := range []struct{ explicit, parent, login, want string }{
		{"fish", "bash", "/bin/zsh", "fish"},
		{"", "dash", "/bin/bash", "sh"},
		{"", "sh", "/bin/bash", "sh"},
		{"", "-zsh", "/bin/bash", "zsh"},
		{"", "bash", "", "bash"},
		{"", "", "/usr/bin/fish", "fish"},
		{"", "", "/bin/dash", "sh"},
		{"", "", "", ""},
		{"", "make", "/bin/bash", ""},
		{"rc", "bash", "/bin/bash", ""},
		{"", "", "/bin/false", ""},
	} {
		getenv := func(name string) string {
			if name != "SHELL" {
				t.Errorf("asks for %s", name)
			}
			return tc.login
		}
		got, err := shell.Detect(tc.explicit, tc.parent, getenv)
		checkFound(t, tc.explicit+","+tc.parent+","+tc.login, got, err, tc.want)
	}
}

// checkFound compares what was found with a name, "" for ErrUnknown.
func checkFound(t *testing.T, asked string, got shell.Shell, err error, want string) {
	t.Helper()
	switch {
	case want == "":
		if !errors.Is(err, shell.ErrUnknown) || got != nil {
			t.Errorf("%q: got %v, %v; want none", asked, got, err)
		}
	case err != nil:
		t.Errorf("%q: %v", asked, err)
	case got.Name() != want:
		t.Errorf("%q: got %s, want %s", asked, got.Name(), want)
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range everything() {
		if seen[s.Name()] {
			t.Errorf("%s comes twice", s.Name())
		}
		seen[s.Name()] = true
	}
}
