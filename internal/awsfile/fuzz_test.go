package awsfile

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func seed(f *testing.F) {
	for _, test := range strictCases {
		f.Add(test.config, test.credentials, "a")
	}
	for _, test := range profileCases {
		f.Add(test.config, test.credentials, test.profile)
	}
}

// FuzzFiles asks for everything that two texts can answer, and compares the
// answers with each other.
func FuzzFiles(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, config, credentials, name string) {
		files, err := Read(Paths{Config: Path{Name: "config"}, Credentials: Path{Name: "credentials"}},
			inMemory(map[string]string{"config": config, "credentials": credentials}))
		if err != nil {
			return // UTF-16
		}
		checkScan(t, &files.config, config)
		checkScan(t, &files.credentials, credentials)
		checkLint(t, files)
		profiles, _, err := files.Dump(false)
		if err != nil {
			t.Fatal(err)
		}
		names := files.Names()
		if len(names) != len(profiles) {
			t.Errorf("%d names, %d profiles in the dump", len(names), len(profiles))
		}
		for _, known := range names {
			checkProfile(t, files, known, profiles[known])
		}
		_, err = files.Profile(name)
		if errors.Is(err, ErrNotFound) && slices.Contains(names, name) {
			t.Errorf("profile %q: %v", name, err)
		}
		_, _ = files.SSOSession(name)
		_, _ = files.Services(name)
		if hint := files.NotFoundHint(name); strings.ContainsAny(hint, "\x1b\n\r") {
			t.Errorf("raw bytes in the hint %q", hint)
		}
	})
}

// checkScan compares the quick scan with one that goes line by line.
func checkScan(t *testing.T, s *source, text string) {
	t.Helper()
	type plain struct {
		line   int
		header string
		body   string
	}
	var want []plain
	above := ""
	for i, line := range strings.SplitAfter(strings.TrimPrefix(text, "\ufeff"), "\n") {
		switch {
		case strings.HasPrefix(line, "["):
			want = append(want, plain{line: i + 1, header: strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")})
		case len(want) == 0:
			above += line
		default:
			want[len(want)-1].body += line
		}
	}
	var got []plain
	for p := range s.parts(false) {
		line, _ := cutLine(s.data[s.headers[len(got)]:])
		got = append(got, plain{p.line, string(line), string(p.body)})
		if p.header.kind == kindNone {
			continue
		}
		if !slices.ContainsFunc(s.find(p.header.kind, string(p.header.name), false), func(f part) bool { return f.line == p.line }) {
			t.Errorf("a lookup of %q passes line %d by", p.header.name, p.line)
		}
	}
	if !reflect.DeepEqual(got, want) || string(s.preamble()) != above {
		t.Errorf("scan: got %q, %+v, want %q, %+v", s.preamble(), got, above, want)
	}
}

// checkLint compares the quick search for broken lines with the full one.
func checkLint(t *testing.T, files *Files) {
	t.Helper()
	broken := slices.DeleteFunc(files.Lint(), func(w Warning) bool { return !w.Broken })
	if quick := files.Broken(); !slices.Equal(quick, broken) {
		t.Errorf("broken: got %v, want %v", quick, broken)
	}
}

// checkProfile compares a lookup with the dump and with the list of broken lines.
func checkProfile(t *testing.T, files *Files, name string, dumped map[string]string) {
	t.Helper()
	section, err := files.Profile(name)
	var syntax *SyntaxError
	switch {
	case errors.As(err, &syntax):
		if !slices.ContainsFunc(files.Broken(), func(w Warning) bool {
			return w.Position == syntax.Position && w.Text == syntax.Text
		}) {
			t.Errorf("%v is not among the broken lines", err)
		}
		return
	case err != nil:
		t.Fatalf("profile %q: %v", name, err)
	}
	got := map[string]string{}
	for _, key := range section.Keys() {
		all := section.All(key)
		got[key] = all[len(all)-1].Text
	}
	if !reflect.DeepEqual(got, dumped) {
		t.Errorf("profile %q: got %q, the dump has %q", name, got, dumped)
	}
}

// FuzzStrict compares the strict reading with a plain reading of the same grammar.
func FuzzStrict(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, config, credentials, _ string) {
		files, err := Read(Paths{Config: Path{Name: "config"}, Credentials: Path{Name: "credentials"}},
			inMemory(map[string]string{"config": config, "credentials": credentials}))
		if err != nil {
			return
		}
		want := readReference(config, credentials)
		profiles, sessions, err := files.Dump(true)
		if lineOf(err) != want.errLine {
			t.Fatalf("got %v, want an error in line %d", err, want.errLine)
		}
		compareDump(t, profiles, want.profiles, err)
		compareDump(t, sessions, want.sessions, err)
	})
}
