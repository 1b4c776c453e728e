package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

const crowd = 20

// stampede starts many programs at once that all want what nobody has yet.
func stampede(ctx context.Context, d *demo) error {
	if _, err := d.typed(ctx, nobody, "logout", "--all"); err != nil {
		return err
	}
	before, who := d.aws.tally(), newPerson(d.aws.device.read())
	who.pause = time.Second
	d.page.command(fmt.Sprintf("for i in $(seq %d); do fob process -p partner & done; wait", crowd))
	began := time.Now()
	results, err := d.together(ctx, who, "process", "-p", "partner")
	if err != nil {
		return err
	}
	took := time.Since(began)
	if err := d.sameAnswers(results); err != nil {
		return err
	}
	if said := waiting(results); said != "" {
		d.page.output(said)
	}
	d.page.say("%d answers, all the same, after %.1f s. They cost: %v.", len(results), took.Seconds(), d.aws.tally().minus(before))
	d.page.say(`One of them asked, and called AWS once the code was typed, for which the demo
took a second; the others waited for it and took what it got. Above is what one of
them said. (AWS takes a code only once, so this was the next one.)`)
	return errors.Join(d.aws.check(before, tally{session: 1, role: 1, codes: 1}), d.askedOnce(who), d.sentExternalID())
}

// together runs a crowd of fobs at once, each on a terminal of its own.
func (d *demo) together(ctx context.Context, who *person, args ...string) (results []result, failed error) {
	var all []*process
	for range crowd {
		p, err := d.world.start(ctx, who, args...)
		if err != nil {
			failed = err
			break
		}
		all = append(all, p)
	}
	for _, p := range all { // whatever happens, so that none lives on
		r, err := p.wait()
		if err == nil && r.status != 0 {
			err = fmt.Errorf("exit status %d: %s", r.status, r.shown)
		}
		failed = errors.Join(failed, err)
		results = append(results, r)
	}
	return results, failed
}

func (d *demo) sameAnswers(results []result) error {
	var first answer
	for i, r := range results {
		a, err := d.answerOf(r, "Partner")
		switch {
		case err != nil:
			return err
		case i == 0:
			first = a
		case a != first:
			return errors.New("two different answers")
		}
	}
	return nil
}

// waiting is what one of those who waited said, if any had to.
func waiting(results []result) string {
	for _, r := range results {
		if strings.Contains(r.shown, "waiting for pid") {
			return r.shown
		}
	}
	return ""
}

func (d *demo) sentExternalID() error {
	for _, c := range d.aws.Calls() {
		if c.RoleARN == roleARN(partner, "Partner") && c.ExternalID != externalID {
			return fmt.Errorf("the external id was %q", c.ExternalID)
		}
	}
	return nil
}
