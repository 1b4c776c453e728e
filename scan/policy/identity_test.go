package policy

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// statements makes a policy of statements: "allow iam:* on *".
func statements(t testing.TB, list ...string) *Document {
	t.Helper()
	var out []string
	for _, s := range list {
		f := strings.Fields(s)
		effect := map[string]string{"allow": "Allow", "deny": "Deny"}[f[0]]
		action := "Action"
		if not, ok := strings.CutPrefix(f[1], "!"); ok {
			f[1], action = not, "NotAction"
		}
		resource := "Resource"
		if not, ok := strings.CutPrefix(f[3], "!"); ok {
			f[3], resource = not, "NotResource"
		}
		condition := "{}"
		if len(f) > 5 {
			condition = strings.Join(f[5:], " ")
		}
		quoted := `["` + strings.ReplaceAll(f[1], ",", `","`) + `"]`
		out = append(out, `{"Effect":"`+effect+`","`+action+`":`+quoted+`,"`+resource+`":"`+f[3]+`","Condition":`+condition+`}`)
	}
	return doc(t, `{"Statement":[`+strings.Join(out, ",")+`]}`)
}

func user(t testing.TB, list ...string) *Identity {
	return &Identity{Partition: "aws", Account: "123456789012", ARN: "arn:aws:iam::123456789012:user/ann", User: "ann",
		Policies: []Source{{Name: "p", Path: "InlinePolicies[0].PolicyDocument", Document: statements(t, list...)}}}
}

func TestAdmin(t *testing.T) {
	const mfa = `if {"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`
	for _, c := range []struct {
		name     string
		policy   []string
		boundary []string
		want     bool
	}{
		{"AdministratorAccess", []string{"allow * on *"}, nil, true},
		{"*:*", []string{"allow *:* on *"}, nil, true},
		{"ARN of wildcards", []string{"allow * on arn:aws:*:*:*:*"}, nil, true},
		{"all of IAM is not all", []string{"allow iam:* on *"}, nil, false},
		{"one account", []string{"allow * on arn:aws:*:*:123456789012:*"}, nil, false},
		{"under a condition", []string{`allow * on * if {"Bool":{"aws:MultiFactorAuthPresent":"true"}}`}, nil, false},
		{"denied without MFA", []string{"allow * on *", "deny !iam:ListUsers on * " + mfa}, nil, true},
		{"denied all", []string{"allow * on *", "deny * on *"}, nil, false},
		{"denied a little", []string{"allow * on *", "deny s3:DeleteBucket on *"}, nil, true},
		{"denied all of IAM, and passing roles with it", []string{"allow * on *", "deny iam:*,sts:* on *"}, nil, false},
		{"denied half of IAM", []string{"allow * on *", "deny iam:Put*,iam:Attach* on *"}, nil, true},
		{"PowerUserAccess", []string{"allow !iam:*,organizations:*,account:* on *", "allow iam:CreateServiceLinkedRole,iam:ListRoles on *"}, nil, false},
		{"all but one action", []string{"allow !s3:DeleteBucket on *"}, nil, true},
		{"two halves", []string{"allow !iam:* on *", "allow iam:* on *"}, nil, true},
		{"all but one resource", []string{"allow * on !arn:aws:s3:::secret"}, nil, true},
		{"all but all resources", []string{"allow * on !*"}, nil, false},
		{"capped", []string{"allow * on *"}, []string{"allow s3:* on *"}, false},
		{"capped by everything", []string{"allow * on *"}, []string{"allow * on *"}, true},
		{"capped by a deny", []string{"allow * on *"}, []string{"allow * on *", "deny iam:* on *"}, false},
		{"capped by a condition", []string{"allow * on *"}, []string{`allow * on * if {"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`}, false},
		{"a boundary allows nothing itself", []string{"allow s3:* on *"}, []string{"allow * on *"}, false},
		{"nothing", nil, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := user(t, c.policy...)
			if c.boundary != nil {
				i.Boundary = &Source{Name: "boundary", Document: statements(t, c.boundary...)}
			}
			if refs := i.Admin(); (refs != nil) != c.want {
				t.Errorf("admin by %v, want %v", refs, c.want)
			}
		})
	}
}

