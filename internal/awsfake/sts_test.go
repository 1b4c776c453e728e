package awsfake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"fob/internal/awsfake"
)

const (
	ops        = "arn:aws:iam::123456789012:role/Ops"
	invalidMFA = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
	notOwnMFA  = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user. "
	denied     = "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
	unknownKey = "The security token included in the request is invalid."
)

func TestGetCallerIdentity(t *testing.T) {
	f := start(t, awsfake.Options{})
	out, err := f.sts().GetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if *out.Arn != f.ann.ARN || *out.UserId != f.ann.ID || *out.Account != account {
		t.Errorf("got %s, %s, %s", *out.Arn, *out.UserId, *out.Account)
	}
}

func TestGetSessionToken(t *testing.T) {
	f := start(t, awsfake.Options{})
	before := f.Now()
	out, err := f.sts().GetSessionToken(t.Context(), &sts.GetSessionTokenInput{
		SerialNumber: &f.mfa.Serial, TokenCode: f.code(), DurationSeconds: aws.Int32(28800),
	})
	if err != nil {
		t.Fatal(err)
	}
	c := out.Credentials
	if life := c.Expiration.Sub(before); life < 8*time.Hour-2*time.Second || life > 8*time.Hour+time.Minute {
		t.Errorf("session lives for %s", life)
	}
	if !strings.HasPrefix(*c.AccessKeyId, "ASIA") || accountOf(t, *c.AccessKeyId) != account || len(*c.SessionToken) < 500 {
		t.Errorf("odd session: %s, token of %d bytes", *c.AccessKeyId, len(*c.SessionToken))
	}
	if arn, err := whoami(t, f.as(c)); err != nil || arn != f.ann.ARN {
		t.Errorf("the session is %s, %v", arn, err)
	}
	if all := f.Sessions(); len(all) != 1 || all[0].ID != *c.AccessKeyId || all[0].Token != *c.SessionToken {
		t.Errorf("Sessions() says %v", all)
	}
	_, err = sts.NewFromConfig(f.as(c)).GetSessionToken(t.Context(), nil)
	refused(t, err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
}

func TestGetSessionTokenRefuses(t *testing.T) {
	f := start(t, awsfake.Options{})
	ben := f.AddUser(account, "ben").AddMFA("")
	for name, tt := range map[string]struct {
		in            sts.GetSessionTokenInput
		code, message string
	}{
		"short":         {sts.GetSessionTokenInput{DurationSeconds: aws.Int32(899)}, "ValidationError", "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"},
		"long":          {sts.GetSessionTokenInput{DurationSeconds: aws.Int32(129601)}, "ValidationError", "1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 129600"},
		"only a code":   {sts.GetSessionTokenInput{TokenCode: aws.String("123456")}, "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. "},
		"only a serial": {sts.GetSessionTokenInput{SerialNumber: &f.mfa.Serial}, "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. "},
		"wrong code":    {sts.GetSessionTokenInput{SerialNumber: &f.mfa.Serial, TokenCode: aws.String(f.mfa.Code(f.Now().Add(time.Hour)))}, "AccessDenied", invalidMFA},
		"five digits":   {sts.GetSessionTokenInput{SerialNumber: &f.mfa.Serial, TokenCode: aws.String("12345")}, "ValidationError", ""},
		"another's":     {sts.GetSessionTokenInput{SerialNumber: &ben.Serial, TokenCode: aws.String(ben.Code(f.Now()))}, "AccessDenied", notOwnMFA},
		"no device":     {sts.GetSessionTokenInput{SerialNumber: aws.String("arn:aws:iam::123456789012:user/ann"), TokenCode: aws.String("123456")}, "AccessDenied", notOwnMFA},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.sts().GetSessionToken(t.Context(), &tt.in)
			refused(t, err, tt.code, tt.message)
		})
	}
	if n := len(f.Sessions()); n != 0 {
		t.Errorf("%d sessions were given out", n)
	}
}

