package awsedit_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fob/internal/awsedit"
)

// piece is some bytes of a generated file, and what they belong to.
type piece struct {
	text    string
	profile string
	key     string // "" for headers, comments and blank lines
}

// generator writes files such as people and tools leave behind.
type generator struct {
	*rand.Rand
	place  awsedit.Place
	pieces []piece
}

var profiles = []string{"a", "b", "c", "default"}

func generate(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), place: awsedit.Place(seed % 2)}
	for range g.IntN(3) {
		g.note("")
	}
	for range 1 + g.IntN(5) {
		g.section(profiles[g.IntN(len(profiles))])
	}
	if last := &g.pieces[len(g.pieces)-1]; g.IntN(3) == 0 {
		last.text = strings.TrimRight(last.text, "\r\n")
	}
	return g
}

func (g *generator) pick(texts ...string) string { return texts[g.IntN(len(texts))] }

func (g *generator) end() string { return g.pick("\n", "\n", "\r\n") }

func (g *generator) add(profile, key, text string) {
	g.pieces = append(g.pieces, piece{text, profile, key})
}

// note adds what no edit of a key touches.
func (g *generator) note(profile string) {
	g.add(profile, "", g.pick("", "# a note", "; another", "   ", "#aws_secret_access_key = x")+g.end())
}

func (g *generator) section(name string) {
	header := "[profile " + name + "]"
	if g.place == awsedit.Credentials || name == "default" {
		header = "[" + name + "]"
	}
	g.add(name, "", header+g.pick("", " # note", "  ")+g.end())
	margin := g.pick("", "", "  ", "\t")
	for _, key := range []string{"aws_access_key_id", "aws_secret_access_key", "region", "s3", "x", "y", "x"} {
		for range g.IntN(3) / 2 {
			g.note(name)
		}
		if g.IntN(2) == 0 {
			g.property(name, margin, key)
		}
	}
	for range g.IntN(3) {
		g.note(name)
	}
}

// property adds a key and the lines that go with it; where comments and blank
// lines stand between them, these are pieces of their own.
func (g *generator) property(profile, margin, key string) {
	first := margin + g.pick(key, strings.ToUpper(key)) + g.pick("=", " = ", " : ")
	if key == "s3" {
		first += g.end()
		for range 1 + g.IntN(2) {
			first += margin + "  " + g.pick("x", "y") + " = " + g.pick("1", "2") + g.end()
		}
		g.add(profile, key, first)
		if g.IntN(2) == 0 {
			g.note(profile)
			g.add(profile, key, margin+" z = 3"+g.end())
		}
		return
	}
	text := first + fmt.Sprintf("v%d", g.IntN(100)) + g.pick("", "", " # note") + g.end()
	if g.IntN(4) == 0 {
		text += margin + "\tmore" + g.end() + margin + " # indented" + g.end()
	}
	g.add(profile, key, text)
}

func (g *generator) file(without func(piece) bool) []byte {
	var out []byte
	for _, p := range g.pieces {
		if without == nil || !without(p) {
			out = append(out, p.text...)
		}
	}
	return out
}

