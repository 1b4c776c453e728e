package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

func createVault(ctx context.Context, d *demo) error {
	if _, err := d.typed(ctx, nobody, "vault", "create"); err != nil {
		return err
	}
	d.page.say(`fob keeps keys in the keychain of the system. The demo leaves yours alone and
uses what fob has for machines without one: a file that is encrypted with a
passphrase, here the one in FOB_PASSPHRASE_FILE.`)
	if !d.world.exists(d.world.path("fob", "vault.bin")) {
		return errors.New("there is no vault")
	}
	return nil
}

func importKey(ctx context.Context, d *demo) error {
	before, csv := d.aws.tally(), d.world.path(keyCSV)
	r, err := d.typed(ctx, newPerson(""), "add", "dev", "--csv", csv)
	if err != nil {
		return err
	}
	d.page.say(`fob asked AWS whose key it is (GetCallerIdentity), stored it, and wants the
file gone, which holds the key in clear. There is no flag for a secret:
arguments can be read by others, and stay in the shell's history.`)
	switch {
	case !strings.Contains(r.shown, d.aws.ann.ARN):
		return errors.New("fob does not say whose key it is")
	case d.world.terminals == d.world.exists(csv):
		return fmt.Errorf("that %s is there still is %t", keyCSV, d.world.exists(csv))
	}
	return errors.Join(d.aws.check(before, tally{identity: 1}), d.world.inClear(d.aws.secrets()))
}

func listProfiles(ctx context.Context, d *demo) error {
	before := d.aws.tally()
	d.page.command("cat ~/.aws/config")
	d.page.output(configFile(d.aws))
	r, err := d.typed(ctx, nobody, "profiles")
	if err != nil {
		return err
	}
	d.page.say(`One key, three roles above it. fob has read files only: nothing is unlocked
and nobody is called to list profiles.`)
	for _, name := range []string{"dev", "ops", "audit", "partner"} {
		if !strings.Contains(r.stdout, "\n"+name+" ") {
			return fmt.Errorf("profile %s is not listed", name)
		}
	}
	return d.aws.check(before, tally{})
}

func explainRole(ctx context.Context, d *demo) error {
	before := d.aws.tally()
	r, err := d.typed(ctx, nobody, "explain", "ops")
	if err != nil {
		return err
	}
	d.page.say(`A profile is a plan: a list of steps, each with the line that asks for it.
What fob will do is known before it does anything.`)
	for _, part := range []string{d.aws.device.Serial, roleARN(account, "Ops"), "config"} {
		if !strings.Contains(r.stdout, part) {
			return fmt.Errorf("the plan says nothing of %s", part)
		}
	}
	return d.aws.check(before, tally{})
}