// A condition that asks for nothing hides no administrator.
func TestIdleConditions(t *testing.T) {
	for condition, want := range map[string]bool{
		`{"Bool":{"aws:SecureTransport":"true"}}`:             true,
		`{"Bool":{"aws:SecureTransport":"false"}}`:            false,
		`{"Bool":{"aws:ViaAWSService":"false"}}`:              true,
		`{"Bool":{"aws:ViaAWSService":"true"}}`:               false,
		`{"StringLike":{"aws:PrincipalArn":"*"}}`:             true,
		`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:*"}}`: true,
		`{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::123456789012:role/x","arn:aws:iam::123456789012:user/a*"]}}`:   true,
		`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}`:                                         false,
		`{"StringEquals":{"aws:PrincipalArn":"*"}}`:                                                                   false,
		`{"StringNotEquals":{"aws:PrincipalArn":"nobody"}}`:                                                           true,
		`{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:user/*"}}`:                                      false,
		`{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}`:                                                    true,
		`{"StringEquals":{"aws:PrincipalAccount":"210987654321"}}`:                                                    false,
		`{"StringNotEquals":{"aws:PrincipalAccount":"210987654321"}}`:                                                 true,
		`{"StringEquals":{"aws:username":"ann"}}`:                                                                     true,
		`{"StringEquals":{"aws:username":"bob"}}`:                                                                     false,
		`{"Null":{"aws:PrincipalArn":"false"}}`:                                                                       true,
		`{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}`:                                                                  true,
		`{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}`:                                                  true,
		`{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`:                                                             false,
		`{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`:                                                          true,
		`{"NotIpAddress":{"aws:SourceIp":"0.0.0.0/0"}}`:                                                               false,
		`{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}`:                                              true,
		`{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01"}}`:                                                        true,
		`{"NumericGreaterThan":{"aws:EpochTime":"1577836800"}}`:                                                       true,
		`{"DateGreaterThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}`:                                              false,
		`{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}`:                                                 false,
		`{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"},"Bool":{"aws:MultiFactorAuthPresent":"true"}}`: false,
		`{"StringLike":{"aws:RequestedRegion":"*"}}`:                                                                  true,
		`{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}}`:                                                     false,
		`{"StringLike":{"aws:UserAgent":"tool/*"}}`:                                                                   true,
		`{"StringEquals":{"aws:SourceVpce":"vpce-1"}}`:                                                                false,
		`{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}`:                                                        true,
		`{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`:                                                             true,
		`{"ForAnyValue:StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`:                                                 false,
		`{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`:                                                              false,
		`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`:                                                      true,
		`{"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}`:                                                       false,
		`{"StringLike":{"aws:PrincipalTag/team":"*"}}`:                                                                false,
		`{"StringLikeIfExists":{"aws:PrincipalTag/team":"*"}}`:                                                        true,
		`{"StringEquals":{"aws:ResourceTag/team":"a"}}`:                                                               false,
	} {
		i := user(t, "allow * on * if "+condition)
		i.Now = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		if got := i.Admin() != nil; got != want {
			t.Errorf("%s: administrator %t, want %t", condition, got, want)
		}
	}
	role := &Identity{Account: "123456789012", ARN: "arn:aws:iam::123456789012:role/app",
		Policies: []Source{{Document: statements(t, `allow * on * if {"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`)}}}
	if role.Admin() != nil {
		t.Error("each session of a role says whether there was a second factor")
	}
}

// around is a small account: the user ann has a policy and a group of her own, bob and
// two roles are administrators.
type around struct{}

func (around) Own() (policies, groups []string) {
	return []string{"arn:aws:iam::123456789012:policy/dev"}, []string{"arn:aws:iam::123456789012:group/devs"}
}

func (around) Stronger(kind, service string) []string {
	switch kind {
	case "user":
		return []string{"arn:aws:iam::123456789012:user/bob"}
	case "group":
		return []string{"arn:aws:iam::123456789012:group/admins"}
	}
	if service == "ec2.amazonaws.com" {
		return []string{"arn:aws:iam::123456789012:role/ec2-admin"}
	}
	if service == "" {
		return []string{"arn:aws:iam::123456789012:role/ec2-admin", "arn:aws:iam::123456789012:role/admin"}
	}
	return nil
}

func (around) Others(kind string) []string {
	if kind == "user" {
		return []string{"arn:aws:iam::123456789012:user/bob", "arn:aws:iam::123456789012:user/zoe"}
	}
	return []string{"arn:aws:iam::123456789012:role/ec2-admin", "arn:aws:iam::123456789012:role/admin", "arn:aws:iam::123456789012:role/app-1"}
}

