package completions_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"fob/completions"
)

// nasty is a sentence of a help text with all that scripts have to quote.
const nasty = `It's "nasty" [a] {b} $(touch canary) ` + "`touch canary`" + ` \ % : '@ #x; !y | <z> & more`

type grammar struct {
	Plain   bool   `help:"Says a thing." short:"q"`
	Profile string `short:"p"`
	Secret  string `hidden:""`

	Run struct {
		Name string   `arg:"" name:"profile"`
		Args []string `arg:"" passthrough:""`
	} `cmd:"" aliases:"start" help:"Runs."`
	Deep struct {
		Down struct {
			Format string   `enum:"json,text," default:""`
			Shape  string   `predictor:"shapes"`
			Files  []string `arg:"" predictor:"file"`
		} `cmd:""`
	} `cmd:""`
	Hidden struct{} `cmd:"" hidden:""`
}

func generate(t *testing.T, shell string, grammar any, options ...kong.Option) (string, error) {
	t.Helper()
	k, err := kong.New(grammar, append(options, kong.Name("fob"))...)
	if err != nil {
		t.Fatal(err)
	}
	return completions.Generate(shell, k.Model, map[string][]string{"shapes": {"round", "square"}})
}

func TestGenerate(t *testing.T) {
	for shell, want := range map[string][]string{
		"bash": {
			`(?m)^  below='' flags='--help --plain --profile' args='' runs=''$`,
			`(?m)^  ''\) below='run deep' ;;$`, `(?m)^  'run'\) args='profile' runs='yes' ;;$`,
			`(?m)^  ' run' \| ' start'\) at='run' ;;$`, `(?m)^  \*' --profile' \| \*' -p'\) kind='profile' ;;$`,
			`(?m)^  'deep down'\) flags\+=' --format --shape' args='file...' ;;$`,
			`kind='=json,text'`, `kind='=round,square'`,
		},
		"fish":   {`-n "__fob_at|__fob_at "deep down" 0\+' -F`, `set -g __fob_runners run\n`, `-s q -l plain -d 'Says a thing'`},
		"elvish": {`"fob start": {"path": "fob run"}`, `"runs": "--"`, `"args": \["file..."\]`},
		"tcsh":   {`'n/\{run,start\}/`, `'n/--shape/\(round square\)/'`, `'n/deep/\(down\)/'`},
		"zsh":    {`\(run\|start\)\n      __fob_run && return`, `'\*: :_files'`, `\{-q,--plain\}'\[Says a thing\]'`},
	} {
		got, err := generate(t, shell, &grammar{})
		if err != nil {
			t.Errorf("%s: %v", shell, err)
		}
		for _, w := range want {
			if !regexp.MustCompile(w).MatchString(got) {
				t.Errorf("%s: no %s in\n%s", shell, w, got)
			}
		}
		if strings.Contains(got, "hidden") || strings.Contains(got, "secret") {
			t.Errorf("%s shows what is hidden:\n%s", shell, got)
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	var unknown struct {
		Flag string `predictor:"nothing"`
	}
	var evil struct {
		Flag string `enum:"a,$(touch canary)" default:"a"`
	}
	var good struct{}
	for shell, g := range map[string]any{"bash": &unknown, "fish": &evil, "cmd": &good, "": &good} {
		if text, err := generate(t, shell, g); err == nil || text != "" {
			t.Errorf("%q: %v, %q", shell, err, text)
		}
	}
}

// TestHelpTexts: whatever a help text holds is shown, and nothing else.
func TestHelpTexts(t *testing.T) {
	for _, shell := range completions.Shells() {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			type command struct {
				Loud bool `help:"${nasty}. More."`
			}
			script, err := generate(t, shell, &struct {
				Run command `cmd:"" help:"${nasty}. More."`
			}{}, kong.Vars{"nasty": nasty})
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), completions.File(shell))
			if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			switch shell {
			case "bash", "zsh":
				run(t, shell, "-n", file)
			case "fish":
				if got := run(t, shell, "--no-config", "-c", "source "+file+"; complete -C 'fob ru'; complete -C 'fob run --lo'"); got != "run\t"+nasty+"\n--loud\t"+nasty+"\n" {
					t.Errorf("%q", got)
				}
			case "elvish":
				_, rest, _ := strings.Cut(script, "(print '")
				text, _, _ := strings.Cut(rest, "' | from-json)")
				checkData(t, strings.ReplaceAll(text, "''", "'"))
			case "pwsh":
				_, rest, _ := strings.Cut(script, "@'\n")
				text, _, _ := strings.Cut(rest, "\n'@")
				checkData(t, text)
			case "nu":
				_, rest, _ := strings.Cut(script, "model\" [] { {")
				checkData(t, "{"+strings.TrimSuffix(strings.TrimSpace(rest), "}"))
			case "xonsh":
				_, rest, _ := strings.Cut(script, "_fob_completer({")
				text, _, _ := strings.Cut(rest, "}), \"start\"")
				checkData(t, "{"+text+"}")
			}
		})
	}
}

func checkData(t *testing.T, text string) {
	t.Helper()
	var model map[string]struct {
		Below, Flags []struct{ Name, Help string }
	}
	if err := json.Unmarshal([]byte(text), &model); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if below, flags := model["fob"].Below, model["fob run"].Flags; len(below) != 1 || len(flags) != 1 || below[0].Help != nasty || flags[0].Help != nasty {
		t.Errorf("%+v", model)
	}
}

func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("FOB_TEST_NO_SKIP") != "" {
			t.Fatalf("%s is not installed, and nothing may be skipped", program)
		}
		t.Skipf("%s is not installed", program)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+cmd.Dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// TestPackages: each script is in a release, and the packages install it.
func TestPackages(t *testing.T) {
	release, err := os.ReadFile("../goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, shell := range completions.Shells() {
		if completions.Script(shell) == "" || !strings.Contains(string(release), "- src: completions/"+completions.File(shell)+"\n") {
			t.Errorf("%s: no script, or goreleaser.yaml installs none", shell)
		}
	}
	if completions.Script("cmd") != "" || completions.Script("") != "" {
		t.Error("a script for nothing")
	}
}
