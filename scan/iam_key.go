package scan

import (
	"fmt"
	"time"
)

func iamKeyChecks() []Check {
	reads := []string{"CredentialReport"}
	return []Check{
		Many(reportedUsers, Check{
			ID: "iam-user-key-unused", Title: "Active access key unused for 45 days", Severity: Medium,
			Service: "iam", Type: "AWS::IAM::User",
			Why:   "Nobody notices when a forgotten key is used by somebody else.",
			Fix:   "Deactivate the key, and delete it once nothing misses it.",
			Refs:  []string{"cis-1.2:1.3", "cis-3.0:1.12", "cis-5.0:1.11", "cis-7.0:2.11", "fsbp:IAM.8", "fsbp:IAM.22", "scoutsuite:iam-unused-credentials-not-disabled"},
			Reads: reads,
		}, reported(userKeyUnused)),
		Many(reportedUsers, Check{
			ID: "iam-user-key-age", Title: "Active access key older than 90 days", Severity: Medium,
			Service: "iam", Type: "AWS::IAM::User",
			Why:   "The longer a key lives, the more places it has been written to.",
			Fix:   "Replace the key by short-lived credentials of a role, or rotate it.",
			Refs:  []string{"cis-1.2:1.4", "cis-3.0:1.14", "cis-5.0:1.13", "cis-7.0:2.12", "fsbp:IAM.3", "scoutsuite:iam-user-no-key-rotation"},
			Reads: reads,
		}, reported(userKeyAge)),
	}
}

// eachKey asks a question of every active key that the report has.
func eachKey(r *ReportRow, ask func(ReportKey, string) Verdict) (out []Verdict) {
	for i, k := range r.Keys {
		if k.Active {
			out = append(out, ask(k, fmt.Sprintf("CredentialReport.access_key_%d_", i+1)).For(fmt.Sprintf("key %d", i+1)))
		}
	}
	if r.Further != "" {
		out = append(out, furtherKeys(r).For("further keys"))
	}
	if out == nil {
		return []Verdict{NotApplicable("the user has no active access key")}
	}
	return out
}

func furtherKeys(r *ReportRow) Verdict {
	return UnknownHere("the user has keys or certificates that the credential report leaves out: %s", r.Further).At("CredentialReport.additional_credentials_info", r.Further)
}

func userKeyUnused(r *ReportRow, p *Params) []Verdict {
	limit := p.Days("days", 45)
	return eachKey(r, func(k ReportKey, path string) Verdict {
		last, column := k.Used, "last_used_date"
		if last.IsZero() {
			last, column = k.since(r), "last_rotated"
		}
		if p.OlderThan(last.Time, limit) {
			return Fail("the key was not used for %d days: last use %s, made on %s", limit/(24*time.Hour), k.Used, k.since(r)).At(path+column, last.String())
		}
		return Pass("the key was used or made on %s", last)
	})
}

func userKeyAge(r *ReportRow, p *Params) []Verdict {
	limit := p.Days("days", 90)
	return eachKey(r, func(k ReportKey, path string) Verdict {
		made := k.since(r)
		if p.OlderThan(made.Time, limit) {
			return Fail("the key was made on %s, over %d days ago", made, limit/(24*time.Hour)).At(path+"last_rotated", made.String())
		}
		return Pass("the key was made on %s", made)
	})
}

// since is when the key was made; it is no older than its user.
func (k ReportKey) since(r *ReportRow) Moment {
	if k.Rotated.IsZero() {
		return r.Created
	}
	return k.Rotated
}
