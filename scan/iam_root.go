package scan

import (
	"fmt"
	"strings"
	"time"
)

func iamRootChecks() []Check {
	const report, summary = "CredentialReport", "Summary"
	return []Check{
		Each(accounts, Check{
			ID: "iam-root-access-key", Title: "Root user has an access key", Severity: Critical,
			Service: "iam", Type: "AWS::Account",
			Why:   "Whoever finds the key may do everything in the account, and no policy stops it.",
			Fix:   "Delete the root user's access keys; give programs a role.",
			Refs:  []string{"cis-1.2:1.12", "cis-3.0:1.4", "cis-5.0:1.3", "cis-7.0:2.4", "fsbp:IAM.4", "scoutsuite:iam-root-account-with-active-keys"},
			Reads: []string{report, summary},
		}, rootAccessKey),
		Each(accounts, Check{
			ID: "iam-root-signing-cert", Title: "Root user holds an active X.509 signing certificate", Severity: High,
			Service: "iam", Type: "AWS::Account",
			Why:   "A signing certificate is a long-lived credential of the root user, for interfaces that are hardly used any more.",
			Fix:   "Sign in as root and delete the signing certificates.",
			Refs:  []string{"scoutsuite:iam-root-account-with-active-certs"},
			Reads: []string{report, summary},
		}, rootSigningCertificate),
		Each(accounts, Check{
			ID: "iam-root-mfa", Title: "Root user can sign in without MFA", Severity: Critical,
			Service: "iam", Type: "AWS::Account",
			Why:   "A guessed or stolen password is enough to take over the account.",
			Fix:   "Enable MFA for the root user, or remove its password by central management of root access.",
			Refs:  []string{"cis-1.2:1.13", "cis-3.0:1.5", "cis-5.0:1.4", "cis-7.0:2.5", "fsbp:IAM.9", "scoutsuite:iam-root-account-no-mfa"},
			Needs: []string{summary},
		}, rootMFA),
		Each(accounts, Check{
			ID: "iam-root-hardware-mfa", Title: "Root MFA is a virtual device", Severity: Medium,
			Service: "iam", Type: "AWS::Account",
			Why:   "The secret of a virtual device can be copied from a phone, its backup, or the screen.",
			Fix:   "Enable a security key for the root user, and remove the virtual device.",
			Refs:  []string{"cis-1.2:1.14", "cis-3.0:1.6", "cis-5.0:1.5", "cis-7.0:2.6", "fsbp:IAM.6", "scoutsuite:iam-root-account-no-hardware-mfa"},
			Needs: []string{summary},
			Reads: []string{"AWS::IAM::VirtualMFADevice"},
		}, rootHardwareMFA),
		Each(accounts, Check{
			ID: "iam-root-recent-use", Title: "Root user was used recently", Severity: High,
			Service: "iam", Type: "AWS::Account",
			Why:   "Daily work as root has no limits and nobody's name on it.",
			Fix:   "Find out who used it and what for; use roles, and root for nothing but what only root can do.",
			Refs:  []string{"cis-1.2:1.1", "cis-3.0:1.7", "cis-5.0:1.6", "cis-7.0:2.7", "scoutsuite:iam-root-account-used-recently"},
			Needs: []string{report},
		}, rootRecentUse),
	}
}

// rootHas answers from two sources, one of which is enough: a number of the summary,
// and flags of the report.
func rootHas(a *Account, what, number string, flags func(*ReportRow) []string) Verdict {
	n, counted := a.Summary.V[number]
	var active []string
	row := a.CredentialReport.V.Root
	if row != nil {
		active = flags(row)
	}
	switch {
	case n > 0:
		return Fail("the root user has %s", what).At("Summary."+number, n)
	case len(active) > 0:
		v := Fail("the root user has %s", what)
		for _, name := range active {
			v = v.At("CredentialReport.Root."+name, "true")
		}
		return v
	case counted, row != nil:
		return Pass("the root user has none")
	}
	return Unknown(unreadOr(a.CredentialReport.Err, "iam:GetCredentialReport", "root"), unreadOr(a.Summary.Err, "iam:GetAccountSummary", number))
}

