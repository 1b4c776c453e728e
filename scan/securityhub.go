package scan

// SecurityHub is what a region's Security Hub says of itself. Absent means that it is
// not enabled.
type SecurityHub struct{ HubArn, SubscribedAt string }

func securityhubChecks() []Check {
	return []Check{
		Each(regions, Check{
			ID: "securityhub-enabled", Title: "Security Hub off in region", Severity: Low,
			Service: "securityhub", Type: "AWS::Region",
			Why:   "Findings of the other services stay apart, and nobody sees when a setting goes wrong.",
			Fix:   "Enable Security Hub in the region, or from the delegated administrator for the whole organization.",
			Refs:  []string{"cis-3.0:4.16", "cis-5.0:4.16", "cis-7.0:5.16"},
			Needs: []string{"SecurityHub"},
		}, func(r *Region, _ *Params) Verdict {
			if r.SecurityHub.Present() {
				return Pass("Security Hub is enabled since %s", r.SecurityHub.V.SubscribedAt)
			}
			return Fail("Security Hub is not enabled").At("SecurityHub", nil)
		}),
	}
}
