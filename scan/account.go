package scan

// Account is the audited account itself. It is there without any call.
type Account struct {
	Resource
	PublicAccessBlock Val[PublicAccessBlock] `op:"s3control:GetPublicAccessBlock"`

	// Summary are IAM's numbers, by AWS's names.
	Summary          Val[map[string]int] `op:"iam:GetAccountSummary"`
	PasswordPolicy   Val[PasswordPolicy] `op:"iam:GetAccountPasswordPolicy"`
	CredentialReport Val[AccountReport]  `op:"iam:GenerateCredentialReport iam:GetCredentialReport"`

	// Organization is absent where there is none.
	Organization         Val[Organization]          `op:"organizations:DescribeOrganization"`
	OrganizationAccounts Val[[]OrganizationAccount] `op:"organizations:ListAccounts"`
	SecurityContact      Val[AlternateContact]      `op:"account:GetAlternateContact"`
}

// Region is an enabled region of the account.
type Region struct {
	Resource
	EBSEncryption    Val[bool]                   `op:"ec2:GetEbsEncryptionByDefault"`
	SnapshotBlock    Val[string]                 `op:"ec2:GetSnapshotBlockPublicAccessState"` // block-all-sharing, block-new-sharing, unblocked
	ImageBlock       Val[string]                 `op:"ec2:GetImageBlockPublicAccessState"`    // block-new-sharing, unblocked
	Recorders        Val[[]ConfigRecorder]       `op:"config:DescribeConfigurationRecorders"`
	RecorderStatuses Val[[]ConfigRecorderStatus] `op:"config:DescribeConfigurationRecorderStatus"`
	SecurityHub      Val[SecurityHub]            `op:"securityhub:DescribeHub"`
}

var (
	accounts = newKind[Account]("AWS::Account", "account", Once)
	regions  = newKind[Region]("AWS::Region", "account", Regional)
)

func accountKinds() []*Kind { return []*Kind{accounts.Kind, regions.Kind} }
