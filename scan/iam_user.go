package scan

import "time"

func iamUserChecks() []Check {
	reads := []string{"CredentialReport"}
	return []Check{
		Many(reportedUsers, Check{
			ID: "iam-user-console-mfa", Title: "Console user without MFA", Severity: High,
			Service: "iam", Type: "AWS::IAM::User",
			Why:   "A guessed or stolen password is enough to sign in as this user.",
			Fix:   "Have the user register MFA, and deny what is done without it; or remove the password.",
			Refs:  []string{"cis-1.2:1.2", "cis-3.0:1.10", "cis-5.0:1.9", "cis-7.0:2.10", "fsbp:IAM.5", "fsbp:IAM.19", "scoutsuite:iam-user-without-mfa"},
			Reads: reads,
		}, reported(userConsoleMFA)),
		Many(reportedUsers, Check{
			ID: "iam-user-password-unused", Title: "Console password unused for 45 days", Severity: Medium,
			Service: "iam", Type: "AWS::IAM::User",
			Why:   "Nobody notices when a forgotten password is used by somebody else.",
			Fix:   "Remove the user's password, or the user.",
			Refs:  []string{"cis-1.2:1.3", "cis-3.0:1.12", "cis-5.0:1.11", "cis-7.0:2.11", "fsbp:IAM.8", "fsbp:IAM.22", "scoutsuite:iam-unused-credentials-not-disabled"},
			Reads: reads,
		}, reported(userPasswordUnused)),
		Many(reportedUsers, Check{
			ID: "iam-user-two-keys", Title: "User has two active access keys", Severity: Low,
			Service: "iam", Type: "AWS::IAM::User",
			Why:   "The second key is for the time of a rotation; what stays doubles what can leak.",
			Fix:   "Finish the rotation: deactivate the older key, and delete it once nothing misses it.",
			Refs:  []string{"cis-3.0:1.13", "cis-5.0:1.12", "scoutsuite:iam-user-with-multiple-access-keys"},
			Reads: reads,
		}, reported(userTwoKeys)),
		Each(users, Check{
			ID: "iam-user-direct-policy", Title: "Policies attached straight to a user", Severity: Low,
			Service: "iam", Type: "AWS::IAM::User",
			Why:   "Permissions of single users are lost sight of, and stay when their work changes.",
			Fix:   "Give the permissions to a group or a role, and take them from the user.",
			Refs:  []string{"cis-1.2:1.16", "cis-3.0:1.15", "cis-5.0:1.14", "cis-7.0:2.13", "fsbp:IAM.2", "scoutsuite:iam-user-with-policies", "scoutsuite:iam-human-user-with-policies"},
			Reads: []string{"InlinePolicies", "AttachedManagedPolicies"},
		}, userDirectPolicy),
	}
}

// reported asks a question of a user's row in the credential report. The report may be
// four hours old, so that it need not know every user.
func reported(ask func(*ReportRow, *Params) []Verdict) func(*ReportedUser, *Params) []Verdict {
	return func(u *ReportedUser, p *Params) []Verdict {
		err := u.CredentialReport.Err
		switch {
		case u.CredentialReport.Present():
			return ask(&u.CredentialReport.V, p)
		case err == nil || err.Why == NotPlanned:
			return []Verdict{UnknownHere("the credential report does not have the user; AWS makes a new one every four hours at most")}
		}
		return []Verdict{Unknown(err)}
	}
}

// gone says whether IAM's details do not have a user whom the credential report still
// has: it was deleted since.
func gone(details interface{ known() (State, *ReadError) }) bool {
	state, err := details.known()
	return state == Unread && (err == nil || err.Why == NotPlanned)
}

func userConsoleMFA(r *ReportRow, _ *Params) []Verdict {
	switch {
	case !r.Password:
		return []Verdict{NotApplicable("the user has no password")}
	case r.MFA:
		return []Verdict{Pass("the user has MFA")}
	}
	return []Verdict{Fail("the user has a password and no MFA").At("CredentialReport.mfa_active", "false")}
}

func userPasswordUnused(r *ReportRow, p *Params) []Verdict {
	if !r.Password {
		return []Verdict{NotApplicable("the user has no password")}
	}
	limit := p.Days("days", 45)
	last := newestMoment(r.PasswordUsed, r.PasswordChanged)
	if last.IsZero() {
		last = r.Created
	}
	if !p.OlderThan(last.Time, limit) {
		return []Verdict{Pass("the password was used or set on %s", last)}
	}
	return []Verdict{Fail("the password was not used for %d days: last use %s, set on %s", limit/(24*time.Hour), r.PasswordUsed, r.PasswordChanged).
		At("CredentialReport.password_last_used", r.PasswordUsed.String())}
}

func userTwoKeys(r *ReportRow, _ *Params) []Verdict {
	if r.Keys[0].Active && r.Keys[1].Active {
		return []Verdict{Fail("both access keys are active").At("CredentialReport.access_key_1_active", "true").At("CredentialReport.access_key_2_active", "true")}
	}
	if r.Further != "" {
		return []Verdict{furtherKeys(r)}
	}
	return []Verdict{Pass("no more than one access key is active")}
}

func userDirectPolicy(u *User, _ *Params) Verdict {
	if gone(&u.AttachedManagedPolicies) {
		return Verdict{}
	}
	if attached := attachedNames(u.AttachedManagedPolicies.V); len(attached) > 0 {
		return Fail("policies are attached to the user: %s", firstOf(attached)).At("AttachedManagedPolicies", attached)
	}
	switch names := inlineNames(u.InlinePolicies.V); {
	case len(names) > 0:
		return Fail("the user has inline policies: %s", firstOf(names)).At("InlinePolicies", names)
	case !u.AttachedManagedPolicies.Known():
		return Unknown(u.AttachedManagedPolicies.Err)
	case !u.InlinePolicies.Known():
		return Unknown(u.InlinePolicies.Err)
	}
	return Pass("the user has no policies of its own")
}

func inlineNames(list []InlinePolicy) (names []string) {
	for _, p := range list {
		names = append(names, p.PolicyName)
	}
	return names
}

func attachedNames(list []AttachedPolicy) (arns []string) {
	for _, a := range list {
		arns = append(arns, a.PolicyArn)
	}
	return arns
}
