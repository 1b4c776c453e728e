package cli

import (
	"cmp"
	"slices"
	"strings"

	"fob/resolve"
	"fob/shell"
)

// isCredentialVariable says whether an AWS SDK would take credentials, or where
// they come from, from a variable. Old and rare names count: whatever is left
// may win over the credentials that were asked for.
func isCredentialVariable(name string) bool {
	switch name {
	case varKeyID, varSecret, varToken, varExpires,
		"AWS_SECURITY_TOKEN", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_CREDENTIAL_SCOPE", "AWS_SESSION_EXPIRATION", // older names
		"AMAZON_ACCESS_KEY_ID", "AMAZON_SECRET_ACCESS_KEY", "AMAZON_SESSION_TOKEN", // Ruby
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCOUNT_ID",
		"AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_IAM_ROLE_ARN", "AWS_IAM_ROLE_SESSION_NAME",
		"AWS_WEB_IDENTITY_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_CREDENTIAL_FILE": // botocore: key and secret of the old EC2 tools
		return true
	}
	for _, prefix := range []string{"AWS_CONTAINER_CREDENTIALS_", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_BEARER_TOKEN_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// childEnv is an environment for what fob exec runs: the caller's without AWS
// credentials and without the passphrase of fob's vault, and the variables of the
// lists, of which the later counts.
func childEnv(environ []string, lists ...[]shell.Var) []string {
	vars := map[string]shell.Var{}
	for _, v := range slices.Concat(lists...) {
		vars[v.Name] = v
	}
	env := slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		name = strings.ToUpper(name) // Windows knows no letter case
		_, replaced := vars[name]
		return replaced || isCredentialVariable(name) || strings.HasPrefix(name, "FOB_PASSPHRASE")
	})
	for _, v := range slices.Concat(lists...) {
		if last, ok := vars[v.Name]; ok && !last.Unset {
			env = append(env, last.Name+"="+last.Value)
		}
		delete(vars, v.Name)
	}
	return env
}

// ownVars tell the prompt of a shell, and its hook, what the credentials are. The
// state lets the hook renew them; without credentials there is nothing to renew.
func (a *app) ownVars(plan *resolve.Plan, c resolve.Credentials, role roleFlags) []shell.Var {
	name := cmp.Or(plan.Profile, plan.Chosen)
	vars := []shell.Var{
		{Name: varExec, Value: "1"},
		{Name: "FOB_PROMPT", Unset: true}, // of the shell outside
		optional(varProfile, name), untilVar(c), optional(varProtected, flag(a.protected(plan.Profile))),
	}
	if plan.Profile != "" && c.AccessKeyID != "" {
		vars = append(vars, shell.Var{Name: varState, Value: a.stateAfter(plan, c, role).String()})
	}
	return vars
}

// regionVars are the variables of fob env without the credentials.
func regionVars(plan *resolve.Plan) []shell.Var {
	return slices.DeleteFunc(envVars(plan, resolve.Credentials{}), func(v shell.Var) bool { return isCredentialVariable(v.Name) })
}
