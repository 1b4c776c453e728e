package shell_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestShellcheck has what is written for the shells that shellcheck knows read by
// it: of credentials it has nothing to say, and of values that shells stumble over
// no more than that quotes keep them from being expanded, and that words of a
// dotenv file may be meant as commands.
func TestShellcheck(t *testing.T) {
	const asMeant = "SC1003,SC1010,SC1112,SC2016,SC2088,SC2209"
	for name, dialects := range map[string]string{"bash": "bash ksh", "sh": "sh dash bash ksh", "dotenv": "sh dash bash ksh"} {
		everyday, err := find(t, name).Export(credentials)
		if err != nil {
			t.Fatal(err)
		}
		special, _ := export(t, name, slices.DeleteFunc(nasty(), func(value string) bool { return !takes()[name](value) }))
		for dialect := range strings.FieldsSeq(dialects) {
			t.Run(name+"/"+dialect, func(t *testing.T) {
				t.Parallel()
				need(t, "shellcheck")
				shellcheck(t, everyday, dialect)
				shellcheck(t, special, dialect, "--exclude="+asMeant)
			})
		}
	}
}

// shellcheck reports what it says. Files that others read do not use variables.
func shellcheck(t *testing.T, text, dialect string, options ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "shellcheck", append(options, "--norc", "--shell="+dialect, "--exclude=SC2034", "--format=gcc", "-")...)
	c.Stdin = strings.NewReader(text)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%.2000s", err, out)
	}
}