func TestEscalations(t *testing.T) {
	const arn = "arn:aws:iam::123456789012:"
	for _, c := range []struct {
		name   string
		policy []string
		want   string
	}{
		{"reads", []string{"allow iam:Get*,iam:List* on *"}, ""},
		{"policy version", []string{"allow iam:CreatePolicyVersion on *"}, "CreatePolicyVersion"},
		{"version of an own policy", []string{"allow iam:SetDefaultPolicyVersion on " + arn + "policy/d*"}, "SetDefaultPolicyVersion"},
		{"version of another policy", []string{"allow iam:CreatePolicyVersion on " + arn + "policy/other"}, ""},
		{"own user", []string{"allow iam:AttachUserPolicy on arn:aws:iam::*:user/${aws:username}"}, "AttachUserPolicy"},
		{"own user by name", []string{"allow iam:PutUserPolicy on " + arn + "user/ann"}, "PutUserPolicy"},
		{"another user", []string{"allow iam:PutUserPolicy on " + arn + "user/zoe"}, ""},
		{"some policies only", []string{`allow iam:AttachUserPolicy on * if {"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`}, ""},
		{"own group", []string{"allow iam:PutGroupPolicy on " + arn + "group/devs"}, "PutGroupPolicy"},
		{"another group", []string{"allow iam:PutGroupPolicy on " + arn + "group/ops"}, ""},
		{"into a strong group", []string{"allow iam:AddUserToGroup on " + arn + "group/admins"}, "AddUserToGroup"},
		{"into a weak group", []string{"allow iam:AddUserToGroup on " + arn + "group/readers"}, ""},
		{"self-service of keys", []string{"allow iam:CreateAccessKey,iam:UpdateLoginProfile on arn:aws:iam::*:user/${aws:username}"}, ""},
		{"keys of all", []string{"allow iam:CreateAccessKey on *"}, "CreateAccessKey"},
		{"password of a strong user", []string{"allow iam:UpdateLoginProfile on " + arn + "user/b*"}, "UpdateLoginProfile"},
		{"trust without a role to assume", []string{"allow iam:UpdateAssumeRolePolicy on *"}, ""},
		{"trust", []string{"allow iam:UpdateAssumeRolePolicy on *", "allow sts:AssumeRole on " + arn + "role/admin"}, "UpdateAssumeRolePolicy"},
		{"trust of another role", []string{"allow iam:UpdateAssumeRolePolicy on " + arn + "role/ec2-admin", "allow sts:AssumeRole on " + arn + "role/admin"}, ""},
		{"pass alone", []string{"allow iam:PassRole on *"}, ""},
		{"pass to EC2", []string{"allow iam:PassRole,ec2:RunInstances on *"}, "PassRole to EC2"},
		{"pass to EC2 only", []string{"allow ec2:RunInstances,lambda:* on *", `allow iam:PassRole on * if {"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`}, "PassRole to EC2"},
		{"pass to EC2 and others", []string{"allow ec2:RunInstances on *", `allow iam:PassRole on * if {"StringLike":{"iam:PassedToService":["ecs.amazonaws.com","ec2*"]}}`}, "PassRole to EC2"},
		{"pass elsewhere", []string{"allow ec2:RunInstances on *", `allow iam:PassRole on * if {"StringEquals":{"iam:PassedToService":"monitoring.rds.amazonaws.com"}}`}, ""},
		{"pass a strong role to EC2", []string{"allow ec2:RunInstances on *", "allow iam:PassRole on " + arn + "role/ec2-*"}, "PassRole to EC2"},
		{"pass a strong role to a service that cannot take it", []string{"allow lambda:* on *", "allow iam:PassRole on " + arn + "role/ec2-*"}, ""},
		{"pass weak roles", []string{"allow ec2:RunInstances on *", "allow iam:PassRole on " + arn + "role/app-*"}, ""},
		{"pass service-linked roles", []string{"allow ec2:RunInstances on *", "allow iam:PassRole on " + arn + "role/aws-service-role/*"}, ""},
		{"pass denied", []string{"allow ec2:RunInstances,iam:PassRole on *", "deny iam:Pass* on *"}, ""},
		{"pass denied under a condition", []string{"allow ec2:RunInstances,iam:PassRole on *", `deny iam:Pass* on * if {"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`}, "PassRole to EC2"},
		{"pass denied for the strong role", []string{"allow ec2:RunInstances on *", "allow iam:PassRole on " + arn + "role/ec2-*", "deny iam:PassRole on " + arn + "role/ec2-admin"}, ""},
		{"pass to Lambda", []string{"allow iam:PassRole,lambda:CreateFunction,lambda:InvokeFunction on *"}, "PassRole to Lambda, invoked"},
		{"pass to a stack", []string{"allow iam:PassRole,cloudformation:CreateStack on *"}, "PassRole to CloudFormation"},
		{"pass to a task that is there", []string{"allow iam:PassRole,ecs:RunTask on *"}, "PassRole to ECS, by a task"},
		{"pass to a group of machines", []string{"allow iam:PassRole,autoscaling:Create* on *"}, "PassRole to EC2, by a new group"},
		{"half of a group of machines", []string{"allow iam:PassRole,autoscaling:CreateLaunchConfiguration on *"}, ""},
		{"pass a strong role to a cluster", []string{"allow elasticmapreduce:RunJobFlow on *", "allow iam:PassRole on " + arn + "role/ec2-*"}, "PassRole to EC2, by a cluster of EMR"},
		{"pass a strong role to a schedule, which cannot take it", []string{"allow scheduler:* on *", "allow iam:PassRole on " + arn + "role/ec2-*"}, ""},
		{"pass to a schedule", []string{"allow scheduler:* on *", `allow iam:PassRole on * if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}`}, "PassRole to EventBridge Scheduler"},
		{"pass to a state machine", []string{"allow iam:PassRole,states:* on *"}, "PassRole to Step Functions"},
		{"state machines that are there", []string{"allow states:* on *"}, ""},
		{"code of functions that are there", []string{"allow lambda:UpdateFunctionCode,ssm:SendCommand,ssm:StartSession,codebuild:StartBuild on *"}, ""},
		{"another user made strong, and his key", []string{"allow iam:AttachUserPolicy,iam:CreateAccessKey on " + arn + "user/z*"}, "AttachUserPolicy and CreateAccessKey"},
		{"another user made strong, and the key of a third", []string{"allow iam:AttachUserPolicy on " + arn + "user/zoe", "allow iam:CreateAccessKey on " + arn + "user/tom"}, ""},
		{"another role made strong, and taken", []string{"allow iam:PutRolePolicy,iam:UpdateAssumeRolePolicy,sts:AssumeRole on " + arn + "role/app-*"}, "PutRolePolicy and UpdateAssumeRolePolicy"},
		{"another role made strong, within a boundary", []string{"allow iam:UpdateAssumeRolePolicy,sts:AssumeRole on " + arn + "role/app-*",
			`allow iam:PutRolePolicy on * if {"StringEquals":{"iam:PermissionsBoundary":"` + arn + `policy/limit"}}`}, ""},
		{"another role made strong, which nobody lets him take", []string{"allow iam:PutRolePolicy,sts:AssumeRole on " + arn + "role/app-*"}, ""},
		{"NotAction", []string{"allow !iam:PassRole,iam:Put*,iam:Attach*,iam:Add*,iam:Create*,iam:Update* on *"}, "SetDefaultPolicyVersion"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, e := range user(t, c.policy...).Escalations(around{}) {
				got = append(got, e.Name)
				if len(e.Statements) == 0 || e.Through == "" {
					t.Errorf("%s has no evidence", e.Name)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestEscalationIsCapped(t *testing.T) {
	i := user(t, "allow iam:* on *")
	i.Boundary = &Source{Name: "boundary", Document: statements(t, "allow s3:*,iam:PassRole on *")}
	if got := i.Escalations(around{}); got != nil {
		t.Errorf("the boundary lets through %v", got)
	}
}

// Every way is open to who has its actions, and no less.
func TestEveryWay(t *testing.T) {
	for _, w := range ways() {
		actions := append(slices.Clone(w.on), w.with...)
		for n := range actions {
			most := slices.Delete(slices.Clone(actions), n, n+1)
			if slices.ContainsFunc(user(t, allowing(most)...).Escalations(nil), func(e Escalation) bool { return e.Name == w.name }) {
				t.Errorf("%s is open without %s", w.name, actions[n])
			}
		}
		got := user(t, allowing(actions)...).Escalations(nil)
		if !slices.ContainsFunc(got, func(e Escalation) bool { return e.Name == w.name }) {
			t.Errorf("%s is not open by %v, but %v", w.name, actions, got)
		}
	}
}

func allowing(actions []string) []string {
	if len(actions) == 0 {
		return nil
	}
	return []string{"allow " + strings.Join(actions, ",") + " on *"}
}

func TestBoundaryIsLifted(t *testing.T) {
	const arn = "arn:aws:iam::123456789012:"
	const limit = arn + "policy/limit"
	for _, c := range []struct {
		name             string
		policy, boundary string
		boundaryName     string
		want             string
	}{
		{"deleted", "allow * on *", "allow s3:*,iam:Delete* on *", limit, "DeleteUserPermissionsBoundary"},
		{"replaced", "allow * on *", "allow s3:*,iam:PutUserPermissionsBoundary on *", limit, "PutUserPermissionsBoundary"},
		{"written anew", "allow * on *", "allow s3:*,iam:CreatePolicyVersion on " + limit, limit, "CreatePolicyVersion"},
		{"AWS's own", "allow * on *", "allow s3:*,iam:CreatePolicyVersion on arn:aws:iam::aws:policy/*", "arn:aws:iam::aws:policy/PowerUserAccess", ""},
		{"that of another", "allow * on *", "allow s3:*,iam:DeleteUserPermissionsBoundary on " + arn + "user/zoe", limit, ""},
		{"of a role", "allow * on *", "allow s3:*,iam:DeleteRolePermissionsBoundary on *", limit, ""},
		{"nothing behind it", "allow s3:*,iam:Delete* on *", "allow * on *", limit, ""},
		{"a way behind it", "allow iam:PutUserPolicy,iam:DeleteUserPermissionsBoundary on *", "allow iam:DeleteUserPermissionsBoundary on *", limit, "DeleteUserPermissionsBoundary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := user(t, c.policy)
			i.Boundary = &Source{Name: c.boundaryName, Document: statements(t, c.boundary)}
			var got []string
			for _, e := range i.Escalations(around{}) {
				got = append(got, e.Name)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAllowsOn(t *testing.T) {
	const every = "arn:aws:iam::123456789012:role/*"
	passed := func(c *Condition) bool { return c.Is("iam:passedtoservice", Fixed) }
	for _, c := range []struct {
		name   string
		policy []string
		want   int
	}{
		{"star", []string{"allow iam:* on *"}, 1},
		{"by pattern", []string{"allow iam:Pass* on arn:aws:iam::*:role/*"}, 1},
		{"any account's anything", []string{"allow iam:PassRole on arn:*:iam::*:*"}, 1},
		{"own account", []string{"allow iam:PassRole on " + every}, 1},
		{"NotAction", []string{"allow !s3:* on *"}, 1},
		{"NotAction with it", []string{"allow !iam:* on *"}, 0},
		{"NotResource", []string{"allow iam:PassRole on !arn:aws:iam::123456789012:role/admin"}, 1},
		{"a path", []string{"allow iam:PassRole on arn:aws:iam::*:role/service-role/*"}, 0},
		{"bound", []string{`allow iam:PassRole on * if {"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`}, 0},
		{"not bound", []string{`allow iam:PassRole on * if {"StringLike":{"iam:PassedToService":"*"}}`}, 1},
		{"bound if it is said", []string{`allow iam:PassRole on * if {"StringEqualsIfExists":{"iam:PassedToService":"ec2.amazonaws.com"}}`}, 1},
		{"denied", []string{"allow iam:* on *", "deny iam:PassRole on *"}, 0},
		{"denied in part", []string{"allow iam:* on *", "deny iam:PassRole on arn:aws:iam::123456789012:role/admin"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := statements(t, c.policy...).AllowsOn("123456789012", "iam:passrole", every, passed); len(got) != c.want {
				t.Errorf("got %d statements, want %d", len(got), c.want)
			}
		})
	}
}

func TestRefNamesStatement(t *testing.T) {
	refs := user(t, "allow s3:* on *", "allow * on *").Admin()
	want := []Ref{{Policy: "p", Path: "InlinePolicies[0].PolicyDocument", Statement: 1}}
	if !slices.Equal(refs, want) || refs[0].String() != "statement 1 of p" {
		t.Errorf("got %v", refs)
	}
}
