package scan

import (
	"strings"
	"time"
)

func iamRoleChecks() []Check {
	return []Check{
		Each(roles, Check{
			ID: "iam-role-unused", Title: "Role unused for 90 days", Severity: Low,
			Service: "iam", Type: "AWS::IAM::Role",
			Why:  "A role that nobody misses is a way in that nobody watches.",
			Fix:  "Delete the role, or deny all to it first and see who complains.",
			Refs: []string{"scoutsuite:iam-ec2-role-without-instances"},
		}, roleUnused),
		Each(roles, Check{
			ID: "iam-role-admin-external", Title: "Admin role trusts an outside account", Severity: Critical,
			Service: "iam", Type: "AWS::IAM::Role",
			Why:   "Whoever takes over the other account has this one, too.",
			Fix:   "Take the administration from the role, or the outside account from its trust.",
			Needs: []string{"AssumeRolePolicyDocument"}, Reads: organizationFacts(),
		}, roleAdminExternal),
	}
}

func roleUnused(r *Role, p *Params) Verdict {
	if serviceLinked(r.ARN) || strings.HasPrefix(r.Name, "AWSReservedSSO_") {
		return NotApplicable("AWS makes and uses the role itself")
	}
	limit := p.Days("days", 90)
	used, created := r.RoleLastUsed.LastUsedDate, r.CreateDate
	switch {
	case !used.IsZero() && p.OlderThan(used, limit):
		return Fail("the role was last used on %s, over %d days ago", used.UTC().Format(time.DateOnly), limit/(24*time.Hour)).At("RoleLastUsed.LastUsedDate", used)
	case !used.IsZero():
		return Pass("the role was used on %s", used.UTC().Format(time.DateOnly))
	case created.IsZero():
		return Unknown(notThere("CreateDate"))
	case p.OlderThan(created, limit):
		return Fail("the role was not used since IAM keeps account of it, and made on %s", created.UTC().Format(time.DateOnly)).At("RoleLastUsed", nil).At("CreateDate", created)
	}
	return Pass("the role is new: made on %s", created.UTC().Format(time.DateOnly))
}

func roleAdminExternal(r *Role, p *Params) Verdict {
	e := p.effective(Find[Identity](p.Facts, r.ARN))
	outside := p.outside(&r.AssumeRolePolicyDocument.V)
	switch {
	case len(e.unread) == 0 && e.admin == nil:
		return Pass("the role may not do everything")
	case len(outside.foreign) == 0 && len(outside.unread) == 0:
		return Pass("the role trusts nobody outside")
	case len(e.unread) > 0:
		return Unknown(e.unread...)
	case len(outside.foreign) == 0:
		return Unknown(outside.unread...)
	}
	return outside.fail("the role may do everything, and trusts %s").refs(e.admin)
}
