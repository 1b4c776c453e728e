package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A rule forbids packages something, and says why. Patterns are import paths;
// one that ends in "/..." means the packages below, too.
type rule struct {
	from      string
	forbidden []string
	except    []string // packages of from that may
	why       string
}

// importRules are about what a package's own files import, tests aside:
// main -> cli -> {resolve, keychain, shell, completions} -> internal.
var importRules = []rule{
	{from: "fob/internal/...", forbidden: []string{"fob", "fob/cli/...", "fob/resolve/...", "fob/keychain/...", "fob/shell/...", "fob/completions/...", "fob/scan/...", "fob/demo/..."},
		why: "internal packages are leaves; what they need from above is handed to them"},
	{from: "fob/resolve/...", forbidden: []string{"fob", "fob/cli/...", "fob/keychain/...", "fob/shell/...", "fob/completions/...", "fob/scan/...", "fob/demo/..."},
		why: "resolve gets its cache and its keys as small interfaces and funcs; the neighbours meet in cli"},
	{from: "fob/keychain/...", forbidden: []string{"fob", "fob/cli/...", "fob/resolve/...", "fob/shell/...", "fob/completions/...", "fob/scan/...", "fob/demo/..."},
		why: "keychain stores bytes by name and knows nothing of profiles' plans; the neighbours meet in cli"},
	{from: "fob/shell/...", forbidden: []string{"fob/..."},
		why: "shell is pure functions from variables to text"},
	{from: "fob/completions/...", forbidden: []string{"fob", "fob/cli/...", "fob/resolve/...", "fob/keychain/...", "fob/scan/...", "fob/demo/..."},
		why: "completions are made from the model of the command line, which is handed in"},
	{from: "fob/scan/...", forbidden: []string{"fob", "fob/cli/...", "fob/keychain/...", "fob/demo/..."},
		why: "scan is a program of its own"},
	{from: "fob/...", forbidden: []string{"fob/cli/..."}, except: []string{"fob", "fob/cli/...", "fob/demo/...", "fob/cmd/..."},
		why: "cli is the top: only main, the audit's program and the demo, which drives the real commands, stand on it"},
	{from: "fob/...", forbidden: []string{"github.com/alecthomas/kong"}, except: []string{"fob/cli/...", "fob/completions/...", "fob/cmd/..."},
		why: "only the command line knows flags"},
	{from: "fob/...", forbidden: []string{"github.com/aws/aws-sdk-go-v2/service/..."}, except: []string{"fob/resolve/...", "fob/scan/collect/..."},
		why: "resolve is the only part of fob that calls AWS, and scan/collect the only one that calls what is audited"},
	{from: "fob/scan/...", forbidden: []string{"github.com/..."}, except: []string{"fob/scan/collect/...", "fob/scan/rules"},
		why: "facts, checks and policies are judged with the standard library alone"},
	{from: "fob/scan/rules", forbidden: []string{"github.com/aws/...", "fob/scan/collect/...", "fob/scan/report/...", "fob/resolve/..."},
		why: "rules calls nobody and shows nothing"},
	{from: "fob/...", forbidden: []string{"github.com/goccy/go-yaml/...", "github.com/expr-lang/expr/..."}, except: []string{"fob/scan/rules"},
		why: "the audit's configuration and its rules are read in one place"},
	{from: "fob/...", forbidden: []string{"github.com/godbus/dbus/v5", "github.com/zalando/go-keyring/...", "github.com/danieljoos/wincred"}, except: []string{"fob/keychain/..."},
		why: "keychain is the only way to a keychain"},
	{from: "fob/...", forbidden: []string{"gopkg.in/ini.v1"}, except: []string{"fob/internal/awsfile"},
		why: "the AWS files are read in one place, by one set of rules"},
}

// linkRules are about all that a program is linked from.
var linkRules = []rule{
	{from: "fob", forbidden: []string{"testing/...", "net/http/httptest", "fob/internal/awsfake/...", "fob/internal/mototest", "fob/demo/..."},
		why: "test code has no place in what users run"},
	{from: "fob/cmd/...", forbidden: []string{"testing/...", "net/http/httptest", "fob/internal/awsfake/...", "fob/internal/mototest", "fob/demo/..."},
		why: "test code has no place in what users run"},
	{from: "fob", forbidden: []string{"fob/scan/...", "fob/cmd/..."},
		why: "fob executes fob-scan; linking it would cost every start of fob about 30 ms"},
	{from: "fob", forbidden: []string{"github.com/aws/aws-sdk-go-v2/config/..."},
		why: "its loader serves other credentials than the profile that was named; fob has its own"},
}

// services are the SDK's service packages that fob may link: none. The few calls
// that fob makes are plain HTTP with the SDK's signer (resolve/sts.go, portal.go).
var services []string

// listed is what `go list` says of one package.
type listed struct {
	ImportPath    string
	Imports, Deps []string
}

func TestImports(t *testing.T) {
	for _, goos := range []string{"linux", "darwin", "windows"} {
		t.Run(goos, func(t *testing.T) {
			t.Parallel()
			for _, p := range list(t, goos) {
				for _, r := range importRules {
					r.check(t, p.ImportPath, "imports", p.Imports)
				}
				for _, r := range linkRules {
					r.check(t, p.ImportPath, "links", p.Deps)
				}
				if p.ImportPath == "fob" {
					checkLinked(t, goos, p.Deps)
				}
			}
		})
	}
}

