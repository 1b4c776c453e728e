//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/cli"
)

// system is a box as programs see it that stand behind the door.
func (b *box) system() (cli.System, *bytes.Buffer) {
	said := new(bytes.Buffer)
	sys := cli.Real()
	sys.Stdout, sys.Stderr = said, said
	sys.Environ = func() []string { return b.environ }
	sys.Getenv = func(name string) (value string) {
		for _, entry := range b.environ {
			if key, v, _ := strings.Cut(entry, "="); key == name {
				value = v
			}
		}
		return value
	}
	sys.Now = b.aws.Now
	return sys, said
}

const doorProfiles = `[profile dev]
region = eu-west-1
mfa_serial = $SERIAL
[profile ops]
role_arn = $OPS
source_profile = dev
`

func doorBox(t *testing.T) *box {
	b := newBox(t)
	b.write("home/.aws/config", strings.NewReplacer("$SERIAL", b.mfa.Serial, "$OPS", roleARN(account, "Ops")).Replace(doorProfiles))
	return b
}

// TestDoor: many goroutines and profiles take one code, with a store and without.
func TestDoor(t *testing.T) {
	for _, store := range []string{"a vault", "none"} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			b := doorBox(t)
			if store == "none" {
				b.set("FOB_KEYCHAIN", "")
				b.write("home/.aws/credentials", "[dev]\naws_access_key_id = "+b.ann.Key.ID+"\naws_secret_access_key = "+b.ann.Key.Secret+"\n")
			} else {
				b.stored("dev")
			}
			sys, said := b.system()
			before := b.aws.Stats().Calls["GetSessionToken"]
			door := cli.OpenDoor(sys, cli.Globals{MFACode: b.mfa.Code(b.aws.Now()), NoInput: true}, "scan")
			defer door.Close()
			var all sync.WaitGroup
			for _, w := range []cli.Wanted{{Profile: "dev"}, {Profile: "ops"}, {Profile: "ops"}, {Profile: "dev", RoleARN: roleARN(account, "Audit")}} {
				all.Go(func() {
					x, err := door.Open(t.Context(), w)
					if err != nil {
						t.Error(err)
						return
					}
					if who, err := x.WhoAmI(t.Context()); err != nil || who.Account != account {
						t.Errorf("%+v is %+v: %v", w, who, err)
					}
				})
			}
			all.Wait()
			if n := b.aws.Stats().Calls["GetSessionToken"] - before; n != 1 {
				t.Errorf("%d sessions\n%s", n, said)
			}
		})
	}
}

// TestDoorRenews: credentials are resolved again before they end, and when AWS calls
// them expired; where that needs a person and none is there, the error says so.
func TestDoorRenews(t *testing.T) {
	t.Parallel()
	b := doorBox(t)
	b.stored("dev")
	sys, _ := b.system()
	door := cli.OpenDoor(sys, cli.Globals{MFACode: b.mfa.Code(b.aws.Now()), NoInput: true}, "scan")
	defer door.Close()
	x, err := door.Open(t.Context(), cli.Wanted{Profile: "ops"})
	if err != nil {
		t.Fatal(err)
	}
	first := keyOf(t, x)
	if again := keyOf(t, x); again != first {
		t.Error("fresh credentials were resolved again")
	}
	b.forward(50 * time.Minute)
	second := keyOf(t, x)
	if second == first {
		t.Error("not renewed ten minutes before the end")
	}
	b.forward(8 * time.Hour)
	if _, err := x.Credentials(t.Context()); err == nil {
		t.Error("an MFA session was renewed without a code")
	} else if status, what, _, next, ok := cli.Failed(err); !ok || status != 5 || next != "fob login ops" || !strings.Contains(what, "MFA code") {
		t.Errorf("%d %q, next %q", status, what, next)
	}
}

func keyOf(t *testing.T, x *cli.Access) string {
	t.Helper()
	c, err := x.Credentials(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c.AccessKeyID
}

// TestDoorInvalidate: credentials that AWS calls expired are not used again, although
// they are kept as good.
func TestDoorInvalidate(t *testing.T) {
	t.Parallel()
	b := doorBox(t)
	b.stored("dev")
	sys, _ := b.system()
	door := cli.OpenDoor(sys, cli.Globals{MFACode: b.mfa.Code(b.aws.Now()), NoInput: true}, "scan")
	defer door.Close()
	x, err := door.Open(t.Context(), cli.Wanted{Profile: "ops"})
	if err != nil {
		t.Fatal(err)
	}
	first := keyOf(t, x)
	b.forward(time.Second)
	sessions := b.aws.Stats().Calls["GetSessionToken"]
	x.Invalidate()
	if keyOf(t, x) == first {
		t.Error("the same credentials again")
	}
	if n := b.aws.Stats().Calls["GetSessionToken"]; n != sessions {
		t.Error("the session that they come from was thrown away, too")
	}
}
