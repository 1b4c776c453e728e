package scan

// AlternateContact is whom AWS writes to beside the owner of the account.
type AlternateContact struct{ Name, Title, EmailAddress string }

func accountChecks() []Check {
	return []Check{
		Each(accounts, Check{
			ID: "account-security-contact", Title: "No security alternate contact", Severity: Medium,
			Service: "account", Type: "AWS::Account",
			Why:   "AWS's warnings of leaked keys and abuse go to the mailbox of the root user, which often nobody reads.",
			Fix:   "Register the security team as the account's alternate security contact.",
			Refs:  []string{"cis-1.2:1.18", "cis-3.0:1.2", "cis-5.0:1.2", "cis-7.0:2.3", "fsbp:Account.1"},
			Needs: []string{"SecurityContact"},
		}, func(a *Account, _ *Params) Verdict {
			if a.SecurityContact.Present() {
				return Pass("a security contact is registered")
			}
			return Fail("no security contact is registered").At("SecurityContact", nil)
		}),
	}
}
