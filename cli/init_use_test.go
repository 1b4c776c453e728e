//go:build unix

package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// realFob hands to fob itself what only the tests ask for.
const realFob = `#!/bin/sh
case $1 in
mark) echo "<<$2>>" ;;
seen) env -0 >"$HOOKS/seen" ;;
*) exec "$HOOKS/real/fob" "$@" ;;
esac
`

// TestUseAtThePrompt is fob use as people have it: the hook, a terminal, and fob.
func TestUseAtThePrompt(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.write("home/.aws/config", "[profile ops]\nrole_arn = "+roleARN(account, "Ops")+"\nsource_profile = dev\nduration_seconds = 2575\n")
	b.stored("dev")
	for _, s := range hookedShells() {
		t.Run(s.argv[0], func(t *testing.T) {
			t.Parallel()
			needsShell(t, s.argv[0])
			w := newHookWorld(t, s.name)
			w.write("bin/fob", realFob)
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(w.path("real"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(self, w.path("real/fob")); err != nil {
				t.Fatal(err)
			}
			w.environ = append(b.environ[:len(b.environ):len(b.environ)], append(w.environ, "AWS_CONFIG_FILE="+b.path("home/.aws/config"))...)
			se := s.startIn(w)
			se.types("", "")
			se.types(s.use+" ops", se.with("ops", "42m"))
			se.has("ops", "ASIA")
			se.types(s.use+" dev", "dev")
			se.has("dev", "AKIA")
			se.types(s.use+" -", se.with("ops", "42m"))
			se.has("ops", "ASIA")
			if s.clock {
				se.types(fmt.Sprintf(s.expires, time.Now().Unix()+30), "ops 42m")
				se.has("ops", "ASIA")
			}
			se.types(s.use+" --clear", "")
			se.has("", "")
			se.enters(s.use + " nope")
			for _, text := range []string{"next: fob profiles", "+<", ">"} {
				if err := se.expect(text); err != nil {
					t.Fatal(err)
				}
			}
			se.has("", "")
		})
	}
}

func (s *session) with(name, left string) string {
	return strings.TrimSpace(name + " " + s.left(left))
}

// has compares what programs get from the shell.
func (s *session) has(profile, keyPrefix string) {
	s.t.Helper()
	s.runs("fob seen")
	env := s.environment("seen")
	if env["FOB_PROFILE"] != profile || !strings.HasPrefix(env["AWS_ACCESS_KEY_ID"], keyPrefix) || keyPrefix == "" && env["AWS_ACCESS_KEY_ID"] != "" {
		s.t.Errorf("the shell has profile %q and key %.4q, want %q and %q", env["FOB_PROFILE"], env["AWS_ACCESS_KEY_ID"], profile, keyPrefix)
	}
}