func TestACodeCountsOnce(t *testing.T) {
	c := &clock{}
	f := start(t, awsfake.Options{Now: c.Now})
	role := f.role(awsfake.Role{ARN: ops, RequireMFA: true})
	in := &sts.GetSessionTokenInput{SerialNumber: &f.mfa.Serial, TokenCode: f.code()}
	if _, err := f.sts().GetSessionToken(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	_, err := f.sts().GetSessionToken(t.Context(), in)
	refused(t, err, "AccessDenied", invalidMFA)
	_, err = f.sts().AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("x1"), SerialNumber: in.SerialNumber, TokenCode: in.TokenCode})
	refused(t, err, "AccessDenied", invalidMFA)

	c.advance(30 * time.Second)
	in.TokenCode = f.code()
	if _, err := f.sts().GetSessionToken(t.Context(), in); err != nil {
		t.Errorf("the next code: %v", err)
	}
	if st := f.Stats(); st.Codes != 2 || st.Reused != 2 || st.Refused != 2 {
		t.Errorf("stats %+v", st)
	}
}

func TestAssumeRole(t *testing.T) {
	f := start(t, awsfake.Options{})
	role := f.role(awsfake.Role{ARN: "arn:aws:iam::210987654321:role/a/b/Audit", ExternalID: "x-1", MaxSession: 12 * time.Hour, Trusted: []string{account}})
	out, err := f.sts().AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: &role, RoleSessionName: aws.String("fob-ann"), ExternalId: aws.String("x-1"), DurationSeconds: aws.Int32(43200),
		SerialNumber: &f.mfa.Serial, TokenCode: f.code(), SourceIdentity: aws.String("ann"), Policy: aws.String("{}"),
		PolicyArns: []ststypes.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")}},
		Tags:       []ststypes.Tag{{Key: aws.String("team"), Value: aws.String("a b")}, {Key: aws.String("k"), Value: aws.String("")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:sts::210987654321:assumed-role/Audit/fob-ann"
	if *out.AssumedRoleUser.Arn != arn || !strings.HasPrefix(*out.AssumedRoleUser.AssumedRoleId, "AROA") || !strings.HasSuffix(*out.AssumedRoleUser.AssumedRoleId, ":fob-ann") {
		t.Errorf("assumed %s, %s", *out.AssumedRoleUser.Arn, *out.AssumedRoleUser.AssumedRoleId)
	}
	if *out.SourceIdentity != "ann" || accountOf(t, *out.Credentials.AccessKeyId) != "210987654321" {
		t.Errorf("source identity %s, key %s", *out.SourceIdentity, *out.Credentials.AccessKeyId)
	}
	if got, err := whoami(t, f.as(out.Credentials)); err != nil || got != arn {
		t.Errorf("the session is %s, %v", got, err)
	}
	c := f.Calls()[0]
	c.Time = time.Time{}
	got := fmt.Sprintf("%+v", c)
	for _, want := range []string{
		"Action:AssumeRole", "AccessKeyID:" + f.ann.Key.ID, "Signer:" + f.ann.ARN, "Region:eu-central-1", "Host:127.0.0.1:", "UserAgent:aws-sdk-go-v2/",
		"RoleARN:" + role, "SessionName:fob-ann", "ExternalID:x-1", "Seconds:43200", "MFA:true", "SourceIdentity:ann", "Policy:{}",
		"PolicyARNs:[arn:aws:iam::aws:policy/ReadOnlyAccess]", "Tags:map[k: team:a b]", "Status:200",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the log lacks %s:\n%s", want, got)
		}
	}
	if st := f.Stats(); st.Roles[role] != 1 || st.Calls["AssumeRole"] != 1 || st.Calls["GetCallerIdentity"] != 1 || st.Total != 2 || st.Refused != 0 {
		t.Errorf("stats %+v", st)
	}
}

func TestAssumeRoleRefuses(t *testing.T) {
	f := start(t, awsfake.Options{})
	role := f.role(awsfake.Role{ARN: ops, ExternalID: "x-1", MaxSession: 2 * time.Hour})
	mfaRole := f.role(awsfake.Role{ARN: ops + "MFA", RequireMFA: true})
	foreign := f.role(awsfake.Role{ARN: ops + "Foreign", Trusted: []string{"arn:aws:iam::123456789012:user/ben"}})
	china := f.role(awsfake.Role{ARN: "arn:aws-cn:iam::123456789012:role/Ops"})
	ask := func(arn, session string, change func(*sts.AssumeRoleInput)) *sts.AssumeRoleInput {
		in := &sts.AssumeRoleInput{RoleArn: &arn, RoleSessionName: &session, ExternalId: aws.String("x-1")}
		if change != nil {
			change(in)
		}
		return in
	}
	for name, tt := range map[string]struct {
		in            *sts.AssumeRoleInput
		code, message string
	}{
		"no such role":      {ask(ops+"None", "ann", nil), "AccessDenied", fmt.Sprintf(denied, f.ann.ARN, ops+"None")},
		"external id":       {ask(role, "ann", func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("x-2") }), "AccessDenied", fmt.Sprintf(denied, f.ann.ARN, role)},
		"no external id":    {ask(role, "ann", func(in *sts.AssumeRoleInput) { in.ExternalId = nil }), "AccessDenied", fmt.Sprintf(denied, f.ann.ARN, role)},
		"no MFA":            {ask(mfaRole, "ann", nil), "AccessDenied", fmt.Sprintf(denied, f.ann.ARN, mfaRole)},
		"not trusted":       {ask(foreign, "ann", nil), "AccessDenied", fmt.Sprintf(denied, f.ann.ARN, foreign)},
		"another partition": {ask(china, "ann", nil), "AccessDenied", fmt.Sprintf(denied, f.ann.ARN, china)},
		"session name":      {ask(role, "ann smith", nil), "ValidationError", `1 validation error detected: Value 'ann smith' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`},
		"short name":        {ask(role, "a", nil), "ValidationError", ""},
		"no ARN":            {ask("123456789012:role/Operators", "ann", nil), "ValidationError", "123456789012:role/Operators is invalid"},
		"899 s":             {ask(role, "ann", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) }), "ValidationError", ""},
		"over 12 h":         {ask(role, "ann", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(43201) }), "ValidationError", ""},
		"over role's max":   {ask(role, "ann", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(7201) }), "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."},
		"wrong code": {ask(mfaRole, "ann", func(in *sts.AssumeRoleInput) {
			in.SerialNumber, in.TokenCode = &f.mfa.Serial, aws.String(f.mfa.Code(f.Now().Add(time.Hour)))
		}), "AccessDenied", invalidMFA},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.sts().AssumeRole(t.Context(), tt.in)
			refused(t, err, tt.code, tt.message)
		})
	}
	if _, err := f.sts().AssumeRole(t.Context(), ask(role, "ann", func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(7200) })); err != nil {
		t.Errorf("a good request: %v", err)
	}
}

