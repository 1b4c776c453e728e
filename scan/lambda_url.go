package scan

import (
	"fmt"
	"slices"

	"fob/scan/policy"
)

// urlAction is what a caller of a function URL needs. Since October 2025 new URLs need
// lambda:InvokeFunction as well; older ones work without.
const urlAction = "lambda:invokefunctionurl"

func lambdaURLOpen(f *Function, _ *Params) Verdict {
	unread := false
	for n, u := range f.URLs.V {
		where, d := "Policy", &f.Policy.V
		if u.FunctionArn != f.ARN {
			where, d = aliasPolicy(f, u.FunctionArn)
			unread = unread || !f.AliasPolicies.Present()
		}
		if d == nil {
			continue
		}
		if g := grantFor(d, u.AuthType); g != nil {
			callers := "anybody"
			if u.AuthType != "NONE" {
				callers = "anybody with an AWS account"
			}
			return Fail("%s may call %s", callers, u.FunctionUrl).
				At(fmt.Sprintf("URLs[%d].AuthType", n), u.AuthType).At(statementPath(where, g.Statement), g.Written)
		}
	}
	switch {
	case unread:
		return Unknown(orNotPlanned(f.AliasPolicies.Err))
	case len(f.URLs.V) == 0:
		return Pass("the function has no URL")
	}
	return Pass("no policy lets everyone call a URL of the function")
}

// aliasPolicy returns the policy of an alias and where it stands; nil if it has none, or
// if none was read.
func aliasPolicy(f *Function, arn string) (string, *policy.Document) {
	for n := range f.AliasPolicies.V {
		if a := &f.AliasPolicies.V[n]; a.FunctionArn == arn {
			return fmt.Sprintf("AliasPolicies[%d].Policy", n), &a.Policy
		}
	}
	return "", nil
}

// grantFor returns the first grant that lets everyone call URLs with a kind of
// authentication.
func grantFor(d *policy.Document, authType string) *policy.Grant {
	open := d.Public(policy.Query{Actions: []string{urlAction}})
	for i := range open {
		conditions := d.Statements[open[i].Statement].Conditions
		other := func(c policy.Condition) bool {
			return c.Key == "lambda:functionurlauthtype" && !c.IfExists && c.Operator == "stringequals" && !slices.Contains(c.Values, authType)
		}
		if !slices.ContainsFunc(conditions, other) {
			return &open[i]
		}
	}
	return nil
}
