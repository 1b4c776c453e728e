package awsedit_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fob/internal/awsedit"
	"fob/internal/awsfile"
)

const (
	configFile      = "config"
	credentialsFile = "credentials"
)

// awsFiles are both files of a test. What is absent is empty.
type awsFiles struct{ config, credentials []byte }

func (f awsFiles) read(t *testing.T) *awsfile.Files {
	t.Helper()
	paths := awsfile.Paths{Config: awsfile.Path{Name: configFile}, Credentials: awsfile.Path{Name: credentialsFile}}
	files, err := awsfile.Read(paths, func(name string) ([]byte, error) {
		if name == configFile {
			return f.config, nil
		}
		return f.credentials, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wire is what is done to a profile; there may be none.
func (f awsFiles) wire(t *testing.T, name string) awsedit.Wire {
	t.Helper()
	files := f.read(t)
	section, err := files.Profile(name)
	if err != nil && !errors.Is(err, awsfile.ErrNotFound) {
		t.Fatal(err)
	}
	section.Name = name
	return awsedit.Wire{Section: section, Paths: files.Paths(), Own: func(c string) bool { return c == lineOf(name) }}
}

func lineOf(name string) string { return "fob process -p " + name }

// apply makes the edits of several profiles at once.
func (f awsFiles) apply(t *testing.T, all ...awsedit.Wiring) awsFiles {
	t.Helper()
	var config, credentials []awsedit.Edit
	for _, w := range all {
		if !reflect.DeepEqual(w.Config, awsedit.Edit{Profile: w.Config.Profile}) {
			config = append(config, w.Config)
		}
		if !reflect.DeepEqual(w.Credentials, awsedit.Edit{Profile: w.Credentials.Profile}) {
			credentials = append(credentials, w.Credentials)
		}
	}
	edit := func(name string, text []byte, place awsedit.Place, edits []awsedit.Edit) []byte {
		d, err := awsedit.New(name, text, place, edits...)
		if err != nil {
			t.Fatalf("%v\nedits %+v\nfile %q", err, edits, text)
		}
		return d.Bytes()
	}
	return awsFiles{edit(configFile, f.config, awsedit.Config, config), edit(credentialsFile, f.credentials, awsedit.Credentials, credentials)}
}

func (f awsFiles) do(t *testing.T, names ...string) awsFiles {
	t.Helper()
	var all []awsedit.Wiring
	for _, name := range names {
		w := f.wire(t, name)
		line := lineOf(name)
		if _, wired := w.Wired(); wired {
			line = ""
		}
		did, err := w.Do(line, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, did)
	}
	return f.apply(t, all...)
}

func (f awsFiles) undo(t *testing.T, names ...string) awsFiles {
	t.Helper()
	var all []awsedit.Wiring
	for _, name := range names {
		did, err := f.wire(t, name).Undo()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, did)
	}
	return f.apply(t, all...)
}

func TestWire(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"a role", "[profile a]\nregion = r\nRole_ARN = x # note\nsource_profile=b\n\n[profile b]\n",
			"[profile a]\nregion = r\nfob_Role_ARN = x # note\nfob_source_profile=b\ncredential_process = fob process -p a\nfob_wired = line\n\n[profile b]\n"},
		{"a key", "[profile a]\nregion = r\n", "[profile a]\nregion = r\ncredential_process = fob process -p a\nfob_wired = line\n"},
		{"no section", "# mine", "# mine\n\n[profile a]\ncredential_process = fob process -p a\nfob_wired = section"},
		{"an empty section", "[profile a]\r\n", "[profile a]\r\ncredential_process = fob process -p a\r\nfob_wired = line\r\n"},
		{"another program", "[profile a]\ncredential_process = other\n", "[profile a]\nfob_credential_process = other\ncredential_process = fob process -p a\nfob_wired = line\n"},
		{"a line of the user's", "[profile a]\nrole_arn = x\ncredential_process = fob process -p a\n",
			"[profile a]\nfob_role_arn = x\nfob_credential_process = fob process -p a\ncredential_process = fob process -p a\nfob_wired = line\n"},
		{"settings stay", "[profile a]\noutput = json\ns3 =\n  role_arn = n\nservices = s\nduration_seconds = 900\n",
			"[profile a]\noutput = json\ns3 =\n  role_arn = n\nservices = s\nduration_seconds = 900\ncredential_process = fob process -p a\nfob_wired = line\n"},
		{"an old wiring", "[profile a]\ncredential_process = gone\nfob_wired = line\n", "[profile a]\nfob_credential_process = gone\nfob_wired = line\ncredential_process = fob process -p a\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := awsFiles{config: []byte(tc.in)}
			once := f.do(t, "a")
			if got := string(once.config); got != tc.want {
				t.Errorf("got %q\nwant %q", got, tc.want)
			}
			if twice := once.do(t, "a"); !bytes.Equal(twice.config, once.config) {
				t.Errorf("the second time changed it to %q", twice.config)
			}
			if tc.name == "an old wiring" {
				return // it was no file without wiring
			}
			if got := string(once.undo(t, "a").config); got != tc.in {
				t.Errorf("undone it is %q", got)
			}
		})
	}
}

