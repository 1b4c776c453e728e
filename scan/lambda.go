package scan

import (
	"fmt"
	"slices"

	"fob/scan/policy"
)

// Function is a Lambda function.
type Function struct {
	Resource
	PackageType string // Zip, Image
	Runtime     string // "python3.13"; "" for an image
	Environment []EnvironmentValue
	// EnvironmentError says why the variables could not be read, which are encrypted.
	EnvironmentError *struct{ ErrorCode string }

	// Policy is the function's own; versions and aliases may have others. It is absent for
	// a function that only its own account may use.
	Policy Val[policy.Document] `op:"lambda:GetPolicy"`
	// URLs are those of its aliases, too.
	URLs Val[[]FunctionURL] `op:"lambda:ListFunctionUrlConfigs"`
	// AliasPolicies are those of aliases that have a URL and a policy.
	AliasPolicies Val[[]AliasPolicy] `op:"lambda:GetAliasPolicy"`
}

// AliasPolicy is the policy of one of a function's aliases.
type AliasPolicy struct {
	FunctionArn string // with the alias at its end
	Policy      policy.Document
}

// FunctionURL is an HTTPS address that calls a function, or one of its aliases.
type FunctionURL struct {
	FunctionUrl, FunctionArn string
	AuthType                 string // AWS_IAM, NONE
}

var functions = newKind[Function]("AWS::Lambda::Function", "lambda", Regional, "lambda:ListFunctions")

func lambdaKinds() []*Kind { return []*Kind{functions.Kind} }

func lambdaChecks() []Check {
	return []Check{
		Each(functions, Check{
			ID: "lambda-public", Title: "Function can be invoked by anyone", Severity: Critical,
			Service: "lambda", Type: "AWS::Lambda::Function",
			Why:   "Anybody can run the function with any input, and with the rights of its role; through a service as well, if the statement does not say for which account it acts.",
			Fix:   "Name the accounts that may invoke it; where a service does, demand aws:SourceArn or aws:SourceAccount.",
			Refs:  []string{"cis-7.0:2.21", "fsbp:Lambda.1"},
			Needs: []string{"Policy"},
		}, lambdaPublic),
		Each(functions, Check{
			ID: "lambda-url-open", Title: "Function URL without authentication", Severity: High,
			Service: "lambda", Type: "AWS::Lambda::Function",
			Why:   "Whoever learns the address runs the function; nothing but its own code asks who calls.",
			Fix:   "Set the URL's authentication to AWS_IAM and name who may call it, or put CloudFront with access control in front; if it is meant for everyone, except it with a reason.",
			Needs: []string{"Policy", "URLs"}, Reads: []string{"AliasPolicies"},
		}, lambdaURLOpen),
		Each(functions, Check{
			ID: "lambda-env-secret", Title: "Secret-like value in function environment", Severity: High,
			Service: "lambda", Type: "AWS::Lambda::Function",
			Why: "Everyone who may look at the function's configuration reads the secret, and it stays in old versions.",
			Fix: "Treat the secret as disclosed and replace it; keep the new one in Secrets Manager or Parameter Store, and read it at start.",
		}, lambdaEnvironment),
		Each(functions, Check{
			ID: "lambda-runtime-eol", Title: "Function runtime deprecated", Severity: Medium,
			Service: "lambda", Type: "AWS::Lambda::Function",
			Why:  "AWS closes no more holes in the runtime, and at some time the function can no longer be changed.",
			Fix:  "Move the function to a runtime that is still supported.",
			Refs: []string{"fsbp:Lambda.2"},
		}, lambdaRuntime),
	}
}

// lambdaPublic: statements for function URLs alone have a check of their own.
func lambdaPublic(f *Function, _ *Params) Verdict {
	if !f.Policy.Present() {
		return Pass("the function has no policy")
	}
	q := policy.Query{Binding: []string{"lambda:eventsourcetoken", "lambda:invokedviafunctionurl"}}
	open := slices.DeleteFunc(f.Policy.V.Public(q), func(g policy.Grant) bool {
		return !slices.ContainsFunc(g.Actions, func(a string) bool { return !policy.Within(a, urlAction) })
	})
	if len(open) > 0 {
		return openThrough("Policy", open)
	}
	for _, party := range f.Policy.V.Parties(policy.Query{Actions: []string{"lambda:invokefunction"}}) {
		if s := party.Principal; s.Kind == "Service" && !party.Demands.Bind(q.Binding...) && !actsInsideAccount(s.Name) {
			return Fail("statement %s lets %s invoke the function whoever it acts for", statementName(party.Grant), s.Name).
				At(statementPath("Policy", party.Statement), s.Name).As(High)
		}
	}
	return Pass("the policy lets neither everyone nor a service that acts for anybody invoke the function, but for its URL")
}

// actsInsideAccount: these services invoke functions of the account alone that they were
// set up in, so that nobody else can have them do it. As of 2026, after the docs of
// secret rotation and of load balancers' targets.
func actsInsideAccount(service string) bool {
	return service == "secretsmanager.amazonaws.com" || service == "elasticloadbalancing.amazonaws.com"
}

func lambdaEnvironment(f *Function, _ *Params) Verdict {
	if e := f.EnvironmentError; e != nil {
		return Unknown(&ReadError{Op: "lambda:ListFunctions", Action: "kms:Decrypt", Resource: f.ARN, Region: f.Region, Why: Denied, Code: e.ErrorCode})
	}
	var names []string
	v := Fail("")
	for n, e := range f.Environment {
		if len(e.Secrets) > 0 {
			names = append(names, fmt.Sprintf("%s (%s)", e.Name, e.Secrets[0].Rule))
			v = v.At(fmt.Sprintf("Environment[%d]", n), maskedEvidence(e.Secrets))
		}
	}
	if len(names) == 0 {
		return Pass("no environment value looks like a secret")
	}
	v.Message = "in clear: " + someNames(names)
	return v
}
