package collect

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"fob/scan"
	"fob/scan/policy"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// iamPage is the most that IAM gives at once.
const iamPage = 1000

func iamOperations() []operation {
	const self = "AWS::Account"
	return []operation{
		{name: "iam:GetAccountAuthorizationDetails", scope: scan.Once, list: authorizationDetails},
		{name: "iam:GenerateCredentialReport", scope: scan.Once, list: generateCredentialReport},
		{name: "iam:GetCredentialReport", scope: scan.Once, list: getCredentialReport},
		{name: "iam:ListVirtualMFADevices", scope: scan.Once, list: listVirtualMFADevices},
		{name: "iam:ListServerCertificates", scope: scan.Once, list: listServerCertificates},
		{name: "iam:GetAccountSummary", of: self, scope: scan.Once, read: accountSummary},
		{name: "iam:GetAccountPasswordPolicy", of: self, scope: scan.Once, absent: []string{"NoSuchEntity", "NoSuchEntityException"}, read: accountPasswordPolicy},
	}
}

// authorizationDetails reads users, groups, roles and policies at once: AWS has no
// cheaper way to them.
func authorizationDetails(ctx context.Context, c *clients, emit func(item)) error {
	in := &iam.GetAccountAuthorizationDetailsInput{Filter: types.EntityType("").Values(), MaxItems: aws.Int32(iamPage)}
	return eachPage(ctx, c.iam().GetAccountAuthorizationDetails, in,
		func(in *iam.GetAccountAuthorizationDetailsInput, page *iam.GetAccountAuthorizationDetailsOutput) (*string, error) {
			for i := range page.UserDetailList {
				emitUser(&page.UserDetailList[i], emit)
			}
			for i := range page.GroupDetailList {
				emitGroup(&page.GroupDetailList[i], emit)
			}
			for i := range page.RoleDetailList {
				emitRole(&page.RoleDetailList[i], emit)
			}
			for i := range page.Policies {
				emitPolicy(&page.Policies[i], emit)
			}
			return nextMarker(&in.Marker, page.Marker, page.IsTruncated)
		})
}

// nextMarker puts the token of the next page into the input. A page that says that it is
// cut, without a token, is no last page.
func nextMarker(in **string, next *string, truncated bool) (*string, error) {
	*in = next
	if truncated && aws.ToString(next) == "" {
		return nil, errLeftOut
	}
	return next, nil
}

func emitUser(u *types.UserDetail, emit func(item)) {
	arn := aws.ToString(u.Arn)
	emit(item{Type: "AWS::IAM::User", ARN: arn, Name: aws.ToString(u.UserName), Tags: iamTags(u.Tags), Data: fields{
		"UserId": u.UserId, "Path": u.Path, "CreateDate": u.CreateDate, "GroupList": list(u.GroupList),
		"InlinePolicies": inline(u.UserPolicyList), "AttachedManagedPolicies": list(u.AttachedManagedPolicies), "PermissionsBoundary": u.PermissionsBoundary,
	}})
	emitInline(arn, u.UserPolicyList, emit)
}

func emitGroup(g *types.GroupDetail, emit func(item)) {
	arn := aws.ToString(g.Arn)
	emit(item{Type: "AWS::IAM::Group", ARN: arn, Name: aws.ToString(g.GroupName), Data: fields{
		"GroupId": g.GroupId, "Path": g.Path, "CreateDate": g.CreateDate,
		"InlinePolicies": inline(g.GroupPolicyList), "AttachedManagedPolicies": list(g.AttachedManagedPolicies),
	}})
	emitInline(arn, g.GroupPolicyList, emit)
}

func emitRole(r *types.RoleDetail, emit func(item)) {
	arn := aws.ToString(r.Arn)
	var profiles []string
	for _, p := range r.InstanceProfileList {
		profiles = append(profiles, aws.ToString(p.Arn))
	}
	emit(item{Type: "AWS::IAM::Role", ARN: arn, Name: aws.ToString(r.RoleName), Tags: iamTags(r.Tags), Data: fields{
		"RoleId": r.RoleId, "Path": r.Path, "CreateDate": r.CreateDate, "RoleLastUsed": r.RoleLastUsed, "InstanceProfiles": list(profiles),
		"AssumeRolePolicyDocument": document(r.AssumeRolePolicyDocument),
		"InlinePolicies":           inline(r.RolePolicyList), "AttachedManagedPolicies": list(r.AttachedManagedPolicies), "PermissionsBoundary": r.PermissionsBoundary,
	}})
	emitInline(arn, r.RolePolicyList, emit)
}

