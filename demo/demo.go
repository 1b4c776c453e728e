package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// demo is one run. The fields but page are set up by open.
type demo struct {
	page *page
	// noTerminal makes the demo answer by FOB_MFA_COMMAND although it could open
	// a terminal.
	noTerminal bool

	aws   *cloud
	world *world
	audit *building
}

// errStopped says that somebody stopped the demo.
var errStopped = errors.New("stopped")

// run tells the whole story. Nothing is left when it returns, whatever happened.
func (d *demo) run(ctx context.Context) error {
	err := d.tell(ctx)
	if ctx.Err() != nil {
		err = errStopped // what a killed fob said is no news
	}
	return errors.Join(err, d.close())
}

func (d *demo) tell(ctx context.Context) error {
	d.page.print(opening)
	if err := d.open(); err != nil {
		return err
	}
	if err := d.build(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	d.audit = d.buildAudit(ctx)
	defer func() { stop(); <-d.audit.done }()
	d.page.say("The world of this demo, which goes when it ends:")
	d.page.output(d.world.describe())
	if err := d.play(ctx, story()); err != nil {
		return err
	}
	d.page.print(closing)
	return nil
}

// open makes the fake AWS and the folder that everything happens in.
func (d *demo) open() (err error) {
	if d.aws, err = newCloud(); err != nil {
		return err
	}
	d.page.mask = d.aws.mask
	d.world, err = newWorld(d.aws)
	if err == nil && !d.noTerminal {
		d.world.terminals = haveTerminals()
	}
	return err
}

// play runs steps until one fails.
func (d *demo) play(ctx context.Context, steps []step) error {
	for i, s := range steps {
		d.page.title(fmt.Sprintf("%d/%d  %s", i+1, len(steps), s.title))
		if err := s.play(ctx, d); err != nil {
			return fmt.Errorf("step %d (%s): %w", i+1, s.title, err)
		}
	}
	return nil
}

// cleaning is the time for what has to be done after Ctrl-C, too.
const cleaning = 10 * time.Second

// close takes away what open, build and play left: also what fob keeps unlocked
// in the kernel's keyring, which would outlive the folder.
func (d *demo) close() error {
	if d.aws != nil {
		d.aws.Close()
	}
	if d.world == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), cleaning)
	defer cancel()
	return errors.Join(d.lock(ctx), d.world.remove())
}

// lock makes fob forget what is unlocked, if there is a fob yet.
func (d *demo) lock(ctx context.Context) error {
	if !d.world.exists(d.world.fob) {
		return nil
	}
	_, err := d.fob(ctx, nobody, "vault", "lock")
	return err
}
