package scan

import "fob/scan/policy"

// Secret is a secret of Secrets Manager, without its value.
type Secret struct {
	Resource
	RotationEnabled *bool  // nil if rotation was never configured
	OwningService   string // the service of AWS that made it, "" for the account's own
	PrimaryRegion   string // where it comes from, "" if it is not replicated

	ResourcePolicy Val[policy.Document] `op:"secretsmanager:GetResourcePolicy"`
}

var secrets = newKind[Secret]("AWS::SecretsManager::Secret", "secretsmanager", Regional, "secretsmanager:ListSecrets")

func secretsmanagerKinds() []*Kind { return []*Kind{secrets.Kind} }

func secretsmanagerChecks() []Check {
	const secret = "AWS::SecretsManager::Secret"
	return []Check{
		Each(secrets, Check{
			ID: "secretsmanager-rotation", Title: "Secret has no rotation", Severity: Low,
			Service: "secretsmanager", Type: secret,
			Why:  "A secret that leaked unnoticed keeps working until somebody happens to change it.",
			Fix:  "Turn on automatic rotation with a schedule, or delete the secret if nothing uses it.",
			Refs: []string{"fsbp:SecretsManager.1"},
		}, secretRotation),
		Each(secrets, Check{
			ID: "secretsmanager-public", Title: "Secret policy open to everyone", Severity: Critical,
			Service: "secretsmanager", Type: secret,
			Why:   "Anyone with an AWS account may use the secret as the policy says; most such policies allow reading it.",
			Fix:   "Name the roles or accounts in the policy (put-resource-policy --block-public-policy refuses open ones), then replace the secret's value.",
			Refs:  []string{"cis-7.0:2.21"},
			Needs: []string{"ResourcePolicy"},
		}, func(s *Secret, _ *Params) Verdict {
			return openPolicy("ResourcePolicy", s.ResourcePolicy, policy.Query{Signed: true})
		}),
	}
}

// secretRotation: rotation of a replica is set where the secret comes from.
func secretRotation(s *Secret, _ *Params) Verdict {
	switch {
	case s.RotationEnabled != nil && *s.RotationEnabled:
		return Pass("rotation is on")
	case s.OwningService != "":
		return NotApplicable("%s made the secret and manages it", s.OwningService)
	case s.PrimaryRegion != "" && s.PrimaryRegion != s.Region:
		return NotApplicable("it is a replica of the secret in %s, which is rotated there", s.PrimaryRegion)
	case s.RotationEnabled == nil:
		return Fail("rotation was never configured").At("RotationEnabled", nil)
	}
	return Fail("rotation is off").At("RotationEnabled", false)
}