// emitPolicy leaves out policies of AWS that nobody here uses.
func emitPolicy(p *types.ManagedPolicyDetail, emit func(item)) {
	arn := aws.ToString(p.Arn)
	used := p.AttachmentCount == nil || *p.AttachmentCount > 0 || aws.ToInt32(p.PermissionsBoundaryUsageCount) > 0
	if strings.Contains(arn, ":iam::aws:") && !used {
		return
	}
	data := fields{
		"Path": p.Path, "CreateDate": p.CreateDate, "UpdateDate": p.UpdateDate, "DefaultVersionId": p.DefaultVersionId,
		"AttachmentCount": p.AttachmentCount, "PermissionsBoundaryUsageCount": p.PermissionsBoundaryUsageCount,
	}
	for _, v := range p.PolicyVersionList {
		if v.IsDefaultVersion {
			data["Document"] = document(v.Document)
		}
	}
	emit(item{Type: "AWS::IAM::ManagedPolicy", ARN: arn, Name: aws.ToString(p.PolicyName), Data: data})
}

// emitInline makes inline policies resources of their own. AWS gives them no ARN.
func emitInline(owner string, policies []types.PolicyDetail, emit func(item)) {
	for _, p := range policies {
		name := aws.ToString(p.PolicyName)
		emit(item{Type: "AWS::IAM::InlinePolicy", ARN: owner + "#" + name, Name: name, Data: fields{
			"Owner": owner, "AttachmentCount": 1, "Document": document(p.PolicyDocument),
		}})
	}
}

func inline(policies []types.PolicyDetail) []fields {
	out := []fields{}
	for _, p := range policies {
		out = append(out, fields{"PolicyName": p.PolicyName, "PolicyDocument": document(p.PolicyDocument)})
	}
	return out
}

// document decodes a policy, which IAM writes in URL encoding. One that is not
// understood stays as it is: taken apart and put together again it might look as if it
// were.
func document(encoded *string) any {
	if encoded == nil {
		return nil
	}
	text, err := url.PathUnescape(*encoded)
	if err != nil {
		return *encoded
	}
	if _, err := policy.Parse([]byte(text)); err != nil {
		return text
	}
	return json.RawMessage(text)
}

// list writes none as an empty list: AWS was asked, and said so.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func iamTags(tags []types.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}

func listVirtualMFADevices(ctx context.Context, c *clients, emit func(item)) error {
	in := &iam.ListVirtualMFADevicesInput{AssignmentStatus: types.AssignmentStatusTypeAssigned, MaxItems: aws.Int32(iamPage)}
	return eachPage(ctx, c.iam().ListVirtualMFADevices, in,
		func(in *iam.ListVirtualMFADevicesInput, page *iam.ListVirtualMFADevicesOutput) (*string, error) {
			for _, d := range page.VirtualMFADevices {
				data := fields{"EnableDate": d.EnableDate}
				if d.User != nil {
					data["User"] = fields{"Arn": d.User.Arn}
				}
				emit(item{Type: "AWS::IAM::VirtualMFADevice", ARN: aws.ToString(d.SerialNumber), Name: aws.ToString(d.SerialNumber), Data: data})
			}
			return nextMarker(&in.Marker, page.Marker, page.IsTruncated)
		})
}

func listServerCertificates(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.iam().ListServerCertificates, &iam.ListServerCertificatesInput{MaxItems: aws.Int32(iamPage)},
		func(in *iam.ListServerCertificatesInput, page *iam.ListServerCertificatesOutput) (*string, error) {
			for _, m := range page.ServerCertificateMetadataList {
				emit(item{Type: "AWS::IAM::ServerCertificate", ARN: aws.ToString(m.Arn), Name: aws.ToString(m.ServerCertificateName), Data: fields{
					"Path": m.Path, "UploadDate": m.UploadDate, "Expiration": m.Expiration,
				}})
			}
			return nextMarker(&in.Marker, page.Marker, page.IsTruncated)
		})
}

func accountSummary(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.iam().GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
	if err != nil {
		return nil, err
	}
	return fields{"Summary": out.SummaryMap}, nil
}

func accountPasswordPolicy(ctx context.Context, c *clients, _ *item) (fields, error) {
	out, err := c.iam().GetAccountPasswordPolicy(ctx, &iam.GetAccountPasswordPolicyInput{})
	if err != nil {
		return nil, err
	}
	return fields{"PasswordPolicy": out.PasswordPolicy}, nil
}
