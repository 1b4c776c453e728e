package keychain

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func mustFrame(t testing.TB, id, payload string) []byte {
	t.Helper()
	b, err := frame(id, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFrameRoundTrip(t *testing.T) {
	for _, payload := range []string{"", "x", "{\"a\":1}", "\x00\xff\n\r", strings.Repeat("k", MaxItem)} {
		text := mustFrame(t, "id", payload)
		if len(text) > maxFrame {
			t.Errorf("frame of %d bytes is %d long, the limit is %d", len(payload), len(text), maxFrame)
		}
		for _, c := range text {
			if c < 0x21 || c > 0x7e {
				t.Fatalf("frame holds byte %#x", c)
			}
		}
		got, err := unframe("id", text)
		if err != nil || string(got) != payload {
			t.Errorf("unframe(frame(%q)) = %q, %v", payload, got, err)
		}
	}
}

func TestFrameLimit(t *testing.T) {
	if _, err := frame("id", make([]byte, MaxItem+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

// The whole command line of go-keyring for macOS is limited to 4,096 bytes, and
// it encodes the value in base64 once more.
func TestFrameFitsMacOS(t *testing.T) {
	line := len("add-generic-password -U -s fob -a  -w ''\n") + len(Account{}.ID()) +
		len("go-keyring-base64:") + base64.StdEncoding.EncodedLen(maxFrame)
	if line > 4096 {
		t.Errorf("the longest item makes a line of %d bytes", line)
	}
}

// The raw form is what the Windows Credential Manager stores.
func TestFrameFitsWindows(t *testing.T) {
	if n := frameHeader + MaxItem; n > 2560 {
		t.Errorf("the longest item has %d bytes", n)
	}
}

func TestUnframeRefuses(t *testing.T) {
	good := string(mustFrame(t, "id", "secret"))
	raw, err := dearmor([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	newer := append([]byte{2}, raw[1:]...)
	cases := map[string]string{
		"empty":                "",
		"foreign value":        "hunter2",
		"foreign JSON":         `{"AccessKeyId":"AKIA"}`,
		"prefix alone":         "fob:",
		"warning before":       "security: a warning\n" + good,
		"warning after":        good + "\nsecurity: a warning",
		"newline after":        good + "\n",
		"newline inside":       good[:20] + "\n" + good[20:],
		"two values":           good + good,
		"not base64":           "fob:!!!!",
		"newer version":        "fob:" + base64.StdEncoding.EncodeToString(newer),
		"header only, no body": "fob:" + base64.StdEncoding.EncodeToString(raw[:frameHeader]),
		"longer payload":       "fob:" + base64.StdEncoding.EncodeToString(append(bytes.Clone(raw), 'x')),
		"endless":              good + strings.Repeat("A", 1<<20),
	}
	for name, text := range cases {
		if got, err := unframe("id", []byte(text)); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: got %q, %v; want ErrCorrupt", name, got, err)
		}
	}
}

// Every truncation and every changed byte is noticed.
func TestUnframeNoticesEveryChange(t *testing.T) {
	good := mustFrame(t, "id", "{\"secret\":\"wJalrXUtnFEMI\"}")
	for i := range good {
		if _, err := unframe("id", good[:i]); !errors.Is(err, ErrCorrupt) {
			t.Errorf("cut at %d: got %v", i, err)
		}
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if _, err := unframe("id", bad); !errors.Is(err, ErrCorrupt) {
			t.Errorf("changed at %d: got %v", i, err)
		}
	}
}

func TestUnframeRefusesAnotherItem(t *testing.T) {
	if got, err := unframe("other", mustFrame(t, "id", "secret")); !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %q, %v; want ErrCorrupt", got, err)
	}
}

func TestUnframeErrorsHideTheValue(t *testing.T) {
	if _, err := unframe("id", []byte("hunter2")); strings.Contains(err.Error(), "hunter") {
		t.Errorf("error shows the value: %v", err)
	}
}

func FuzzUnframe(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("hunter2"))
	f.Add([]byte("fob:AQAAAAA="))
	f.Add(mustFrame(f, "id", ""))
	f.Add(mustFrame(f, "id", "secret"))
	f.Add(append([]byte("warning\n"), mustFrame(f, "id", "secret")...))
	f.Fuzz(func(t *testing.T, text []byte) {
		payload, err := unframe("id", text)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatalf("unexpected error %v", err)
			}
			return
		}
		again, err := frame("id", payload)
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("two texts for one payload: %q and %q (%v)", text, again, err)
		}
	})
}
