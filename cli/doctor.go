package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// doctorLimit ends the whole examination. Each wait in it has a shorter one.
const doctorLimit = 30 * time.Second

type doctorCmd struct {
	Format  string `enum:"text,json" default:"text" help:"text or json."`
	Offline bool   `help:"Do not ask AWS for the time: nothing goes over the network."`
}

func (doctorCmd) Help() string {
	return `Looks at the AWS files, the environment, the keychain and the clock, and says
what to do about what it finds. It runs no command of a file, asks nobody,
unlocks and changes nothing; the one call is to AWS's STS, for the time.
What could not be looked at is said to be not checked, never to be fine.

Exit status: 0 when nothing needs care, 1 when something does.

Examples:
  fob doctor
  fob doctor --offline
  fob doctor --format json | jq '.findings[] | select(.severity == "error")'

Checks:
` + listChecks(doctorChecks())
}

func listChecks(checks []check) string {
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "  %-20s %s\n", c.id, c.title)
	}
	return b.String()
}

// Run ends by kong's way out when something needs care: that is an answer, no
// failure, and says nothing on stderr.
func (c *doctorCmd) Run(ctx context.Context, k *kong.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	r := examine(ctx, newExam(ctx, a, c.Offline), doctorChecks())
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return err
	}
	var err error
	if c.Format == "json" {
		err = a.writeJSON(r)
	} else {
		_, err = a.sys.Stdout.Write([]byte(r.text(a)))
	}
	if err == nil && r.Summary.NeedsCare {
		k.Exit(exitFailure)
	}
	return err
}
