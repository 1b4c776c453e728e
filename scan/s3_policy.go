package scan

import (
	"slices"

	"fob/scan/policy"
)

func s3PolicyChecks() []Check {
	return []Check{
		Each(buckets, Check{
			ID: "s3-bucket-cross-account", Title: "Bucket policy trusts outside accounts", Severity: Medium,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "Whoever takes over the other account reaches the bucket, and nobody here sees how that account is kept.",
			Fix:   "Remove accounts that have no business here any more; list those that do as trusted.",
			Refs:  []string{"fsbp:S3.6"},
			Needs: []string{"Policy"}, Reads: organizationFacts(),
		}, bucketCrossAccount),
		Each(buckets, Check{
			ID: "s3-bucket-tls", Title: "Bucket accepts plain HTTP", Severity: Medium,
			Service: "s3", Type: "AWS::S3::Bucket",
			Why:   "A client on plain HTTP sends its request and the object readable to the network.",
			Fix:   "Deny s3:* to everyone on the bucket and its objects where aws:SecureTransport is false.",
			Refs:  []string{"cis-3.0:2.1.1", "cis-5.0:2.1.1", "cis-7.0:3.1.1", "fsbp:S3.5", "scoutsuite:s3-bucket-allowing-cleartext"},
			Needs: []string{"Policy"},
		}, bucketTLS),
	}
}

// bucketCrossAccount: who is everyone is left to checks of its own. Identities that
// CloudFront makes for an account lie in none. S3 writes the account in place of a canonical
// user mostly, and not always: one that is left may be anybody's.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
func bucketCrossAccount(b *Bucket, p *Params) Verdict {
	var names, hidden []string
	var evidence []Evidence
	var unread []*ReadError
	for _, party := range b.Policy.V.Parties(policy.Query{}) {
		if party.Principal.Kind == "CanonicalUser" && !p.demandsOurs(party.Demands) {
			hidden = append(hidden, party.Principal.Name)
		}
		name := partyName(party)
		if name == "everyone" || DeliversLogs(party.Account) {
			continue
		}
		ours, err := p.oursOf(party)
		switch {
		case err != nil:
			unread = append(unread, err)
		case !ours:
			names = append(names, name)
			evidence = append(evidence, Evidence{bucketStatement(party.Statement), party.Principal.String()})
		}
	}
	switch {
	case len(names) > 0:
		slices.Sort(names)
		v := Fail("the bucket policy lets in %s", firstOf(slices.Compact(names)))
		v.Evidence = onceEvidence(evidence)
		return v
	case len(unread) > 0:
		return Unknown(once(unread)...)
	case len(hidden) > 0:
		slices.Sort(hidden)
		return UnknownHere("the bucket policy lets in the canonical user %s, which does not tell its account", firstOf(slices.Compact(hidden)))
	}
	return Pass("the bucket policy lets in no outside account")
}

// demandsOurs says whether a caller has to be of our accounts or organization.
func (p *Params) demandsOurs(demands policy.Demands) bool {
	return slices.ContainsFunc(demands, func(d policy.Demand) bool {
		accounts, organizations, ok := d.Owners()
		if !ok {
			return false
		}
		ours, _ := p.allOurs(accounts, organizations)
		return ours
	})
}

func bucketTLS(b *Bucket, p *Params) Verdict {
	denied, ok := b.Policy.V.DeniesCleartext("s3:*", b.ARN, b.ARN+"/*")
	switch {
	case ok:
		return Pass("plain HTTP is denied by statement %d of the bucket policy", denied[0])
	case b.Policy.State == Absent:
		return Fail("the bucket has no policy that could deny plain HTTP").At("Policy", nil)
	}
	return Fail("no statement of the bucket policy denies plain HTTP for the bucket and all its objects").At("Policy.Statement", nil)
}
