package collect

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fob/scan"
)

// Plan is what is called for a selection of checks.
type Plan struct {
	ops    []*operation
	byType map[string][]*operation // those that read
	checks map[string][]string     // operation → the checks that need it
}

// NewPlan plans for checks. It fails if one of them needs an operation that there is
// none of, which is a fault of this program.
func NewPlan(checks []scan.Check) (*Plan, error) {
	p := &Plan{checks: map[string][]string{}, byType: map[string][]*operation{}}
	for _, c := range checks {
		for _, op := range c.Operations() {
			p.checks[op] = append(p.checks[op], c.ID)
		}
	}
	known := map[string]bool{}
	for _, o := range operations() {
		known[o.name] = true
		if p.has(o.name) && p.asksOf(&o) {
			p.add(&o)
		}
	}
	for op := range p.checks {
		if !known[op] {
			return nil, fmt.Errorf("check %s needs the operation %s, which is not there", p.checks[op][0], op)
		}
	}
	return p, nil
}

// asksOf says whether a check that needs an operation is about its type of resource:
// several types may share one.
func (p *Plan) asksOf(o *operation) bool {
	if o.read == nil || o.of == "AWS::Account" || o.of == "AWS::Region" {
		return true
	}
	for _, k := range scan.Kinds() {
		if k.Type == o.of && slices.ContainsFunc(k.List, func(list string) bool {
			return slices.ContainsFunc(p.checks[list], func(id string) bool { return slices.Contains(p.checks[o.name], id) })
		}) {
			return true
		}
	}
	return false
}

// add plans an operation.
func (p *Plan) add(o *operation) {
	p.ops = append(p.ops, o)
	if o.read != nil {
		p.byType[o.of] = append(p.byType[o.of], o)
	}
}

// Call is a row of the plan as a person reads it.
type Call struct {
	Operation, Action string
	Regional          bool
	PerResource       string // the type of resource that it is called for each of; "" for once
	Checks            []string
}

// Calls returns the plan, in the order of services.
func (p *Plan) Calls() []Call {
	var out []Call
	for _, o := range p.ops {
		c := Call{Operation: o.name, Action: o.iamAction(), Regional: o.scope == scan.Regional, Checks: p.checks[o.name]}
		if o.of != "AWS::Account" && o.of != "AWS::Region" {
			c.PerResource = o.of
		}
		out = append(out, c)
	}
	return out
}

// Policy is the least IAM policy that allows the plan.
func (p *Plan) Policy() ([]byte, error) {
	actions := map[string]bool{}
	for _, o := range p.ops {
		for action := range strings.FieldsSeq(o.iamAction()) {
			actions[action] = true
		}
	}
	for _, action := range always {
		actions[action] = true
	}
	type statement struct {
		Sid, Effect string
		Action      []string
		Resource    string
	}
	return json.MarshalIndent(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"FobScan", "Allow", slices.Sorted(maps.Keys(actions)), "*"}}}, "", "  ")
}

// always is called in every scan, to find the regions.
var always = []string{"ec2:DescribeRegions", "account:ListRegions"}

// lists are the operations that list.
func (p *Plan) lists() (out []*operation) {
	for _, o := range p.ops {
		if o.list != nil {
			out = append(out, o)
		}
	}
	return out
}

// reads are the operations that fill fields of a type, in the order of the service's file.
func (p *Plan) reads(typ string) []*operation { return p.byType[typ] }

// has says whether an operation is planned.
func (p *Plan) has(op string) bool { return p.checks[op] != nil }

// names are the names of the operations, sorted.
func (p *Plan) names() (out []string) {
	for _, o := range p.ops {
		out = append(out, o.name)
	}
	slices.Sort(out)
	return out
}