func TestRolesFromSessions(t *testing.T) {
	f := start(t, awsfake.Options{})
	role := f.role(awsfake.Role{ARN: ops, MaxSession: 12 * time.Hour, RequireMFA: true})
	next := f.role(awsfake.Role{ARN: ops + "Next", MaxSession: 12 * time.Hour, Trusted: []string{ops}})
	assume := func(c aws.Config, arn string, seconds int32) (*sts.AssumeRoleOutput, error) {
		return sts.NewFromConfig(c).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: &arn, RoleSessionName: aws.String("ann"), DurationSeconds: &seconds})
	}
	const capped = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."

	_, err := assume(f.as(f.session(false)), role, 3600)
	refused(t, err, "AccessDenied", fmt.Sprintf(denied, f.ann.ARN, role))
	withMFA := f.as(f.session(true))
	_, err = assume(withMFA, role, 3601)
	refused(t, err, "ValidationError", capped)
	out, err := assume(withMFA, role, 3600)
	if err != nil {
		t.Fatal(err)
	}
	inRole := f.as(out.Credentials)
	_, err = assume(inRole, next, 7200)
	refused(t, err, "ValidationError", capped)
	if _, err := assume(inRole, next, 3600); err != nil {
		t.Errorf("chained: %v", err)
	}
	// A role session knows of no MFA, but a code may come with the call.
	_, err = assume(inRole, role, 3600)
	refused(t, err, "AccessDenied", "")
	ben := f.AddUser(account, "ben").AddMFA("")
	if _, err := sts.NewFromConfig(inRole).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: &role, RoleSessionName: aws.String("ann"), SerialNumber: &ben.Serial, TokenCode: aws.String(ben.Code(f.Now())),
	}); err != nil {
		t.Errorf("chained with a code: %v", err)
	}
	if _, err := iam.NewFromConfig(inRole).GetUser(t.Context(), nil); err == nil {
		t.Error("GetUser found a user for a role session")
	}
}

