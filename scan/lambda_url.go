package scan

import (
	"fmt"
	"slices"

	"fob/scan/policy"
)

// urlAction is what a caller of a function URL needs. Since October 2025 new URLs need
// lambda:InvokeFunction as well; older ones work without.
const urlAction = "lambda:invokefunctionurl"

// OpenURL returns the statements of a function's policy that let everyone call its URL,
// where it has one.
func OpenURL(d *policy.Document) []policy.Grant {
	return d.Public(policy.Query{Actions: []string{urlAction}})
}

func lambdaURLOpen(f *Function, _ *Params) Verdict {
	var open []policy.Grant
	if f.Policy.Present() {
		open = OpenURL(&f.Policy.V)
	}
	switch {
	case len(open) == 0:
		return Pass("the policy of the function does not let everyone call a URL; those of its aliases are not read")
	case !f.URLs.Present():
		return Unknown(orNotPlanned(f.URLs.Err))
	case len(f.URLs.V) == 0:
		return Pass("the function has no URL, although its policy would let everyone call one")
	}
	aliased := ""
	for n, u := range f.URLs.V {
		callers := "anybody"
		if u.AuthType != "NONE" {
			callers = "anybody with an AWS account of his own"
		}
		if u.FunctionArn != f.ARN {
			if u.AuthType == "NONE" {
				aliased = u.FunctionUrl
			}
		} else if g := grantFor(&f.Policy.V, open, u.AuthType); g != nil {
			return Fail("%s may call %s", callers, u.FunctionUrl).
				At(fmt.Sprintf("URLs[%d].AuthType", n), u.AuthType).At(statementPath("Policy", g.Statement), g.Written)
		}
	}
	if aliased != "" {
		return UnknownHere("%s asks for no authentication; whether everyone may call it stands in the policy of an alias, which is not read", aliased)
	}
	return Pass("the policy of the function does not let everyone call its URL")
}

// grantFor returns the first grant that is about URLs with a kind of authentication.
func grantFor(d *policy.Document, open []policy.Grant, authType string) *policy.Grant {
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
