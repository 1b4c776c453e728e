package awsfake_test

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"regexp"
	"testing"

	"fob/internal/awsfake"
)

// accountOf decodes an access key id by the scheme that is publicly known.
func accountOf(t *testing.T, id string) string {
	t.Helper()
	b, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil {
		t.Fatal(err)
	}
	z := binary.BigEndian.Uint64(append([]byte{0, 0}, b[:6]...))
	return fmt.Sprintf("%012d", z&0x7fffffffff80>>7)
}

func TestKeyIDHoldsTheAccount(t *testing.T) {
	if got := accountOf(t, "ASIAY34FZKBOKMUTVV7A"); got != "609629065308" { // the example of the scheme's publication
		t.Fatalf("the test's own decoder says %s", got)
	}
	form := regexp.MustCompile(`^AKIA[Q-Z2-7][A-Z2-7]{15}$`) // Q and later: the top bit is set
	seen := map[string]bool{}
	for _, account := range []string{"000000000000", "000000000001", "123456789012", "999999999999"} {
		for _, n := range []int{0, 1, 2, 1 << 31, 1<<39 - 1} {
			id := awsfake.KeyID("AKIA", account, n)
			if !form.MatchString(id) || accountOf(t, id) != account || seen[id] {
				t.Errorf("KeyID(%s, %d) = %s, which says %s", account, n, id, accountOf(t, id))
			}
			seen[id] = true
		}
	}
}

func TestAddUser(t *testing.T) {
	s := awsfake.New(awsfake.Options{})
	u := s.AddUserIn("aws-us-gov", account, "ops/eu/ann")
	if u.ARN != "arn:aws-us-gov:iam::123456789012:user/ops/eu/ann" || u.Name != "ann" || u.Path != "/ops/eu/" {
		t.Errorf("got %s, name %s, path %s", u.ARN, u.Name, u.Path)
	}
	if !regexp.MustCompile(`^AIDA[A-Z2-7]{17}$`).MatchString(u.ID) {
		t.Errorf("user id %s", u.ID)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9+/]{40}$`).MatchString(u.Key.Secret) {
		t.Errorf("secret %s", u.Key.Secret)
	}
	if k := u.AddKey("AKIAIOSFODNN7EXAMPLE", "canary"); k != (awsfake.Key{ID: "AKIAIOSFODNN7EXAMPLE", Secret: "canary"}) {
		t.Errorf("given key came back as %v", k)
	}
	first, second := u.AddMFA(""), u.AddMFA("GAHT12345678")
	if first.Serial != "arn:aws-us-gov:iam::123456789012:mfa/ann" || second.Serial != "GAHT12345678" || u.MFA != first {
		t.Errorf("serials %s, %s", first.Serial, second.Serial)
	}
	if third := u.AddMFA(""); third.Serial != first.Serial+"-2" {
		t.Errorf("third serial %s", third.Serial)
	}
}

func TestAddRoleRefusesWhatIsNoRole(t *testing.T) {
	s := awsfake.New(awsfake.Options{})
	for _, arn := range []string{"", "Ops", "arn:aws:iam::123456789012:user/ann", "arn:aws:sts::123456789012:assumed-role/Ops/x"} {
		if s.AddRole(awsfake.Role{ARN: arn}) == nil {
			t.Errorf("%q was taken", arn)
		}
	}
}
