package scan

import (
	"fmt"
	"strconv"

	"fob/scan/policy"
)

// openPolicy judges the policy of a resource, which lies in a field of its record: it
// fails if the policy lets everyone do what the query asks about.
func openPolicy(field string, doc Val[policy.Document], q policy.Query) Verdict {
	if doc.State == Absent {
		return Pass("the resource has no policy")
	}
	open := doc.V.Public(q)
	if len(open) == 0 {
		return Pass("no statement of the policy is open to everyone")
	}
	return openThrough(field, open)
}

// openThrough fails for what lets everyone in, which there is.
func openThrough(field string, open []policy.Grant) Verdict {
	v := Fail("%s", openTo(open))
	for _, g := range open {
		v = v.At(statementPath(field, g.Statement), g.Written)
	}
	return v
}

// statementPath is where a statement stands in the record of a resource.
func statementPath(field string, statement int) string {
	return fmt.Sprintf("%s.Statement[%d]", field, statement)
}

// openTo says what grants let everyone do: "everyone may call s3:GetObject (statement
// Read)".
func openTo(grants []policy.Grant) string {
	var actions, statements []string
	for _, g := range grants {
		for _, a := range g.Written {
			if !contains(actions, a) {
				actions = append(actions, a)
			}
		}
		statements = append(statements, statementName(g))
	}
	what := "call " + someNames(actions)
	if contains(actions, "*") || contains(actions, "*:*") {
		what = "do anything"
	}
	return "everyone may " + what + " (statement " + someNames(statements) + ")"
}

// statementName is a statement's own name, or else its number.
func statementName(g policy.Grant) string {
	if g.Sid != "" {
		return g.Sid
	}
	return strconv.Itoa(g.Statement)
}

// badAnswer is for an answer of AWS that lacks what it always has, or has it in a form
// that nobody knows.
func badAnswer(op string, r *Resource, what string) Verdict {
	return Unknown(&ReadError{Op: op, Action: op, Resource: r.ARN, Region: r.Region, Why: Failed, Code: "bad-answer: " + what})
}
