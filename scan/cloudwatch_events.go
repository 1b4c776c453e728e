package scan

import "fob/scan/filter"

// watch is a set of events on each of which something has to alarm.
type watch struct {
	number   int // the control's, in the CIS benchmarks
	id       string
	what     string
	severity Severity
	old      string // ScoutSuite's name
	why      string
	events   []filter.Event
}

// watches are the sets of the CIS benchmarks. A filter with the pattern that a benchmark
// has for its set covers the set, and so does every wider one.
func watches() []watch {
	console := []filter.Fact{{Field: "eventSource", Op: filter.Equal, Value: "signin.amazonaws.com"}, {Field: "readOnly", Op: filter.Equal, Value: "false"}}
	// The noise that the benchmark allows to leave out.
	denied := []filter.Fact{{Field: "sourceIPAddress", Op: filter.Differ, Value: "delivery.logs.amazonaws.com"}, {Field: "eventName", Op: filter.Differ, Value: "HeadBucket"}}
	noMFA := append([]filter.Fact{
		{Field: "additionalEventData.MFAUsed", Op: filter.Differ, Value: "Yes"},
		{Field: "userIdentity.type", Op: filter.Equal, Value: "IAMUser"},
		{Field: "responseElements.ConsoleLogin", Op: filter.Equal, Value: "Success"},
	}, console...)
	failed := append([]filter.Fact{{Field: "errorMessage", Op: filter.Equal, Value: "Failed authentication"}}, console...)
	return []watch{
		{1, "unauthorized-api", "unauthorized API calls", Low, "unauthorized-api-calls",
			"Whoever got hold of a key tries first what it may do; the refusals are the earliest trace of it.",
			[]filter.Event{filter.Is("errorCode", "AccessDenied*", denied...), filter.Is("errorCode", "*UnauthorizedOperation", denied...)}},
		{2, "signin-no-mfa", "console sign-in without MFA", Low, "signin-without-mfa",
			"A sign-in with a password alone may be somebody who only has the password.",
			[]filter.Event{filter.Is("eventName", "ConsoleLogin", noMFA...)}},
		{3, "root-use", "root use", Medium, "root-usage",
			"No policy stops the root user, and hardly any work needs it: its use is an emergency or an attack.",
			[]filter.Event{filter.Is("userIdentity.type", "Root",
				filter.Fact{Field: "userIdentity.invokedBy", Op: filter.Missing}, filter.Fact{Field: "eventType", Op: filter.Differ, Value: "AwsServiceEvent"})}},
		{4, "iam-changes", "IAM policy changes", Low, "iam-policy-changes",
			"Whoever gets in takes rights that last; nobody notices until they are used.",
			writes("iam", "DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy",
				"CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion",
				"AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy")},
		{5, "cloudtrail-changes", "CloudTrail changes", Low, "cloudtrail-configuration-changes",
			"Switching the log off is what comes before the rest; it must not stay unseen until somebody looks for the log.",
			writes("cloudtrail", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")},
		{6, "console-failures", "console sign-in failures", Low, "console-authentication-failures",
			"Passwords are being guessed, and nobody knows until one is right.",
			[]filter.Event{filter.Is("eventName", "ConsoleLogin", failed...)}},
		{7, "kms-deletion", "key disabling or deletion", Low, "cmk-deletion",
			"Without the key its data cannot be read; once it is deleted, never again.",
			writes("kms", "DisableKey", "ScheduleKeyDeletion")},
		{8, "s3-policy", "bucket policy changes", Low, "s3-policy-changes",
			"One change of a policy publishes a bucket; the sooner it is seen, the less is copied.",
			writes("s3", "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication",
				"DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication")},
		{9, "config-changes", "AWS Config changes", Low, "aws-configuration-changes",
			"With the recorder off, nobody can tell later what was changed.",
			writes("config", "StopConfigurationRecorder", "PutConfigurationRecorder", "PutDeliveryChannel", "DeleteDeliveryChannel")},
		{10, "sg-changes", "security group changes", Low, "security-group-changes",
			"One rule opens a port to the internet, and scanners find it within minutes.",
			writes("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress",
				"CreateSecurityGroup", "DeleteSecurityGroup")},
		{11, "nacl-changes", "NACL changes", Low, "nacl-changes",
			"A changed network ACL opens or cuts off whole subnets at once.",
			writes("ec2", "CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation")},
		{12, "gateway-changes", "gateway changes", Low, "network-gateways-changes",
			"A new gateway is a way out of the network that nobody filters.",
			writes("ec2", "CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway")},
		{13, "route-changes", "route table changes", Low, "route-table-changes",
			"A changed route takes traffic past the inspection, or to somebody else.",
			writes("ec2", "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable")},
		{14, "vpc-changes", "VPC changes", Low, "vpc-changes",
			"A new peering joins the network to another account's.",
			writes("ec2", "CreateVpc", "DeleteVpc", "ModifyVpcAttribute",
				"AcceptVpcPeeringConnection", "CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection")},
	}
}

// writes are the calls of a service that change something.
func writes(service string, names ...string) (out []filter.Event) {
	for _, n := range names {
		out = append(out, filter.Is("eventName", n,
			filter.Fact{Field: "eventSource", Op: filter.Equal, Value: service + ".amazonaws.com"},
			filter.Fact{Field: "readOnly", Op: filter.Equal, Value: "false"}, filter.Fact{Field: "readOnly", Op: filter.False}))
	}
	return out
}
