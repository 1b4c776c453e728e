package cli

import (
	"slices"

	"fob/resolve"
	"fob/shell"
)

// The variables that fob env owns.
const (
	varKeyID   = "AWS_ACCESS_KEY_ID"
	varSecret  = "AWS_SECRET_ACCESS_KEY"
	varToken   = "AWS_SESSION_TOKEN"
	varExpires = "AWS_CREDENTIAL_EXPIRATION"
	varAccount = "AWS_ACCOUNT_ID"
	varRegion  = "AWS_REGION"
	varRegion2 = "AWS_DEFAULT_REGION"

	varSecurityToken = "AWS_SECURITY_TOKEN"
	varAWSProfile    = "AWS_PROFILE"
	varAWSProfile2   = "AWS_DEFAULT_PROFILE"
)

var envVariables = []string{varKeyID, varSecret, varToken, varExpires, varAccount, varRegion, varRegion2}

// staleVariables would win over the new ones or contradict them. What SDKs ask only
// after these, such as AWS_ROLE_ARN with a token file, does neither.
var staleVariables = []string{varSecurityToken, varAWSProfile, varAWSProfile2}

// envVars takes away what would contradict the new credentials, then sets them.
func envVars(plan *resolve.Plan, c resolve.Credentials) []shell.Var {
	return unsetFirst(append(awsVars(plan, c), shell.Unset(useVariables...)...))
}

// awsVars are the variables that SDKs read.
func awsVars(plan *resolve.Plan, c resolve.Credentials) []shell.Var {
	region := exportedRegion(plan)
	return unsetFirst(append(shell.Unset(staleVariables...), slices.Concat(credentialVars(c), []shell.Var{
		optional(varRegion, region), optional(varRegion2, region),
	})...))
}

func credentialVars(c resolve.Credentials) []shell.Var {
	expires := ""
	if !c.Expires.IsZero() {
		expires = c.Expires.UTC().Format("2006-01-02T15:04:05Z")
	}
	return []shell.Var{
		hidden(varKeyID, c.AccessKeyID), hidden(varSecret, c.Secret.Reveal()), hidden(varToken, c.Token.Reveal()),
		optional(varExpires, expires), optional(varAccount, accountOf(c)),
	}
}

// optional is a variable that is taken away when it has no value.
func optional(name, value string) shell.Var {
	return shell.Var{Name: name, Value: value, Unset: value == ""}
}

// hidden is optional for what a CI system's log must not show.
func hidden(name, value string) shell.Var {
	v := optional(name, value)
	v.Secret = true
	return v
}

// exportedRegion is the region for the shell; "" when nobody chose one.
func exportedRegion(plan *resolve.Plan) string {
	switch {
	case plan.RegionFrom == (resolve.Origin{}):
		return ""
	case plan.RegionFrom.Name != "--region" && plan.ProfileRegion != "":
		return plan.ProfileRegion // AWS_REGION may be of the profile before
	}
	return plan.Service.Region
}

// accountOf is the account's id, "" when it is not known or not one: another
// program may have given it.
func accountOf(c resolve.Credentials) string {
	if len(c.AccountID) != 12 || !consistsOf(c.AccountID, "0123456789") {
		return ""
	}
	return c.AccountID
}

func unsetFirst(vars []shell.Var) []shell.Var {
	slices.SortStableFunc(vars, func(x, y shell.Var) int { return b2i(y.Unset) - b2i(x.Unset) })
	return vars
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// unsetVars takes away all that fob sets in a shell.
func unsetVars() []shell.Var {
	return shell.Unset(slices.Concat(staleVariables, envVariables, useVariables)...)
}
