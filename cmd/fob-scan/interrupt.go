package main

import (
	"context"
	"fmt"

	"fob/cli"
)

// atOnce has Ctrl-C end the run from now on, wherever it is: it may be computing, or
// wait for whoever reads what it writes. A second one ends it without ado. why and next
// say what is left then. release ends that.
func (p *program) atOnce(why, next string) (release func()) {
	ctx, stop := p.sys.Signals(context.Background())
	unheard := context.AfterFunc(ctx, func() {
		stop()
		p.end(why, next)
	})
	return func() { unheard(); stop() }
}

// end ends the run: what is not whole is taken away, and the rest of the program waits
// for its end.
func (p *program) end(why, next string) {
	defer func() {
		if r := recover(); r != nil {
			p.ended <- settled(cli.PrintFault(p.sys, r))
		}
	}()
	if !p.keeping.TryLock() {
		fmt.Fprintln(p.sys.Stderr, "fob: stopping as soon as what was read is saved")
		p.keeping.Lock()
	}
	p.files.end()
	p.screen.clear()
	p.ended <- cli.PrintFailure(p.sys, cli.Failure(cli.ExitCancelled, "stopped before the end", why, next, nil))
}

const stopped = "Ctrl-C, or fob was told to stop; "

// heed has Ctrl-C do something else from now on.
func (p *program) heed(release func()) {
	before := p.release
	p.release = release
	before()
}

// idle is a run that has nothing to save: Ctrl-C ends it.
func (p *program) idle() { p.heed(p.atOnce(stopped+"nothing half-written is left", "the same again")) }

// reading has the first Ctrl-C end ctx, so that what was read is saved. A second one ends
// the run at once. It lasts until idle or writing, which end ctx.
func (p *program) reading(ctx context.Context) context.Context {
	ctx, stop := p.sys.Signals(ctx)
	unheard := context.AfterFunc(ctx, stop)
	p.heed(func() { unheard(); stop() })
	return ctx
}

// writing is a run that has saved what it read: Ctrl-C ends it, and next makes the results.
func (p *program) writing(next string) { p.heed(p.atOnce(stopped+"what was read is kept", next)) }