// unreadOr is why something was not read, or that AWS's answer leaves it out.
func unreadOr(err *ReadError, op, what string) *ReadError {
	if err != nil {
		return err
	}
	return &ReadError{Op: op, Action: op, Why: Failed, Code: what + " is not in the answer"}
}

func rootAccessKey(a *Account, _ *Params) Verdict {
	return rootHas(a, "an access key", "AccountAccessKeysPresent", func(r *ReportRow) (out []string) {
		for i, k := range r.Keys {
			if k.Active {
				out = append(out, fmt.Sprintf("access_key_%d_active", i+1))
			}
		}
		return out
	})
}

func rootSigningCertificate(a *Account, _ *Params) Verdict {
	return rootHas(a, "an active signing certificate", "AccountSigningCertificatesPresent", func(r *ReportRow) (out []string) {
		for i, active := range r.Certificates {
			if active {
				out = append(out, fmt.Sprintf("cert_%d_active", i+1))
			}
		}
		return out
	})
}

// rootSignsIn says whether the partition has a root user who signs in: China has none at
// all, and that of GovCloud signs in to the account that the other belongs to.
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html
func (f *Facts) rootSignsIn() bool { return f.Partition != "aws-us-gov" && f.Partition != "aws-cn" }

// rootSignIn says why root's MFA is no question here; a zero Verdict if it is one.
func rootSignIn(a *Account, p *Params) Verdict {
	password, known := a.Summary.V["AccountPasswordPresent"]
	switch {
	case !p.rootSignsIn():
		return NotApplicable("in this partition nobody signs in as root")
	case known && password == 0:
		return NotApplicable("the root user has no password")
	case !known && a.Summary.V["AccountMFAEnabled"] == 0:
		return Unknown(unreadOr(nil, "iam:GetAccountSummary", "AccountPasswordPresent"))
	}
	return Verdict{}
}

func rootMFA(a *Account, p *Params) Verdict {
	enabled, known := a.Summary.V["AccountMFAEnabled"]
	if v := rootSignIn(a, p); v.Status != "" {
		return v
	}
	switch {
	case !known:
		return Unknown(unreadOr(nil, "iam:GetAccountSummary", "AccountMFAEnabled"))
	case enabled == 0:
		return Fail("the root user has a password and no MFA").At("Summary.AccountMFAEnabled", enabled)
	}
	return Pass("the root user has MFA")
}

func rootHardwareMFA(a *Account, p *Params) Verdict {
	if v := rootMFA(a, p); v.Status != StatusPass {
		return v
	}
	for _, d := range All[VirtualMFADevice](p.Facts, "") {
		if strings.HasSuffix(d.User.Arn, ":root") {
			return Fail("a virtual MFA device is assigned to the root user").At("VirtualMFADevice", d.ARN)
		}
	}
	if err := p.ListError(virtualMFA.Kind, Global); err != nil {
		return Unknown(err)
	}
	return Pass("the root user has MFA, and no virtual device")
}

func rootRecentUse(a *Account, p *Params) Verdict {
	r := a.CredentialReport.V.Root
	switch {
	case r == nil && !p.rootSignsIn():
		return NotApplicable("the report has no root user, and in this partition nobody signs in as root")
	case r == nil:
		return Unknown(unreadOr(nil, "iam:GetCredentialReport", "root"))
	}
	last := newestMoment(r.PasswordUsed, r.Keys[0].Used, r.Keys[1].Used)
	limit := p.Days("days", 90)
	if last.IsZero() || p.OlderThan(last.Time, limit) {
		return Pass("the root user was last used: %s", last)
	}
	v := Fail("the root user was used on %s, within %d days", last, limit/(24*time.Hour))
	for _, used := range []struct {
		column string
		Moment
	}{{"password_last_used", r.PasswordUsed}, {"access_key_1_last_used_date", r.Keys[0].Used}, {"access_key_2_last_used_date", r.Keys[1].Used}} {
		if used.Moment == last {
			v = v.At("CredentialReport.Root."+used.column, used.UTC().Format(time.RFC3339))
		}
	}
	return v
}
