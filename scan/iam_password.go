package scan

// PasswordPolicy is what IAM demands of users' passwords.
type PasswordPolicy struct {
	MinimumPasswordLength   int
	PasswordReusePrevention int // generations; 0 is off
}

func iamPasswordChecks() []Check {
	return []Check{
		Each(accounts, Check{
			ID: "iam-password-min-length", Title: "Password policy minimum length under 14", Severity: Medium,
			Service: "iam", Type: "AWS::Account",
			Why:   "Short passwords are guessed, and cracked once they leak.",
			Fix:   "Set a password policy with a minimum length of 14 or more.",
			Refs:  []string{"cis-1.2:1.9", "cis-3.0:1.8", "cis-5.0:1.7", "cis-7.0:2.8", "fsbp:IAM.7", "fsbp:IAM.15", "scoutsuite:iam-password-policy-minimum-length"},
			Needs: []string{"PasswordPolicy"}, Reads: []string{"CredentialReport"},
		}, passwordLength),
		Each(accounts, Check{
			ID: "iam-password-reuse", Title: "Password reuse not prevented for 24 generations", Severity: Medium,
			Service: "iam", Type: "AWS::Account",
			Why:   "A user who goes back to an old password goes back to one that may have leaked.",
			Fix:   "Set a password policy that remembers 24 passwords.",
			Refs:  []string{"cis-1.2:1.10", "cis-3.0:1.9", "cis-5.0:1.8", "cis-7.0:2.9", "fsbp:IAM.16", "scoutsuite:iam-password-policy-reuse-enabled"},
			Needs: []string{"PasswordPolicy"},
		}, passwordReuse),
	}
}

// passwordLength matters little where nobody has a password.
func passwordLength(a *Account, p *Params) Verdict {
	const least = 14
	v := Fail("there is no password policy").At("PasswordPolicy", nil)
	if a.PasswordPolicy.Present() {
		length := a.PasswordPolicy.V.MinimumPasswordLength
		if length >= least {
			return Pass("passwords have %d characters at least", length)
		}
		v = Fail("passwords may have %d characters", length).At("PasswordPolicy.MinimumPasswordLength", length)
	}
	if report := a.CredentialReport; report.Present() && report.V.ConsoleUsers == 0 {
		v.Message += "; no user has a password"
		return v.As(Info)
	}
	return v
}

func passwordReuse(a *Account, _ *Params) Verdict {
	const least = 24
	if !a.PasswordPolicy.Present() {
		return Fail("there is no password policy").At("PasswordPolicy", nil)
	}
	kept := a.PasswordPolicy.V.PasswordReusePrevention
	switch {
	case kept >= least:
		return Pass("the last %d passwords cannot be used again", kept)
	case kept == 0:
		return Fail("old passwords can be used again").At("PasswordPolicy.PasswordReusePrevention", kept)
	}
	return Fail("only the last %d passwords cannot be used again", kept).At("PasswordPolicy.PasswordReusePrevention", kept)
}
