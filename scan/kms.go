package scan

import (
	"slices"
	"strings"
	"time"

	"fob/scan/policy"
)

// KMSKey is a key of the account, its own or one that AWS manages in it.
type KMSKey struct {
	Resource
	KeyId    string
	Aliases  []string             // "alias/payments"; none where they could not be listed
	Metadata Val[KMSKeyMetadata]  `op:"kms:DescribeKey"`
	Policy   Val[policy.Document] `op:"kms:GetKeyPolicy"`
	Rotation Val[KMSKeyRotation]  `op:"kms:GetKeyRotationStatus"`
}

// KMSKeyMetadata is what a key is.
type KMSKeyMetadata struct {
	KeyManager               string // AWS, CUSTOMER
	KeyState                 string // Enabled, Disabled, PendingDeletion, ...
	KeySpec                  string // SYMMETRIC_DEFAULT, RSA_2048, HMAC_256, ...
	Origin                   string // AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE
	DeletionDate             time.Time
	MultiRegionConfiguration struct {
		MultiRegionKeyType string // PRIMARY, REPLICA
		PrimaryKey         struct{ Arn, Region string }
	}
}

// KMSKeyRotation is a key's automatic rotation.
type KMSKeyRotation struct {
	KeyRotationEnabled   bool
	RotationPeriodInDays int
}

// KMSAlias is a name of a key.
type KMSAlias struct {
	Resource
	TargetKeyId string // "" for a key that AWS has not made yet
}

var (
	kmsKeys    = newKind[KMSKey]("AWS::KMS::Key", "kms", Regional, "kms:ListKeys")
	kmsAliases = newKind[KMSAlias]("AWS::KMS::Alias", "kms", Regional, "kms:ListAliases")
)

func kmsKinds() []*Kind { return []*Kind{kmsKeys.Kind, kmsAliases.Kind} }

func kmsChecks() []Check {
	reads := func(fields ...string) []string { return append([]string{"AWS::KMS::Alias", "Metadata"}, fields...) }
	return []Check{
		Each(kmsKeys, Check{
			ID: "kms-rotation", Title: "Customer key not rotated", Severity: Medium,
			Service: "kms", Type: "AWS::KMS::Key",
			Why:   "Everything is encrypted with the same key material for ever: whoever gets at it once reads the data of all years.",
			Fix:   "Enable automatic rotation of the key (aws kms enable-key-rotation); what was encrypted before stays readable.",
			Refs:  []string{"cis-1.2:2.8", "cis-3.0:3.6", "cis-5.0:3.6", "cis-7.0:4.6", "fsbp:KMS.4", "scoutsuite:kms-cmk-rotation-disabled"},
			Reads: reads("Rotation"),
		}, customerKey(keyRotation)),
		Each(kmsKeys, Check{
			ID: "kms-key-public", Title: "Key policy open to everyone", Severity: Critical,
			Service: "kms", Type: "AWS::KMS::Key",
			Why:   "Anybody with an AWS account, whichever it is, can use the key, and decrypt what was encrypted with it.",
			Fix:   "Name the principals that need the key, or bind the statement with kms:CallerAccount or aws:PrincipalOrgID.",
			Refs:  []string{"cis-7.0:2.21", "fsbp:KMS.5"},
			Reads: reads("Policy"),
		}, customerKey(keyPublic)),
		Each(kmsKeys, Check{
			ID: "kms-key-pending-deletion", Title: "Key scheduled for deletion", Severity: Medium,
			Service: "kms", Type: "AWS::KMS::Key",
			Why:   "Once the key is gone, nothing that was encrypted with it can be read again, backups included.",
			Fix:   "Find out who scheduled it and what it encrypts; cancel the deletion (aws kms cancel-key-deletion) unless nothing needs it.",
			Refs:  []string{"fsbp:KMS.3"},
			Reads: reads(),
		}, customerKey(keyPendingDeletion)),
	}
}

// customerKey asks about keys that the account manages itself.
func customerKey(ask func(*KMSKey) Verdict) func(*KMSKey, *Params) Verdict {
	return func(k *KMSKey, _ *Params) Verdict {
		switch {
		case k.Metadata.V.KeyManager == "AWS" || slices.ContainsFunc(k.Aliases, AWSKeyAlias):
			return NotApplicable("AWS manages the key")
		case !k.Metadata.Present():
			return Unknown(orNotPlanned(k.Metadata.Err))
		}
		return ask(k)
	}
}

// AWSKeyAlias says whether an alias is that of a key that AWS manages; no other may be
// called so.
func AWSKeyAlias(name string) bool { return strings.HasPrefix(name, "alias/aws/") }

func keyRotation(k *KMSKey) Verdict {
	m := &k.Metadata.V
	switch {
	case m.KeyState != "Enabled":
		return NotApplicable("the key is not in use: its state is %s", m.KeyState)
	case m.KeySpec != "SYMMETRIC_DEFAULT":
		return NotApplicable("keys of the kind %s cannot be rotated", m.KeySpec)
	case m.Origin != "AWS_KMS":
		return NotApplicable("the key material comes from outside (%s)", m.Origin)
	case m.MultiRegionConfiguration.MultiRegionKeyType == "REPLICA":
		return NotApplicable("it is a replica: its primary key in %s is what rotates", m.MultiRegionConfiguration.PrimaryKey.Region)
	case !k.Rotation.Present():
		return Unknown(orNotPlanned(k.Rotation.Err))
	case k.Rotation.V.KeyRotationEnabled:
		return Pass("the key is rotated")
	}
	return Fail("the key is not rotated").At("Rotation.KeyRotationEnabled", false)
}

func keyPublic(k *KMSKey) Verdict {
	if !k.Policy.Present() {
		return Unknown(orNotPlanned(k.Policy.Err))
	}
	return openPolicy("Policy", k.Policy, policy.Query{Binding: []string{"kms:calleraccount"}, Signed: true})
}

func keyPendingDeletion(k *KMSKey) Verdict {
	m := &k.Metadata.V
	switch m.KeyState {
	case "PendingDeletion":
		return Fail("the key will be deleted on %s", m.DeletionDate.UTC().Format(time.DateOnly)).At("Metadata.KeyState", m.KeyState)
	case "PendingReplicaDeletion":
		return Fail("the key will be deleted once its last replica is").At("Metadata.KeyState", m.KeyState)
	}
	return Pass("the state of the key is %s", m.KeyState)
}