func TestUnwireKeepsWhatOthersChanged(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"settings", "[profile a]\nfob_role_arn = y\n# note\noutput = json\ncredential_process = fob process -p a\nfob_wired = line\nregion = r\n", "[profile a]\nrole_arn = y\n# note\noutput = json\nregion = r\n"},
		{"a setting in fob's section", "[profile a]\ncredential_process = fob process -p a\nfob_wired = section\nregion = r\n", "[profile a]\nregion = r\n"},
		{"a comment in fob's section", "[profile a]\n# of mine\ncredential_process = fob process -p a\nfob_wired = section\n", "[profile a]\n# of mine\n"},
		{"a section behind it", "[b]\n\n[profile a]\ncredential_process = fob process -p a\nfob_wired = section\n[profile c]\n", "[b]\n[profile c]\n"},
		{"another program since", "[profile a]\nfob_role_arn = y\ncredential_process = other\nfob_wired = line\n", "[profile a]\nrole_arn = y\ncredential_process = other\n"},
		{"the mark is gone", "[profile a]\nfob_role_arn = y\ncredential_process = fob process -p a\n", "[profile a]\nrole_arn = y\n"},
		{"not wired", "[profile a]\ncredential_process = fob process -p a\nfob_session_tags = x=y\n", "[profile a]\ncredential_process = fob process -p a\nfob_session_tags = x=y\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := string(awsFiles{config: []byte(tc.in)}.undo(t, "a").config); got != tc.want {
				t.Errorf("got %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestWireRefusesToChoose(t *testing.T) {
	for _, tc := range []struct {
		in   string
		undo bool
		want awsedit.DoubleError
	}{
		{in: "[profile a]\nrole_arn = x\nfob_role_arn = y\nfob_wired = line\n", want: awsedit.DoubleError{Key: "role_arn", Plain: awsfile.Position{File: configFile, Line: 2}, Prefix: awsfile.Position{File: configFile, Line: 3}}},
		{in: "[profile a]\nfob_role_arn = y\nrole_arn = x\n", undo: true, want: awsedit.DoubleError{Key: "role_arn", Plain: awsfile.Position{File: configFile, Line: 3}, Prefix: awsfile.Position{File: configFile, Line: 2}}},
		{in: "[profile a]\ncredential_process = other\nfob_credential_process = more\n", undo: true, want: awsedit.DoubleError{Key: "credential_process", Plain: awsfile.Position{File: configFile, Line: 2}, Prefix: awsfile.Position{File: configFile, Line: 3}}},
	} {
		w := awsFiles{config: []byte(tc.in)}.wire(t, "a")
		_, err := w.Do("line", nil)
		if tc.undo {
			_, err = w.Undo()
		}
		var double *awsedit.DoubleError
		if !errors.As(err, &double) || *double != tc.want {
			t.Errorf("%q: got %v, want %+v", tc.in, err, tc.want)
		}
	}
}

// wirable writes a file with sections that fob may wire.
func wirable(seed uint64, place awsedit.Place) []byte {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(place))), place: place}
	keys := append([]string{"s3", "region", "x", "x", "output"}, awsfile.WiredKeys()...)
	for range g.IntN(3) {
		g.note("")
	}
	for range g.IntN(6) {
		name := profiles[g.IntN(len(profiles))]
		header := "[profile " + name + "]"
		if place == awsedit.Credentials || name == "default" {
			header = "[" + name + "]"
		}
		g.add(name, "", header+g.pick("", " # note", " ")+g.end())
		margin := g.pick("", "", "  ", "\t")
		for range g.IntN(7) {
			for range g.IntN(4) / 3 {
				g.note(name)
			}
			g.property(name, margin, keys[g.IntN(len(keys))])
		}
		for range g.IntN(3) {
			g.note(name)
		}
	}
	if g.IntN(4) == 0 {
		g.add("", "", "[sso-session x]\nsso_region = r\n[odd\nnonsense\n")
	}
	text := g.file(nil)
	if g.IntN(3) == 0 {
		text = []byte(strings.TrimRight(string(text), "\r\n"))
	}
	if g.IntN(6) == 0 {
		text = append([]byte("\ufeff"), text...)
	}
	return text
}

