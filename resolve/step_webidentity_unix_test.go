//go:build unix

package resolve

import "testing"

// The paths are those of Unix.
func TestPlanWebIdentity(t *testing.T) {
	vars := map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/W"}
	const fromVars = "role arn:aws:iam::123456789012:role/W, with the token in /var/token (AssumeRoleWithWebIdentity)"
	const fromFile = "role arn:aws:iam::123456789012:role/A, with the token in /var/token (AssumeRoleWithWebIdentity)"
	with := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range []map[string]string{vars, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	region := "no region is configured"
	runPlans(t, []planCase{
		{name: "profile", config: "[profile p]\n" + inEast + arnA + tokenIn, want: fromFile},
		{name: "home", config: "[profile p]\n" + inEast + arnA + "web_identity_token_file = ~/tok\n", want: "role arn:aws:iam::123456789012:role/A, with the token in /h/tok (AssumeRoleWithWebIdentity)"},
		{name: "relative", config: "[profile p]\n" + inEast + arnA + "web_identity_token_file = tok\n", want: "role arn:aws:iam::123456789012:role/A, with the token in tok (AssumeRoleWithWebIdentity)",
			warn: []string{"config line 4: the path of the web identity token is relative"}},
		{name: "and source_profile", config: "[profile p]\n" + arnA + tokenIn + fromB, fail: "ConfigError: config line 4: … two sources: web_identity_token_file and source_profile"},
		{name: "and credential_source", config: "[profile p]\n" + arnA + tokenIn + fromIMDS, fail: "ConfigError: config line 4: … two sources"},
		{name: "without role", config: "[profile p]\n" + tokenIn, fail: "ConfigError: config line 2: … role_arn was missing"},
		{name: "as a source", config: "[profile p]\n" + inEast + arnB + fromB + "duration_seconds = 7200\n[profile b]\n" + arnA + tokenIn, want: fromFile + " > role/B 1 h", warn: []string{"caps a role"}},
		{name: "AWS_ROLE_ARN completes no profile", config: "[profile p]\n" + tokenIn, env: map[string]string{"AWS_ROLE_ARN": vars["AWS_ROLE_ARN"]}, fail: "ConfigError: config line 2: … role_arn was missing"},
		{name: "variables", env: vars, req: Request{Profile: "-"}, want: fromVars, warn: []string{region}},
		{name: "variables against AWS_PROFILE", config: "[profile p]\n" + pair, env: with(map[string]string{"AWS_PROFILE": "p"}), req: Request{Profile: "-"}, want: fromVars,
			warn: []string{"win over AWS_PROFILE", region}},
		{name: "variables against -p", config: "[profile p]\n" + pair, env: vars, want: "key AKIAP"},
		{name: "variables against keys", env: with(envKeys), req: Request{Profile: "-"}, want: "key AKIAENV"},
		{name: "token without role", env: map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/token"}, req: Request{Profile: "-"}, fail: "ConfigError: AWS_WEB_IDENTITY_TOKEN_FILE: … AWS_ROLE_ARN"},
		{name: "role that is none", env: with(map[string]string{"AWS_ROLE_ARN": "W"}), req: Request{Profile: "-"}, fail: "ConfigError: AWS_ROLE_ARN: … not an ARN"},
		{name: "bad session name", env: with(map[string]string{"AWS_ROLE_SESSION_NAME": "a b"}), req: Request{Profile: "-"}, fail: "ConfigError: AWS_ROLE_SESSION_NAME: "},
	})
}
