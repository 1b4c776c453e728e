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
	b.WriteString(callRow("OPERATION", "IAM ACTION", "TIMES", "FOR CHECKS", p.width))
	for _, c := range calls {
		b.WriteString(callRow(c.Operation, c.Action, times(c), short(c.Checks, 2), p.width))
	}
	e := plan.Expected(usualRegions)
	b.WriteString(folded(fmt.Sprintf("An account without resources in %d regions: %s; each page of a list is one.\n", usualRegions, count(e.Empty, "call")), p.width, 0))
	_, err = p.sys.Stdout.Write([]byte(b.String()))
	return err
}

// callRow is a row of the plan: on a terminal that is too narrow for the columns what is
// behind the operation stands below it.
func callRow(operation, action, times, checks string, width int) string {
	if width == 0 || width >= wholePlan {
		return beside(fmt.Sprintf("%-48s %-44s %-30s ", operation, action, times), checks, width)
	}
	return clipped(operation, width) + "\n" + folded(fmt.Sprintf("    %s  %s  %s\n", action, times, checks), width, 0)
}

// wholePlan is the width that the columns of the plan take.
const wholePlan = 48 + 1 + 44 + 1 + 30 + 1 + leastText

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
