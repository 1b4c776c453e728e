package scan

import "time"

func iamCertificateChecks() []Check {
	return []Check{
		Each(serverCertificates, Check{
			ID: "iam-server-cert-expired", Title: "Expired server certificate kept in IAM", Severity: Low,
			Service: "iam", Type: "AWS::IAM::ServerCertificate",
			Why:  "A listener that is given the expired certificate by mistake turns its clients away.",
			Fix:  "Delete the certificate; keep new ones in ACM, which renews them.",
			Refs: []string{"cis-3.0:1.19", "cis-5.0:1.18", "cis-7.0:2.17", "fsbp:IAM.26"},
		}, serverCertificateExpired),
	}
}

func serverCertificateExpired(c *ServerCertificate, p *Params) Verdict {
	switch {
	case c.Expiration.IsZero():
		return Unknown(unreadOr(nil, "iam:ListServerCertificates", "Expiration"))
	case c.Expiration.Before(p.Now):
		return Fail("the certificate expired on %s", c.Expiration.UTC().Format(time.DateOnly)).At("Expiration", c.Expiration)
	}
	return Pass("the certificate is valid until %s", c.Expiration.UTC().Format(time.DateOnly))
}
