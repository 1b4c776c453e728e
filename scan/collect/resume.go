package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"fob/scan"
)

// What a snapshot cannot be taken on for.
var (
	ErrOtherPlan    = errors.New("it was begun for other checks or regions")
	ErrOtherVersion = errors.New("it was begun by another version of the program")
	ErrOtherAccount = errors.New("it is of another account")
	ErrUnfinished   = errors.New("it was stopped before its end, and has to be resumed first")
)

// Resume goes on with a scan that was stopped: what its snapshot has whole is copied, and
// only the calls are made that miss, those that failed among them. The result is a
// snapshot of the same scan. It has to be of the same account, plan, regions and version
// of the program. A snapshot with nothing in it is begun anew.
func (c *Collector) Resume(ctx context.Context, a Account, previous io.ReadSeeker, out io.Writer) error {
	p, err := c.survey(&a, previous)
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	switch {
	case p == nil:
		return c.Run(ctx, a, out)
	case p.head.Plan != c.selection():
		return fmt.Errorf("resume: %w", ErrOtherPlan)
	case p.head.Tool != c.Tool:
		return fmt.Errorf("resume: %w: %s", ErrOtherVersion, p.head.Tool)
	}
	p.wanted = func(o *operation, region string) bool { return true }
	p.doubt(c.Plan)
	return c.run(ctx, a, p, out)
}

// Update reads again what the plan holds, in the regions that are chosen, and keeps the
// rest of a finished snapshot, with the times at which that was read.
func (c *Collector) Update(ctx context.Context, a Account, previous io.ReadSeeker, out io.Writer) error {
	p, err := c.survey(&a, previous)
	switch {
	case err != nil:
		return fmt.Errorf("update: %w", err)
	case p == nil || !p.finished:
		return fmt.Errorf("update: %w", ErrUnfinished)
	}
	p.update = true
	p.wanted = func(o *operation, region string) bool {
		return c.Plan.has(o.name) && (region == scan.Global || c.selected(region))
	}
	p.forget()
	return c.run(ctx, a, p, out)
}

// selection is the hash of what is read.
func (c *Collector) selection() string {
	raw, _ := json.Marshal([][]string{c.Plan.names(), slices.Sorted(slices.Values(c.Only)), slices.Sorted(slices.Values(c.Exclude))})
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// survey reads which calls a snapshot has the work of; nil is for one with nothing in it.
func (c *Collector) survey(a *Account, previous io.ReadSeeker) (*past, error) {
	p := newPast(previous)
	lines := 0
	err := p.lines(func(l *scan.Line) error {
		lines++
		if l.A != "" && l.A != a.ID {
			return fmt.Errorf("%w, %s", ErrOtherAccount, l.A)
		}
		p.learn(l)
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case lines == 0:
		return nil, nil
	case !slices.Equal(p.head.Accounts, []string{a.ID}):
		return nil, ErrOtherAccount
	}
	return p, nil
}
