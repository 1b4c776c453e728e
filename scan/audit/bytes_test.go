package audit_test

import (
	"bytes"
	"io"
	"math"
	"testing"

	"fob/scan"
	"fob/scan/audit"
)

// TestMergeKeepsBytes: what evidence holds comes out of a merge as it went in.
func TestMergeKeepsBytes(t *testing.T) {
	type pair struct{ Z, A any }
	var all []scan.Finding
	for i, value := range []any{
		int64(9007199254740993), uint64(18446744073709551615), 1e21, 1.0, 0.1, math.Copysign(0, -1), 1e-7, "<b> & 'x' \u2028", "bad \xff\xc3 end",
		map[string]any{"b\xff": 1, "a": []any{nil, true}}, pair{Z: pair{Z: 1, A: "<"}, A: nil}, nil, "",
	} {
		f := finding("a", "111111111111", "c1", string(rune('a'+i)), 0, scan.StatusFail)
		f.Evidence = []scan.Evidence{{Path: "P[0]", Value: value}, {Path: "Q"}}
		all = append(all, f)
	}
	a := file(t, "a", 0, all...)
	want := read(t, a)
	same(t, "merged", merged(t, a), want)
	var out bytes.Buffer
	if _, err := audit.Compare(&out, a, a); err != nil {
		t.Fatal(err)
	}
	same(t, "compared", bytes.ReplaceAll(out.Bytes(), []byte(`,"diff":"same"`), nil), want)
}

// same holds the lines of two findings files against each other, their summaries aside.
func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	a, b := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	if len(a) != len(b) {
		t.Fatalf("%s: %d lines, want %d", what, len(a), len(b))
	}
	for i := range len(a) - 2 {
		if !bytes.Equal(a[i], b[i]) {
			t.Errorf("%s:\n%s\nof\n%s", what, a[i], b[i])
		}
	}
}

func read(t *testing.T, f audit.Findings) []byte {
	t.Helper()
	in, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// A message that a rule cut amid a character, and evidence of a real check, stay what
// they are, too.
func TestMergeKeepsJudged(t *testing.T) {
	c, err := scan.Custom(scan.Check{ID: "acme-cut", Title: "T", Severity: scan.Low, Type: "AWS::EC2::Volume"}, []string{"Encrypted"}, false, func(*scan.Raw, *scan.Params) scan.Verdict {
		return scan.Fail("%s", "ä"[:1]).At("Size", int64(1)<<60+1)
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := audit.Judge(&out, []audit.Snapshot{volumes("123456789012", 3)}, audit.Options{Checks: append(scan.Checks(), c)}); err != nil {
		t.Fatal(err)
	}
	same(t, "merged", merged(t, inMemory("a", out.Bytes())), out.Bytes())
}
