package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"fob/scan/collect"
)

type iamPolicyCmd struct{ Selection }

func (iamPolicyCmd) Help() string {
	return `Prints the policy that allows what the selected checks need, and no more.

Examples:
  fob scan iam-policy
  fob scan iam-policy --services s3,iam > audit.json`
}

func (c *iamPolicyCmd) Run(ctx context.Context, p *program) error {
	if c.ListServices {
		return listServices(p)
	}
	chosen, err := c.choose()
	if err != nil {
		return err
	}
	plan, err := collect.NewPlan(chosen.checks)
	if err != nil {
		return err
	}
	policy, err := plan.Policy()
	if err != nil {
		return err
	}
	_, err = p.sys.Stdout.Write(append(policy, '\n'))
	return err
}

// explainCalls prints the plan. It calls nothing.
func explainCalls(p *program, plan *collect.Plan, o *Output) error {
	calls := plan.Calls()
	var b strings.Builder
	if len(o.Format) == 1 && o.Format[0] == "json" {
		raw, err := json.MarshalIndent(calls, "", "  ")
		if err != nil {
			return err
		}
		_, err = p.sys.Stdout.Write(append(raw, '\n'))
		return err
	}
	fmt.Fprintf(&b, "%-48s %-44s %-30s %s\n", "OPERATION", "IAM ACTION", "TIMES", "FOR CHECKS")
	for _, c := range calls {
		fmt.Fprintf(&b, "%-48s %-44s %-30s %s\n", c.Operation, c.Action, times(c), short(c.Checks, 2))
	}
	e := plan.Expected(usualRegions)
	fmt.Fprintf(&b, "An account without resources in %d regions: %s; each page of a list is one.\n", usualRegions, count(e.Empty, "call"))
	_, err := p.sys.Stdout.Write([]byte(b.String()))
	return err
}

// usualRegions are those that every account has enabled.
const usualRegions = 17

// times is how often something is called.
func times(c collect.Call) string {
	where := "once"
	if c.Regional {
		where = "once a region"
	}
	if c.PerResource != "" {
		where = "each " + c.PerResource
	}
	return where
}
