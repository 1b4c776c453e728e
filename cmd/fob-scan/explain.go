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
func explainCalls(p *program, chosen *chosen, o *Output) error {
	if len(o.Format) > 1 || len(o.Format) == 1 && o.Format[0] != formatText && o.Format[0] != "json" {
		return usage("--explain-calls has no format "+strings.Join(o.Format, ","), "it has text and json", "--explain-calls --format json")
	}
	plan, err := collect.NewPlan(chosen.checks)
	if err != nil {
		return err
	}
	calls := plan.Calls()
	var b strings.Builder
	if len(o.Format) == 1 && o.Format[0] == "json" {
		raw, err := json.MarshalIndent(plannedCalls(calls), "", "  ")
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
	_, err = p.sys.Stdout.Write([]byte(b.String()))
	return err
}

// plannedCall is a call as json shows it.
type plannedCall struct {
	Operation   string   `json:"operation"`
	Action      string   `json:"action"` // of IAM; several with blanks between
	Regional    bool     `json:"regional"`
	PerResource string   `json:"per_resource,omitempty"` // the type of resource that it is made for each of
	Checks      []string `json:"checks"`
}

func plannedCalls(calls []collect.Call) []plannedCall {
	out := []plannedCall{}
	for _, c := range calls {
		out = append(out, plannedCall(c))
	}
	return out
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
