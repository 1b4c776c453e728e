package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
)

func oneCommand(ctx context.Context, d *demo) error {
	before := d.aws.tally()
	r, err := d.typed(ctx, nobody, append([]string{"exec", "ops", "--"}, printVariable("AWS_ACCESS_KEY_ID")...)...)
	if err != nil {
		return err
	}
	d.page.say(`The credentials are in the environment of this one command, and nothing is left
in your shell. fob is gone by the time it runs: signals and exit status are its own.`)
	s, err := d.aws.session(variable(r.stdout))
	if err == nil && !strings.Contains(s.ARN, ":assumed-role/Ops/") {
		err = fmt.Errorf("the command ran as %s", s.ARN)
	}
	if err != nil {
		return err
	}
	r, err = d.typed(ctx, nobody, append([]string{"exec", "--server", "ops", "--"}, printVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI")...)...)
	if err != nil {
		return err
	}
	d.page.say(`For a job that runs longer than a session: it gets an address and a token, and
its SDK fetches credentials from fob, again and again, until it ends.`)
	if !strings.HasPrefix(variable(r.stdout), "http://127.0.0.1:") {
		return errors.New("the command has no endpoint")
	}
	return d.aws.check(before, tally{})
}

// printVariable is a command that prints a variable.
func printVariable(name string) []string {
	if runtime.GOOS == "windows" {
		return []string{"cmd", "/c", "set", name}
	}
	return []string{"printenv", name}
}

// variable is what printVariable printed: on Windows the name stands before it.
func variable(stdout string) string {
	if _, value, ok := strings.Cut(stdout, "="); ok {
		stdout = value
	}
	return strings.TrimSpace(stdout)
}