func (r rule) check(t *testing.T, path, verb string, others []string) {
	t.Helper()
	if !matches(r.from, path) || slices.ContainsFunc(r.except, func(p string) bool { return matches(p, path) }) {
		return
	}
	for _, other := range others {
		for _, pattern := range r.forbidden {
			if matches(pattern, other) && !(verb == "imports" && below(path, other)) {
				t.Errorf("%s %s %s: %s", path, verb, other, r.why)
			}
		}
	}
}

// below allows a package the parts that it is made of: resolve/x for resolve.
func below(path, other string) bool { return path != "fob" && strings.HasPrefix(other, path+"/") }

// checkLinked holds fob's own graph against rules that name what is allowed.
func checkLinked(t *testing.T, goos string, deps []string) {
	t.Helper()
	for _, d := range deps {
		if matches("github.com/aws/aws-sdk-go-v2/service/...", d) && !slices.ContainsFunc(services, func(p string) bool { return matches(p, d) }) {
			t.Errorf("fob links %s: the start of fob pays for every linked service, used or not", d)
		}
		if goos == "linux" && matches("github.com/zalando/go-keyring/...", d) {
			t.Errorf("fob links %s on linux: it has no deadline and starts stray daemons; fob speaks to the Secret Service itself", d)
		}
	}
}

func matches(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	return path == pattern
}

// list asks the go command for every package of the module.
func list(t *testing.T, goos string) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		t.Fatal("go list:", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal("go list:", err)
		}
		all = append(all, p)
	}
	if !slices.ContainsFunc(all, func(p listed) bool { return p.ImportPath == "fob" && len(p.Deps) > 0 }) {
		t.Fatal("go list does not list fob")
	}
	return all
}

// What a library may not touch. Programs may, and cli where it says so.
var (
	output      = []string{"fmt.Print", "fmt.Printf", "fmt.Println", "os.Stdin", "os.Stdout", "os.Stderr", "log"}
	environment = []string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.Setenv", "os.Unsetenv", "os.ExpandEnv"}
	exits       = []string{"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln"}
)

func TestSource(t *testing.T) {
	for _, path := range sources(t) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		noInit(t, path, file)
		if file.Name.Name == "main" {
			continue
		}
		used := uses(file)
		deny(t, path, used, exits, "only main ends the program, so that every command runs under test")
		if !strings.HasPrefix(filepath.ToSlash(path), "cli/") {
			deny(t, path, used, output, "only cli prints; libraries return errors and data")
		}
		if !strings.HasPrefix(filepath.ToSlash(path), "cli/") && !used["testing"] { // support of tests, which no program links
			deny(t, path, used, environment, "only cli reads the environment; libraries are given what they need")
		}
	}
}

// sources are the Go files of every platform, tests aside.
func sources(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")):
			return fs.SkipDir
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatal("no sources:", err)
	}
	return files
}

func noInit(t *testing.T, path string, file *ast.File) {
	t.Helper()
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			t.Errorf("%s has an init function: every start of fob runs it, whatever the command", path)
		}
	}
}

func deny(t *testing.T, path string, used map[string]bool, names []string, why string) {
	t.Helper()
	for _, n := range names {
		if used[n] {
			t.Errorf("%s uses %s: %s", path, n, why)
		}
	}
}

// uses are the standard library's packages and names that a file mentions: "log",
// "os.Exit".
func uses(file *ast.File) map[string]bool {
	used, local := map[string]bool{}, map[string]string{}
	for _, i := range file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		used[path] = true
		local[path[strings.LastIndex(path, "/")+1:]] = path
		if i.Name != nil {
			local[i.Name.Name] = path
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && local[x.Name] != "" {
				used[local[x.Name]+"."+s.Sel.Name] = true
			}
		}
		return true
	})
	return used
}

// TestRequirements keeps the list of direct dependencies short and explained. What
// one project releases together counts as one: the modules of the AWS SDK, one per
// service, and those of the Go project, golang.org/x.
func TestRequirements(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	contributing, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for line := range strings.Lines(string(mod)) {
		path, version, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "require ")), " ")
		if !strings.HasPrefix(version, "v") || strings.HasSuffix(version, "// indirect") {
			continue
		}
		direct[project(path)] = true
		if !explained(string(contributing), path) {
			t.Errorf("go.mod requires %s, and CONTRIBUTING.md gives no reason", path)
		}
	}
	if len(direct) > 15 {
		t.Errorf("fob depends on %d projects directly, at most 15 are wanted", len(direct))
	}
}

// explained says whether a module has a row of its own. The services that the audit
// reads share one.
func explained(table, path string) bool {
	return strings.Contains(table, "`"+path+"`") ||
		strings.HasPrefix(path, "github.com/aws/aws-sdk-go-v2/service/") && strings.Contains(table, "`github.com/aws/aws-sdk-go-v2/service/...`")
}

// project is who a module comes from.
func project(path string) string {
	for _, family := range []string{"github.com/aws/", "golang.org/x/"} {
		if strings.HasPrefix(path, family) {
			return family
		}
	}
	return path
}
