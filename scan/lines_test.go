package scan

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
)

// A small file that unpacks to gigabytes is refused before it is in memory, and a long
// line is named.
func TestLinesOfHostileFiles(t *testing.T) {
	packed := func(line string, times int) io.Reader {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		for range times {
			_, _ = io.WriteString(z, line)
		}
		_ = z.Close()
		return &out
	}
	noop := func(*Line) error { return nil }
	if err := Lines(packed(`{"k":"x","n":"`+strings.Repeat("A", 1<<16)+"\"}\n", 2000), noop); !errors.Is(err, errBomb) {
		t.Errorf("a bomb: %v", err)
	}
	if err := Lines(packed("{\"k\":\"x\"}\n", 1<<20), noop); err != nil {
		t.Errorf("a long file of short lines: %v", err)
	}
	err := Lines(packed("{}\n"+strings.Repeat("A", maxLine+1), 1), noop)
	if err == nil || !strings.Contains(err.Error(), "line 2 is longer than") {
		t.Errorf("a long line: %v", err)
	}
}

// FuzzLoad loads and judges anything. A check that panics is a fault of its own.
func FuzzLoad(f *testing.F) {
	for _, s := range []string{
		`{"k":"head","v":1,"at":"2026-11-22T18:40:00Z","a":"123456789012","partition":"aws"}` + "\n" + `{"k":"scope","a":"123456789012","r":"eu-west-1","s":"read"}` + "\n" +
			`{"k":"res","a":"123456789012","r":"eu-west-1","t":"AWS::S3::Bucket","id":"arn:aws:s3:::b","n":"b","tags":{"a":"b"},"d":{"Policy":{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}},"st":{"Acl":"absent"}}` + "\n" +
			`{"k":"err","a":"123456789012","op":"s3:GetBucketAcl","of":"arn:aws:s3:::b","why":"denied"}` + "\n" + `{"k":"end","a":"123456789012","complete":true}` + "\n",
		`{"k":"unit","op":"x","s":"begin"}`, "{", "\x1f\x8b", `{"k":"head","v":2}`, `{"k":"res","t":"AWS::EC2::Instance","d":{"State":[[[1]]],"Name":7}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := Load(bytes.NewReader(data), Kinds(), "AWS::S3::Bucket")
		if err != nil {
			return
		}
		for _, x := range all {
			Judge(x, Checks(), Options{}, func(got Finding) {
				for _, e := range got.Unread {
					if e.Why == Internal {
						t.Fatalf("%s panics: %+v", got.Check, got)
					}
				}
			})
			Surface(x)
		}
	})
}

// FuzzReadResults reads anything as findings.
func FuzzReadResults(f *testing.F) {
	f.Add([]byte(`{"schema":"fob.finding/1","id":"f1","check":"c","status":"FAIL","severity":"high","account":{"id":"1"},"resource":{"arn":"a"},"observed":"2026-11-22T18:40:00Z"}` + "\n" + `{"schema":"fob.summary/1","complete":true}`))
	f.Add([]byte(`{"schema":"fob.summary/1","accounts":[{"id":7}]}`))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ended := false
		err := ReadResults(bytes.NewReader(data), Results{Finding: func(*Finding) error { return nil }, Exposure: func(*Exposure) error { return nil }, Summary: func(*Summary) error { ended = true; return nil }})
		if err == nil && !ended {
			t.Fatal("no summary and no error")
		}
	})
}
