//go:build unix

package cli_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestImportKilledLosesNoKey kills fob at any moment of an import: the file is the
// old or the new one, each key is in it or in the keychain, and the next import
// needs no repair (R1).
func TestImportKilledLosesNoKey(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	before, after := "", ""
	for i := range 6 {
		before += fmt.Sprintf("[p%d]\naws_access_key_id = AKIAQ77777777777777%d\naws_secret_access_key = %s\n", i, i+2, secretOf(i))
		after += fmt.Sprintf("[p%d]\n", i)
	}
	args := []string{"import", "--all", "--force", "--no-verify"}
	b.must("vault", "create")
	copyFolder(t, b.path("fob"), b.path("pristine"))
	b.write("home/.aws/credentials", before)
	start := time.Now()
	b.must(args...)
	whole := time.Since(start)

	rounds := 12
	if testing.Short() {
		rounds = 5
	}
	for range rounds {
		copyFolder(t, b.path("pristine"), b.path("fob"))
		b.write("home/.aws/credentials", before)
		ctx, cancel := context.WithTimeout(t.Context(), rand.N(whole*5/4))
		_ = b.command(ctx, args...).Run()
		cancel()
		text := readFile(t, b.path("home/.aws/credentials"))
		if text != before && text != after {
			t.Fatalf("the file is a mixture:\n%s", text)
		}
		for i := range 6 {
			if !strings.Contains(text, secretOf(i)) {
				b.wantSecret(fmt.Sprintf("p%d", i), secretOf(i))
			}
		}
		b.must(args...)
		if text := readFile(t, b.path("home/.aws/credentials")); text != after {
			t.Fatalf("the next import left:\n%s", text)
		}
		b.wantSecret("p5", secretOf(5))
	}
}

func secretOf(i int) string { return strings.Repeat("secret", 6) + fmt.Sprintf("sec%d", i) }

func (b *box) wantSecret(profile, secret string) {
	b.t.Helper()
	if r := b.must("process", "-p", profile); !strings.Contains(r.stdout, `"`+secret+`"`) {
		b.t.Errorf("%s has another key: %v", profile, r)
	}
}

// copyFolder makes to what from is.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if out, err := exec.Command("sh", "-c", `rm -rf "$2" && cp -Rp "$1" "$2"`, "sh", from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}