func TestExpiry(t *testing.T) {
	c := &clock{}
	f := start(t, awsfake.Options{Now: c.Now})
	f.Behave(func(b *awsfake.Behaviour) { b.TTL = time.Minute })
	first := f.as(f.session(true))
	c.advance(59 * time.Second)
	if _, err := whoami(t, first); err != nil {
		t.Fatalf("before its end: %v", err)
	}
	c.advance(time.Second)
	_, err := whoami(t, first)
	refused(t, err, "ExpiredToken", "The security token included in the request is expired")

	f.Behave(func(b *awsfake.Behaviour) { b.TTL = 0 })
	second := f.as(f.session(false))
	if _, err := whoami(t, second); err != nil {
		t.Fatal(err)
	}
	f.ExpireAll()
	_, err = whoami(t, second)
	refused(t, err, "ExpiredToken", "")
}

func TestGetFederationToken(t *testing.T) {
	f := start(t, awsfake.Options{})
	out, err := f.sts().GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("guest")})
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:sts::123456789012:federated-user/guest"
	if got, err := whoami(t, f.as(out.Credentials)); err != nil || got != arn || *out.FederatedUser.Arn != arn || *out.FederatedUser.FederatedUserId != "123456789012:guest" {
		t.Errorf("got %s, %s, %v", got, *out.FederatedUser.Arn, err)
	}
	role := f.role(awsfake.Role{ARN: ops})
	_, err = sts.NewFromConfig(f.as(out.Credentials)).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("x1")})
	refused(t, err, "AccessDenied", "")
	_, err = f.sts().GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("a guest")})
	refused(t, err, "ValidationError", "")
}

func TestAssumeRoleWithWebIdentity(t *testing.T) {
	f := start(t, awsfake.Options{})
	f.AddWebIdentity("a.b.c", "system:serviceaccount:default:fob")
	role := f.role(awsfake.Role{ARN: ops})
	guarded := f.role(awsfake.Role{ARN: ops + "MFA", RequireMFA: true})
	ask := func(arn, token string, seconds int32) (*sts.AssumeRoleWithWebIdentityOutput, error) {
		c := f.config(awsfake.Key{}, "")
		c.Credentials = nil
		return sts.NewFromConfig(c).AssumeRoleWithWebIdentity(t.Context(), &sts.AssumeRoleWithWebIdentityInput{
			RoleArn: &arn, RoleSessionName: aws.String("pod"), WebIdentityToken: &token, DurationSeconds: &seconds,
		})
	}
	out, err := ask(role, "a.b.c", 3600)
	if err != nil {
		t.Fatal(err)
	}
	if *out.SubjectFromWebIdentityToken != "system:serviceaccount:default:fob" || *out.AssumedRoleUser.Arn != "arn:aws:sts::123456789012:assumed-role/Ops/pod" {
		t.Errorf("got %s, %s", *out.SubjectFromWebIdentityToken, *out.AssumedRoleUser.Arn)
	}
	if c := f.Calls()[0]; c.AccessKeyID != "" || c.Signer != "" {
		t.Errorf("the call was signed: %+v", c)
	}
	_, err = ask(role, "a.b.d", 3600)
	refused(t, err, "InvalidIdentityToken", "")
	_, err = ask(role, "opaque", 3600)
	refused(t, err, "InvalidIdentityToken", "")
	_, err = ask(guarded, "a.b.c", 3600)
	refused(t, err, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
	_, err = ask(role, "a.b.c", 3601)
	refused(t, err, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
}

func TestPartitions(t *testing.T) {
	f := start(t, awsfake.Options{})
	for partition, region := range map[string]string{"aws": "ap-southeast-4", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"} {
		u := f.AddUserIn(partition, account, "pat-"+partition)
		role := f.role(awsfake.Role{ARN: "arn:" + partition + ":iam::123456789012:role/Ops"})
		for _, at := range []string{"ap-southeast-4", "cn-north-1", "us-gov-west-1"} {
			c := f.config(u.Key, "")
			c.Region = at
			out, err := sts.NewFromConfig(c).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("x1")})
			if at != region {
				refused(t, err, "InvalidClientTokenId", unknownKey)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := "arn:" + partition + ":sts::123456789012:assumed-role/Ops/x1"; *out.AssumedRoleUser.Arn != want {
				t.Errorf("got %s, want %s", *out.AssumedRoleUser.Arn, want)
			}
		}
	}
}
