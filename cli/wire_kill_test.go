//go:build unix

package cli_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestWireKilled kills fob at any moment of wiring and unwiring: each file is the
// old or the new one, fob resolves the profiles as before, and the next call
// needs no repair (R14).
func TestWireKilled(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.stored("dev", "--mfa-serial", b.mfa.Serial)
	var config, credentials strings.Builder
	for i := range 300 {
		fmt.Fprintf(&config, "[profile p%d]\nsource_profile = dev # note\n\n", i)
		fmt.Fprintf(&credentials, "[p%d]\r\nrole_arn = %s\r\n", i, roleARN(account, "Ops"))
	}
	texts := func() [2]string {
		return [2]string{readFile(t, b.path("home/.aws/config")), readFile(t, b.path("home/.aws/credentials"))}
	}
	old := [2]string{config.String(), credentials.String()}
	b.write("home/.aws/config", old[0])
	b.write("home/.aws/credentials", old[1])
	start := time.Now()
	b.must("wire", "--all")
	whole := time.Since(start)
	wired := texts()
	if b.must("unwire", "--all"); texts() != old {
		t.Fatal("unwired the files are others than before")
	}
	rounds := 10
	if testing.Short() {
		rounds = 4
	}
	for i := range rounds {
		args := []string{[]string{"wire", "unwire"}[i%2], "--all"}
		ctx, cancel := context.WithTimeout(t.Context(), rand.N(whole*5/4))
		_ = b.command(ctx, args...).Run()
		cancel()
		for j, text := range texts() {
			if text != old[j] && text != wired[j] {
				t.Fatalf("a file is a mixture:\n%s", text)
			}
		}
		if r := b.must("explain", "p7"); !strings.Contains(r.stdout, "role "+roleARN(account, "Ops")) {
			t.Errorf("p7 is another: %v", r)
		}
		want := [2][2]string{wired, old}[i%2]
		if b.must(args...); texts() != want {
			t.Fatalf("fob %s again leaves other files", args[0])
		}
	}
}
