package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"time"
)

// build makes the fob that the story is about, from the source that the demo
// itself was made from.
func (d *demo) build(ctx context.Context) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("build fob: the demo does not know its own source; start it by `go run ./demo`")
	}
	done := d.page.progress("Building fob (go build; the first time takes a minute)")
	defer done()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	// Without -buildvcs=false Go refuses a checkout of another user's.
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", d.world.fob, info.Main.Path)
	cmd.Env = append(os.Environ(), "GOTMPDIR="+d.world.path("tmp"))
	cmd.WaitDelay = 5 * time.Second
	detach(cmd)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build fob, in the folder of its source: %w\n%s", err, said.String())
	}
	return nil
}
