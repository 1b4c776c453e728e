package scan

import (
	"slices"
	"time"

	"fob/scan/policy"
)

// Identity is a user or a role, or a group, by the policies that say what it may do.
type Identity struct {
	Resource
	InlinePolicies          Val[[]InlinePolicy]      `op:"iam:GetAccountAuthorizationDetails"`
	AttachedManagedPolicies Val[[]AttachedPolicy]    `op:"iam:GetAccountAuthorizationDetails"`
	GroupList               Val[[]string]            `op:"iam:GetAccountAuthorizationDetails"` // names; of users only
	PermissionsBoundary     Val[PermissionsBoundary] `op:"iam:GetAccountAuthorizationDetails"`
}

// User and Group are identities by themselves, for checks that ask about them alone.
type (
	User  Identity
	Group Identity
)

// InlinePolicy is a policy that is part of its owner.
type InlinePolicy struct {
	PolicyName     string
	PolicyDocument policy.Document
}

// AttachedPolicy names a policy.
type AttachedPolicy struct{ PolicyArn, PolicyName string }

// PermissionsBoundary names the policy that caps what an identity may do.
type PermissionsBoundary struct{ PermissionsBoundaryArn string }

// Policy is a managed policy in its default version, or an inline policy.
type Policy struct {
	Resource
	Document        Val[policy.Document] `op:"iam:GetAccountAuthorizationDetails"`
	AttachmentCount int                  // by users, groups and roles; as a boundary it does not count
	Owner           string               // the ARN of whose part it is; "" for a managed one
}

// Role is a role by who may take it.
type Role struct {
	Resource
	AssumeRolePolicyDocument Val[policy.Document] `op:"iam:GetAccountAuthorizationDetails"`
	Path                     string
	CreateDate               time.Time
	RoleLastUsed             struct{ LastUsedDate time.Time } // of about the last 400 days; zero is never
}

// ReportedUser is a user as the credential report has it.
type ReportedUser struct {
	Resource
	CredentialReport Val[ReportRow] `op:"iam:GenerateCredentialReport iam:GetCredentialReport"`
}

// ServerCertificate is a certificate that IAM keeps, as for old load balancers.
type ServerCertificate struct {
	Resource
	Expiration time.Time
}

// VirtualMFADevice is a virtual device that is assigned to somebody.
type VirtualMFADevice struct {
	Resource
	User struct{ Arn string } // root's ends in ":root"
}

const authorizationDetails = "iam:GetAccountAuthorizationDetails"

// A record of a user comes from two lists, which need not name the same users. So
// nothing of it stands in a plain field.
var (
	users              = newKind[User]("AWS::IAM::User", "iam", Once, authorizationDetails)
	userIdentities     = newKind[Identity]("AWS::IAM::User", "iam", Once, authorizationDetails)
	reportedUsers      = newKind[ReportedUser]("AWS::IAM::User", "iam", Once, "iam:GetCredentialReport")
	groups             = newKind[Group]("AWS::IAM::Group", "iam", Once, authorizationDetails)
	roles              = newKind[Role]("AWS::IAM::Role", "iam", Once, authorizationDetails)
	roleIdentities     = newKind[Identity]("AWS::IAM::Role", "iam", Once, authorizationDetails)
	policies           = newKind[Policy]("AWS::IAM::ManagedPolicy", "iam", Once, authorizationDetails)
	inlinePolicies     = newKind[Policy]("AWS::IAM::InlinePolicy", "iam", Once, authorizationDetails)
	serverCertificates = newKind[ServerCertificate]("AWS::IAM::ServerCertificate", "iam", Once, "iam:ListServerCertificates")
	virtualMFA         = newKind[VirtualMFADevice]("AWS::IAM::VirtualMFADevice", "iam", Once, "iam:ListVirtualMFADevices")
)

func iamKinds() []*Kind {
	return []*Kind{
		users.Kind, userIdentities.Kind, reportedUsers.Kind, groups.Kind, roles.Kind, roleIdentities.Kind,
		policies.Kind, inlinePolicies.Kind, serverCertificates.Kind, virtualMFA.Kind,
	}
}

func iamChecks() []Check {
	return slices.Concat(
		iamRootChecks(), iamPasswordChecks(), iamUserChecks(), iamKeyChecks(), iamIdentityChecks(),
		iamPolicyChecks(), iamRoleChecks(), iamTrustChecks(), iamCertificateChecks(),
	)
}
