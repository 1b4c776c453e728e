package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

func firstUse(ctx context.Context, d *demo) error {
	before := d.aws.tally()
	who := newPerson(d.aws.device.read())
	d.page.say("The MFA device of this demo is a seed,")
	d.page.output(d.aws.device.Seed)
	d.page.say("which any authenticator app would take; the code that it shows now is %s.", who.code)
	r, err := d.typed(ctx, who, "process", "-p", "ops")
	if err != nil {
		return err
	}
	if _, err := d.answerOf(r, "Ops"); err != nil {
		return err
	}
	d.page.say("%s", d.asked())
	d.page.say(`GetSessionToken took the code and gave a session of 8 hours; AssumeRole made the
role's from it. The line of JSON is the whole of stdout, for any AWS SDK to read
(credential_process). Both sessions are kept, sealed with a key in the vault.`)
	d.page.say("The fake AWS has seen so far: %v.", d.aws.tally())
	return errors.Join(d.aws.check(before, tally{session: 1, role: 1, codes: 1}),
		d.askedOnce(who), d.world.inClear(d.aws.secrets()))
}

// asked tells how the code came to fob.
func (d *demo) asked() string {
	if d.world.terminals {
		return "fob asked on the terminal, although stdin and stdout are not one, and the demo typed."
	}
	return "There is no terminal to ask on; the code came from FOB_MFA_COMMAND, a program of the demo's."
}

func (d *demo) askedOnce(who *person) error {
	if n := who.codes.Load(); d.world.terminals && n != 1 {
		return fmt.Errorf("the code was asked for %d times, want once", n)
	}
	return nil
}

func warmUse(ctx context.Context, d *demo) error {
	before := d.aws.tally()
	r, err := d.typed(ctx, nobody, "process", "-p", "ops")
	if err != nil {
		return err
	}
	first, err := d.answerOf(r, "Ops")
	if err != nil {
		return err
	}
	const more = 10
	times := []time.Duration{r.took}
	for range more {
		r, err := d.fob(ctx, nobody, "process", "-p", "ops")
		if err != nil {
			return err
		}
		if again, err := d.answerOf(r, "Ops"); err != nil || again != first {
			return errors.Join(err, errors.New("another answer"))
		}
		times = append(times, r.took)
	}
	slices.Sort(times)
	median := times[len(times)/2]
	d.page.say(`The same answer, out of the sealed file: %.1f ms, start of the program included
(the median of %d runs). SDKs start it for every command, so it has to be quick.`,
		float64(median.Microseconds())/1000, len(times))
	if median > 150*time.Millisecond {
		d.page.say(`(Here nothing may keep the vault unlocked between two calls, so each call derives
its key from the passphrase again. A keychain, or the keyring of a Linux kernel,
spares it that.)`)
	}
	return d.aws.check(before, tally{})
}

func shellVariables(ctx context.Context, d *demo) error {
	before := d.aws.tally()
	r, err := d.typed(ctx, nobody, "env", "-p", "ops", "--shell", "bash")
	if err != nil {
		return err
	}
	d.page.say(`In a shell you write eval $(fob env -p ops), and fob finds out which shell it
is. The variables of another profile are taken away first.`)
	return errors.Join(d.exports(r.stdout), d.aws.check(before, tally{}))
}

// exports says whether a text for bash sets the credentials of the role Ops.
func (d *demo) exports(text string) error {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimRight(line, "; \n"), "export "), "=")
		values[name] = strings.ReplaceAll(strings.Trim(value, "$'"), equals, "=")
	}
	return d.genuine(answer{
		AccessKeyID:     values["AWS_ACCESS_KEY_ID"],
		SecretAccessKey: values["AWS_SECRET_ACCESS_KEY"],
		SessionToken:    values["AWS_SESSION_TOKEN"],
	}, "Ops")
}

func siblingRole(ctx context.Context, d *demo) error {
	before, who := d.aws.tally(), newPerson("000000")
	r, err := d.typed(ctx, who, "process", "-p", "audit")
	if err != nil {
		return err
	}
	if _, err := d.answerOf(r, "Audit"); err != nil {
		return err
	}
	if n := who.codes.Load(); n != 0 {
		return fmt.Errorf("the code was asked for again, %d times", n)
	}
	d.page.say("No question: one code serves all the roles above a key.")
	d.page.say("The fake AWS has seen so far: %v.", d.aws.tally())
	return d.aws.check(before, tally{role: 1})
}

func logOut(ctx context.Context, d *demo) error {
	if _, err := d.typed(ctx, nobody, "logout", "--all"); err != nil {
		return err
	}
	args := []string{"process", "-p", "ops", "--no-input"}
	d.page.command(d.world.asTyped(args))
	r, err := d.fobAnyhow(ctx, nobody, args...)
	if err != nil {
		return err
	}
	d.page.output(r.shown + r.stdout)
	d.page.say(`The sessions are gone, the key stays. Whatever fails, fob says what, why, and
what to type next; stdout is empty then, and the exit status tells scripts which
kind of failure it is (5: it takes a person).`)
	if r.status != 5 || r.stdout != "" || !strings.Contains(r.shown, "fob login ops") {
		return fmt.Errorf("exit status %d, want 5 and advice", r.status)
	}
	_, err = d.typed(ctx, nobody, "vault", "lock")
	d.page.say("And the vault is locked again.")
	return err
}
