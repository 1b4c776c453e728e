package audit_test

import (
	"bytes"
	"testing"

	"fob/scan"
	"fob/scan/audit"
)

// twoFiles are seeds: findings files as they are, and cut.
func twoFiles(f *testing.F) {
	one := []byte(`{"schema":"fob.finding/1","id":"f1","scan":"a","check":"c","status":"FAIL","severity":"high","account":{"id":"123456789012"},"region":"eu-west-1","service":"s3","resource":{"arn":"a"},"evidence":[],"unread":[],"observed":"2026-11-22T18:40:00Z"}` + "\n" +
		`{"schema":"fob.summary/1","scan":"a","complete":true,"accounts":[{"id":"123456789012","at":"2026-11-22T18:40:00Z","complete":true,"regions":["eu-west-1"]}],"checks":[{"id":"c","severity":"high"}]}` + "\n")
	two := bytes.ReplaceAll(bytes.ReplaceAll(one, []byte("FAIL"), []byte("PASS")), []byte("18:40"), []byte("19:40"))
	exposure := []byte(`{"schema":"fob.exposure/1","account":{"id":"123456789012"}}` + "\n" + `{"schema":"fob.summary/1","complete":false,"expected":["1"],"accounts":[{"id":""},{}]}`)
	f.Add(one, two)
	f.Add(one, one[:len(one)/2])
	f.Add(exposure, one)
	f.Add([]byte(nil), []byte("{}"))
	f.Add([]byte(`{"schema":"fob.finding/1"}`+"\n"+`{"schema":"fob.summary/1"}`), one)
}

// FuzzMerge joins anything with anything. What comes out can be read, and is the same in
// the other order and when a file comes twice.
func FuzzMerge(f *testing.F) {
	twoFiles(f)
	f.Fuzz(func(t *testing.T, a, b []byte) {
		x, y := inMemory("a", a), inMemory("b", b)
		var out, turned bytes.Buffer
		_, err := audit.Merge(&out, []audit.Findings{x, y}, nil)
		_, other := audit.Merge(&turned, []audit.Findings{y, x, y}, nil)
		if (err == nil) != (other == nil) {
			t.Fatalf("%v, and in the other order %v", err, other)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(out.Bytes(), turned.Bytes()) {
			t.Fatalf("%s, and in the other order %s", out.Bytes(), turned.Bytes())
		}
		readable(t, out.Bytes())
	})
}

// FuzzCompare compares anything with anything. What comes out can be read.
func FuzzCompare(f *testing.F) {
	twoFiles(f)
	f.Fuzz(func(t *testing.T, before, now []byte) {
		var out bytes.Buffer
		if _, err := audit.Compare(&out, inMemory("before", before), inMemory("now", now)); err == nil {
			readable(t, out.Bytes())
		}
	})
}

func readable(t *testing.T, text []byte) {
	t.Helper()
	none := scan.Results{Finding: func(*scan.Finding) error { return nil }, Exposure: func(*scan.Exposure) error { return nil }, Summary: func(*scan.Summary) error { return nil }}
	if err := scan.ReadResults(bytes.NewReader(text), none); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}
