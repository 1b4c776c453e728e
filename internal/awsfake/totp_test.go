package awsfake

import (
	"testing"
	"time"

	authenticator "github.com/pquerna/otp/totp"
)

// The vectors of RFC 6238, appendix B, for SHA-1; the last six of their eight digits.
func TestTOTPVectors(t *testing.T) {
	m := &MFA{key: []byte("12345678901234567890")}
	for at, want := range map[int64]string{
		59:          "287082",
		1111111109:  "081804",
		1111111111:  "050471",
		1234567890:  "005924",
		2000000000:  "279037",
		20000000000: "353130",
	} {
		if got := m.Code(time.Unix(at, 0)); got != want {
			t.Errorf("at %d: got %s, want %s", at, got, want)
		}
	}
}

func TestSeedWorksInAnotherAuthenticator(t *testing.T) {
	s := New(Options{})
	m := s.AddUser("123456789012", "ann").AddMFA("")
	at := time.Unix(1_700_000_000, 0)
	want, err := authenticator.GenerateCode(m.Seed, at)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Code(at); got != want || len(m.Seed) != 64 {
		t.Errorf("seed %s: got %s, want %s", m.Seed, got, want)
	}
}

func TestDeviceAccepts(t *testing.T) {
	now := time.Unix(1_700_000_010, 0)
	code := func(d *device, steps int) string { return d.Code(now.Add(time.Duration(steps) * 30 * time.Second)) }
	for steps, want := range map[int]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		d := New(Options{}).addDevice("aws", "123456789012", "serial")
		if got := d.accept(code(d, steps), now); got != want {
			t.Errorf("code %d steps away: accepted is %v", steps, got)
		}
		if d.accept(code(d, steps), now) {
			t.Errorf("code %d steps away was accepted twice", steps)
		}
	}
	for _, tt := range []struct {
		first, second int
		want          bool
	}{{-3, -2, false}, {-2, -1, true}, {-1, 0, true}, {0, 1, true}, {1, 2, false}, {0, 0, false}, {0, -1, false}, {-1, 1, false}} {
		d := New(Options{}).addDevice("aws", "123456789012", "serial")
		if got := d.acceptPair(code(d, tt.first), code(d, tt.second), now); got != tt.want {
			t.Errorf("codes of steps %d and %d: accepted is %v", tt.first, tt.second, got)
		}
		if tt.want && d.accept(code(d, tt.second), now) {
			t.Errorf("the code of step %d was accepted again", tt.second)
		}
	}
}
