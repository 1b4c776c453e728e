package resolve

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fob/internal/secret"
)

func TestCredentialsRoundTripAndHide(t *testing.T) {
	c := Credentials{"ASIAX", secret.New("hush-secret"), secret.New("hush-token"), time.Unix(1, 0).UTC(), time.Unix(99, 0).UTC(), "123456789012", "role"}
	b := c.Marshal()
	var got Credentials
	if err := got.Unmarshal(b); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		if err := new(Credentials).Unmarshal(b[:i]); err == nil {
			t.Fatalf("%d of %d bytes were read as a session", i, len(b))
		}
	}
	if err := new(Credentials).Unmarshal(append(b, 0)); err == nil {
		t.Fatal("a byte too many was accepted")
	}
	if got != c {
		t.Fatalf("got %v, want %v", got, c)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", c, c, c, c); strings.Contains(s, "hush") {
		t.Fatal("a secret was printed:", s)
	}
}

func TestAccountOfKeyID(t *testing.T) {
	for id, want := range map[string]string{
		"ASIAQNZGKIQY56JQ7WML": "029608264753", // the example of Aidan Steele's write-up of the format
		"AKIAIOSFODNN7EXAMPLE": "",             // the older form
		"AKIAX":                "",
		"AKIA7777777777777777": "", // more than twelve digits
		"AKIA0000000000000000": "",
		"AIDAQNZGKIQY56JQ7WML": "",
	} {
		if got := accountOfKeyID(id); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
}

func TestAccountOfARN(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:role/A":              "123456789012",
		"arn:aws-cn:sts::123456789012:assumed-role/A/s": "123456789012",
		"arn:aws:iam::123456789:role/A":                 "",
		"GAHT12345678":                                  "",
	} {
		if got := accountOfARN(arn); got != want {
			t.Errorf("%s: got %q, want %q", arn, got, want)
		}
	}
}
