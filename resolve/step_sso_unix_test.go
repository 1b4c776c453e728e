//go:build unix

package resolve

import (
	"os"
	"testing"
	"testing/synctest"
)

// A sign-in that somebody else could have written is nobody's.
func TestForeignSSOToken(t *testing.T) { synctest.Test(t, testForeignSSOToken) }

func testForeignSSOToken(t *testing.T) {
	alive := tokenJSON("a-token", hour, "")
	p := newSSOWorld(t, "", nil)
	p.write(t, alive, 0o666)
	_, err := p.resolve(t)
	checkError(t, err, "PersonError: … cannot be read")
	if err := os.Rename(p.step.TokenFile, p.step.TokenFile+".real"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(p.step.TokenFile+".real", p.step.TokenFile); err != nil {
		t.Fatal(err)
	}
	_, err = p.resolve(t)
	checkError(t, err, "PersonError: … cannot be read")
	if len(p.warnings) != 2 || p.asked() != "" {
		t.Errorf("warned %q, asked %q", p.warnings, p.asked())
	}
}
