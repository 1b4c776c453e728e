package main

import (
	"context"
	"errors"
	"runtime/debug"
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
	return d.goBuild(ctx, d.world.fob, info.Main.Path)
}