// sameEnd cuts the end of the last line where the original has none.
func sameEnd(text, original []byte) []byte {
	if bytes.HasSuffix(original, []byte("\n")) || len(original) == 0 || !bytes.HasSuffix(text, []byte("\n")) {
		return text
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
}

const files = 1500

func TestBytesOutsideTheEditAreIdentical(t *testing.T) {
	for seed := range uint64(files) {
		g := generate(seed)
		before := g.file(nil)
		target := g.pieces[g.IntN(len(g.pieces))].profile
		if target == "" {
			continue
		}
		keys := []string{g.pick("x", "s3"), g.pick("region", "aws_secret_access_key")}
		d, err := awsedit.New("f", before, g.place, awsedit.Edit{Profile: target, Remove: keys})
		if err != nil {
			t.Fatalf("seed %d: %v\n%q", seed, err, before)
		}
		want := sameEnd(g.file(func(p piece) bool { return p.profile == target && slices.Contains(keys, p.key) }), before)
		if got := d.Bytes(); !bytes.Equal(got, want) {
			t.Fatalf("seed %d: [%s] without %v\nfile %q\n got %q\nwant %q", seed, target, keys, before, got, want)
		}
	}
}

func TestEditAndItsOppositeRestoreTheFile(t *testing.T) {
	set := []awsedit.Property{{Key: "credential_process", Value: "fob process -p a"}}
	rename := awsedit.Rename{From: "region", To: "fob_region"}
	back := awsedit.Rename{From: "fob_region", To: "region"}
	for seed := range uint64(files) {
		g := generate(seed)
		for _, opposite := range [][2]awsedit.Edit{
			{{Profile: "a", Set: set, Rename: []awsedit.Rename{rename}}, {Profile: "a", Remove: []string{"credential_process"}, Rename: []awsedit.Rename{back}}},
			{{Profile: "new", Set: set}, {Profile: "new", Drop: true}},
		} {
			before := g.file(nil)
			there, err := awsedit.New("f", before, g.place, opposite[0])
			if err != nil {
				t.Fatalf("seed %d: %v\n%q", seed, err, before)
			}
			if !bytes.Contains(before, []byte("a]")) && opposite[0].Profile == "a" {
				opposite[1] = awsedit.Edit{Profile: "a", Drop: true}
			}
			again, err := awsedit.New("f", there.Bytes(), g.place, opposite[1])
			if err != nil {
				t.Fatalf("seed %d: %v\n%q", seed, err, there.Bytes())
			}
			if got := again.Bytes(); !bytes.Equal(got, before) {
				t.Fatalf("seed %d:\nfile %q\nedit %q\n got %q", seed, before, there.Bytes(), got)
			}
		}
	}
}

// FuzzEdit edits any text there is: what New accepts has to be undone by the
// opposite edit, and to leave the lines of other profiles alone.
func FuzzEdit(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(generate(seed).file(nil), seed%2 == 1, "a", "x")
	}
	for _, text := range []string{"", "[a]", "[a]\nx = 1\r", "[a]\nx =\n  y = 1\n [b]\n", "\ufeff[a]\r\nx: 1", "[a\n[a]\nx", "[profile default]\n[default]\nx=1"} {
		f.Add([]byte(text), false, "a", "x")
		f.Add([]byte(text), true, "default", "x")
	}
	f.Fuzz(func(t *testing.T, text []byte, config bool, profile, key string) {
		place := awsedit.Credentials
		if config {
			place = awsedit.Config
		}
		edit := func(text []byte, e awsedit.Edit) (*awsedit.Draft, bool) {
			d, err := awsedit.New("f", text, place, e)
			return d, err == nil
		}
		if d, ok := edit(text, awsedit.Edit{Profile: profile, Remove: []string{key}}); ok {
			checkSubsequence(t, text, d.Bytes())
			_ = d.Diff()
		}
		if d, ok := edit(text, awsedit.Edit{Profile: profile, Drop: true}); ok {
			checkSubsequence(t, text, d.Bytes())
			_ = d.Diff()
		}
		checkOpposite(t, text, edit, awsedit.Edit{Profile: profile, Rename: []awsedit.Rename{{From: key, To: "fob_" + key}}},
			awsedit.Edit{Profile: profile, Rename: []awsedit.Rename{{From: "fob_" + key, To: key}}})
		if _, absent := edit(text, awsedit.Edit{Profile: profile, Drop: true}); absent && !bytes.HasSuffix(text, []byte("\r")) {
			checkOpposite(t, text, edit, awsedit.Edit{Profile: profile, Set: []awsedit.Property{{Key: "fob_test_key", Value: "v"}}},
				awsedit.Edit{Profile: profile, Remove: []string{"fob_test_key"}})
		}
	})
}

// checkSubsequence fails unless got is some of the lines of text, in their order.
func checkSubsequence(t *testing.T, text, got []byte) {
	t.Helper()
	text, got = bytes.TrimPrefix(text, []byte("\ufeff")), bytes.TrimPrefix(got, []byte("\ufeff"))
	rest := bytes.SplitAfter(text, []byte("\n"))
	for l := range bytes.Lines(got) {
		i := slices.IndexFunc(rest, func(old []byte) bool {
			return bytes.Equal(old, l) || bytes.Equal(bytes.TrimRight(old, "\r\n"), l) && bytes.HasSuffix(got, l)
		})
		if i < 0 {
			t.Fatalf("the line %q is new in\n%q, made of\n%q", l, got, text)
		}
		rest = rest[i+1:]
	}
}

func checkOpposite(t *testing.T, text []byte, edit func([]byte, awsedit.Edit) (*awsedit.Draft, bool), there, back awsedit.Edit) {
	t.Helper()
	d, ok := edit(text, there)
	if !ok || bytes.Contains(bytes.ToLower(text), []byte("fob_")) {
		return
	}
	again, ok := edit(d.Bytes(), back)
	if !ok || !bytes.Equal(again.Bytes(), text) {
		t.Fatalf("%q\nbecame %q\nand then %v", text, d.Bytes(), again)
	}
}

func TestErrorsOfManyEdits(t *testing.T) {
	_, err := awsedit.New("f", []byte("[a]\nx = 1\n"), awsedit.Credentials, awsedit.Edit{Profile: "a", Remove: []string{"x"}}, awsedit.Edit{Profile: "b", Drop: true})
	if err == nil || !strings.Contains(err.Error(), `profile "b"`) || errors.Is(err, awsedit.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}
