package keychain

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// maxChildOutput is the limit of a child's answer in bytes.
const maxChildOutput = 64 << 10

// SelfRunner runs the program at path with the environment env and nothing else
// (see [ChildEnv]); its standard error is discarded. It has a process group of
// its own, which is killed when the context ends. More than 64 KiB of output are
// an error.
func SelfRunner(path string, env []string) Runner {
	return func(ctx context.Context, args []string, stdin []byte) ([]byte, error) {
		var out cappedBuffer
		cmd := exec.CommandContext(ctx, path, args...)
		cmd.Env = append([]string{}, env...) // never nil, which would inherit ours
		cmd.Stdin = bytes.NewReader(stdin)
		cmd.Stdout = &out
		// A descendant that escaped from the group may hold the pipes.
		cmd.WaitDelay = 200 * time.Millisecond
		ownGroup(cmd)
		err := cmd.Run()
		return out.b.Bytes(), err
	}
}

// ChildEnv picks from environ ("NAME=value") what a keychain needs to find the
// user's session: no AWS_ or FOB_ variable reaches it.
func ChildEnv(environ []string) []string {
	allowed := []string{
		"HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "SECURITYSESSIONID", "__CF_USER_TEXT_ENCODING",
		"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "USERPROFILE", "USERNAME", "USERDOMAIN", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP",
	}
	return slices.DeleteFunc(slices.Clone(environ), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return !slices.Contains(allowed, strings.ToUpper(name))
	})
}

// cappedBuffer refuses what exceeds maxChildOutput.
type cappedBuffer struct{ b bytes.Buffer }

func (c *cappedBuffer) Write(p []byte) (int, error) {
	if c.b.Len()+len(p) > maxChildOutput {
		return 0, errors.New("too much output")
	}
	return c.b.Write(p)
}