// others are the profiles that nobody wires, as every tool reads them.
func (f awsFiles) others(t *testing.T, wired []string) map[string]map[string]string {
	t.Helper()
	all, _, err := f.read(t).Dump(false)
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(all, func(name string, _ map[string]string) bool { return slices.Contains(wired, name) })
	return all
}

// Whatever the files are like: wiring changes no other profile, twice is once, and
// undoing in any order gives every byte back (R14).
func TestUnwireRestoresEveryByte(t *testing.T) {
	for seed := range uint64(files) {
		before := awsFiles{wirable(seed, awsedit.Config), wirable(seed, awsedit.Credentials)}
		names := []string{"a", "b", "default", "new", "newer"}
		r := rand.New(rand.NewPCG(seed, 9))
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		names = names[:1+r.IntN(len(names))]
		say := func(f awsFiles) string { return fmt.Sprintf("config %q\ncredentials %q", f.config, f.credentials) }

		wired := before.do(t, names...)
		if !reflect.DeepEqual(before.others(t, names), wired.others(t, names)) {
			t.Fatalf("seed %d: another profile reads otherwise\n%s\n%s", seed, say(before), say(wired))
		}
		for _, name := range names {
			w := wired.wire(t, name)
			for _, key := range awsfile.WiredKeys() {
				if v, found := w.Section.Plain(key); found && v.Text != lineOf(name) {
					t.Fatalf("seed %d: SDKs see %s of %s\n%s", seed, key, name, say(wired))
				}
			}
		}
		if again := wired.do(t, names...); !reflect.DeepEqual(again, wired) {
			t.Fatalf("seed %d: twice is\n%s\nonce is\n%s", seed, say(again), say(wired))
		}
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		first := r.IntN(len(names) + 1)
		after := wired.undo(t, names[:first]...).undo(t, names[first:]...)
		if !bytes.Equal(after.config, before.config) || !bytes.Equal(after.credentials, before.credentials) {
			t.Fatalf("seed %d: wired and unwired %v\nwas %s\nis %s\nin between %s", seed, names, say(before), say(after), say(wired))
		}
	}
}

// FuzzWire wires and unwires a profile of any text there is: what fob accepts it
// gives back byte for byte.
func FuzzWire(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(wirable(seed, awsedit.Config), "a")
	}
	for _, text := range []string{"", "\ufeff", "[profile a]", "[profile a]\nrole_arn = x\r", "[default]\nx\n[profile a]\n role_arn : y", "[profile a]\nfob_wired = section\n"} {
		f.Add([]byte(text), "a")
		f.Add([]byte(text), "default")
	}
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		if bytes.HasSuffix(text, []byte("\r")) {
			return // a newline behind it makes CR LF of it
		}
		change := func(text []byte, undo bool) ([]byte, bool) {
			paths := awsfile.Paths{Config: awsfile.Path{Name: configFile}}
			files, err := awsfile.Read(paths, func(string) ([]byte, error) { return text, nil })
			if err != nil {
				return nil, false
			}
			section, err := files.Profile(name)
			if err != nil && !errors.Is(err, awsfile.ErrNotFound) {
				return nil, false
			}
			section.Name = name
			w := awsedit.Wire{Section: section, Paths: paths, Own: func(c string) bool { return c == "fob process -p x" }}
			did, err := w.Do("fob process -p x", nil)
			if undo {
				did, err = w.Undo()
			} else if w.Touched() {
				return nil, false
			}
			if err != nil {
				return nil, false
			}
			d, err := awsedit.New(configFile, text, awsedit.Config, did.Config)
			if err != nil {
				return nil, false
			}
			return d.Bytes(), true
		}
		wired, ok := change(text, false)
		if !ok {
			return
		}
		if again, ok := change(wired, true); !ok || !bytes.Equal(again, text) {
			t.Fatalf("%q\nwired it is %q\nunwired %q", text, wired, again)
		}
	})
}
