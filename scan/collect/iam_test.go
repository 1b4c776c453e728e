package collect

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// iamAWS answers for IAM and Organizations, as a small account.
type iamAWS struct {
	mu      sync.Mutex
	calls   []string          // operations, in order
	refuse  map[string]string // operation → error code
	making  int               // how often the credential report is not done yet
	report  string
	members bool // this account is told the organization's members
}

const iamAccount = "123456789012"

func newIAM(t *testing.T) (*iamAWS, string) {
	t.Helper()
	a := &iamAWS{refuse: map[string]string{}, report: testReport("ann", "true"), members: true}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	return a, server.URL
}

func testReport(user, password string) string {
	const header = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
		"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
		"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
		"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n"
	const rest = ",2024-01-01T00:00:00+00:00,%s,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
	return header + "<root_account>,arn:aws:iam::" + iamAccount + ":root" + fmt.Sprintf(rest, "not_supported") +
		user + ",arn:aws:iam::" + iamAccount + ":user/" + user + fmt.Sprintf(rest, password)
}

func (a *iamAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	operation := r.Form.Get("Action")
	target := r.Header.Get("X-Amz-Target")
	if _, name, ok := strings.Cut(target, "."); ok {
		operation = name
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, operation)
	if code := a.refuse[operation]; code != "" {
		w.WriteHeader(http.StatusForbidden)
		if target != "" {
			_, _ = fmt.Fprintf(w, `{"__type":%q,"Message":"no"}`, code)
		} else {
			_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code><Message>no</Message></Error></ErrorResponse>`, code)
		}
		return
	}
	_, _ = fmt.Fprint(w, a.answer(operation, r.Form))
}

func (a *iamAWS) answer(operation string, form url.Values) string {
	result := func(inner string) string {
		return "<" + operation + "Response><" + operation + "Result>" + inner + "</" + operation + "Result></" + operation + "Response>"
	}
	switch operation {
	case "DescribeRegions":
		return `<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>`
	case "GetAccountAuthorizationDetails":
		if form.Get("Marker") == "" {
			return result(authorizationPage1)
		}
		return result(authorizationPage2)
	case "GenerateCredentialReport":
		if a.making > 0 {
			a.making--
			return result("<State>INPROGRESS</State>")
		}
		return result("<State>COMPLETE</State>")
	case "GetCredentialReport":
		return result("<Content>" + base64.StdEncoding.EncodeToString([]byte(a.report)) + "</Content><GeneratedTime>2026-11-22T18:00:00Z</GeneratedTime>")
	case "GetAccountSummary":
		return result("<SummaryMap><entry><key>AccountMFAEnabled</key><value>1</value></entry><entry><key>AccountAccessKeysPresent</key><value>0</value></entry></SummaryMap>")
	case "GetAccountPasswordPolicy":
		return result("<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength></PasswordPolicy>")
	case "ListVirtualMFADevices":
		return result("<VirtualMFADevices><member><SerialNumber>arn:aws:iam::" + iamAccount + ":mfa/root</SerialNumber><User><Arn>arn:aws:iam::" + iamAccount + ":root</Arn></User></member></VirtualMFADevices>")
	case "ListServerCertificates":
		return result("<ServerCertificateMetadataList/>")
	case "DescribeOrganization":
		return `{"Organization":{"Id":"o-abc1234567","MasterAccountId":"111111111111"}}`
	case "ListAccounts":
		return `{"Accounts":[{"Id":"111111111111","Name":"main","State":"ACTIVE"}]}`
	}
	return "unexpected " + operation
}

var (
	authorizationPage1 = `<IsTruncated>true</IsTruncated><Marker>2</Marker>
<UserDetailList><member><UserName>ann</UserName><Arn>arn:aws:iam::123456789012:user/ann</Arn><Path>/</Path><GroupList><member>devs</member></GroupList><AttachedManagedPolicies/>
 <UserPolicyList><member><PolicyName>s3</PolicyName><PolicyDocument>` + url.PathEscape(`{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`) + `</PolicyDocument></member></UserPolicyList>
 <Tags><member><Key>team</Key><Value>a</Value></member></Tags></member></UserDetailList>`
	authorizationPage2 = `<IsTruncated>false</IsTruncated>
<GroupDetailList><member><GroupName>devs</GroupName><Arn>arn:aws:iam::123456789012:group/devs</Arn><AttachedManagedPolicies><member><PolicyArn>arn:aws:iam::aws:policy/AdministratorAccess</PolicyArn><PolicyName>AdministratorAccess</PolicyName></member></AttachedManagedPolicies></member></GroupDetailList>
<RoleDetailList><member><RoleName>ci</RoleName><Arn>arn:aws:iam::123456789012:role/ci</Arn><Path>/</Path><CreateDate>2026-11-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>` + url.PathEscape(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"sts:AssumeRole"}]}`) + `</AssumeRolePolicyDocument></member>
 <member><RoleName>odd</RoleName><Arn>arn:aws:iam::123456789012:role/odd</Arn><AssumeRolePolicyDocument>` + url.PathEscape(`{"Statement":[{"Effect":"Allow","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}`) + `</AssumeRolePolicyDocument></member></RoleDetailList>
<Policies><member><Arn>arn:aws:iam::aws:policy/AdministratorAccess</Arn><PolicyName>AdministratorAccess</PolicyName><AttachmentCount>1</AttachmentCount><DefaultVersionId>v2</DefaultVersionId>
  <PolicyVersionList><member><VersionId>v1</VersionId><IsDefaultVersion>false</IsDefaultVersion><Document>%7B%7D</Document></member>
  <member><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>` + url.PathEscape(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`) + `</Document></member></PolicyVersionList></member>
 <member><Arn>arn:aws:iam::aws:policy/Unused</Arn><PolicyName>Unused</PolicyName><AttachmentCount>0</AttachmentCount></member></Policies>`
)

func iamChecks(ids ...string) (out []scan.Check) {
	for _, c := range scan.Checks() {
		if c.Service == "iam" && (len(ids) == 0 || slices.Contains(ids, c.ID)) {
			out = append(out, c)
		}
	}
	return out
}

// verdicts reads the account and judges it: "check resource" → status.
func verdicts(t *testing.T, endpoint string, checks []scan.Check) (map[string]scan.Finding, *Collector) {
	t.Helper()
	plan, err := NewPlan(checks)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 18, 40, 0, 0, time.UTC) }
	c := &Collector{Plan: plan, Endpoint: endpoint, Now: now, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	var out bytes.Buffer
	err = c.Run(context.Background(), Account{ID: iamAccount, Partition: "aws", Region: "eu-west-1", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
	})}, &out)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := scan.Load(&out, scan.Kinds())
	if err != nil || len(facts) != 1 {
		t.Fatalf("%d accounts, %v", len(facts), err)
	}
	got := map[string]scan.Finding{}
	scan.Judge(facts[0], checks, scan.Options{}, func(f scan.Finding) { got[strings.TrimSpace(f.Check+" "+f.Resource.Name)] = f })
	return got, c
}

func TestIAM(t *testing.T) {
	a, endpoint := newIAM(t)
	a.making = 2
	got, _ := verdicts(t, endpoint, iamChecks())
	for what, want := range map[string]scan.Status{
		"iam-user-admin ann":                        scan.StatusFail, // by the group of the second page
		"iam-user-direct-policy ann":                scan.StatusFail,
		"iam-user-console-mfa ann":                  scan.StatusFail,
		"iam-root-hardware-mfa " + iamAccount:       scan.StatusFail,
		"iam-root-access-key " + iamAccount:         scan.StatusPass,
		"iam-password-min-length " + iamAccount:     scan.StatusPass,
		"iam-password-reuse " + iamAccount:          scan.StatusFail,
		"iam-policy-admin-star AdministratorAccess": scan.StatusFail,
		"iam-policy-admin-star s3":                  scan.StatusPass,
		"iam-role-trust-external ci":                scan.StatusFail,
		"iam-role-trust-external odd":               scan.StatusUnknown, // says two things
		"iam-role-unused ci":                        scan.StatusPass,
	} {
		if got[what].Status != want {
			t.Errorf("%s is %s, want %s: %s", what, got[what].Status, want, got[what].Message)
		}
	}
	if f, ok := got["iam-policy-admin-star Unused"]; ok {
		t.Errorf("a policy of AWS that nobody has is judged: %v", f)
	}
	if tags := got["iam-user-admin ann"].Resource.Tags; tags["team"] != "a" {
		t.Errorf("ann's tags are %v", tags)
	}
	// The report is asked for until it is there, and by one operation; each other call
	// is made once, pages aside.
	want := []string{"DescribeOrganization", "DescribeRegions", "GenerateCredentialReport", "GenerateCredentialReport", "GenerateCredentialReport",
		"GetAccountAuthorizationDetails", "GetAccountAuthorizationDetails", "GetAccountPasswordPolicy", "GetAccountSummary", "GetCredentialReport",
		"ListAccounts", "ListServerCertificates", "ListVirtualMFADevices"}
	if slices.Sort(a.calls); !slices.Equal(a.calls, want) {
		t.Errorf("calls %v, want %v", a.calls, want)
	}
}

func TestIAMAbsentAndDenied(t *testing.T) {
	const password, console = "iam-password-reuse " + iamAccount, "iam-user-console-mfa"
	for _, c := range []struct {
		name, operation, code string
		check                 string // and the resource's name
		want                  scan.Status
		why                   scan.Why
	}{
		{"no password policy", "GetAccountPasswordPolicy", "NoSuchEntity", password, scan.StatusFail, ""},
		{"password policy denied", "GetAccountPasswordPolicy", "AccessDenied", password, scan.StatusUnknown, scan.Denied},
		{"no new report, an old one is there", "GenerateCredentialReport", "AccessDenied", console + " ann", scan.StatusFail, ""},
		{"report denied", "GetCredentialReport", "AccessDenied", console + " *", scan.StatusUnknown, scan.Denied},
		{"details denied", "GetAccountAuthorizationDetails", "AccessDenied", "iam-role-unused *", scan.StatusUnknown, scan.Denied},
		{"no organization", "DescribeOrganization", "AWSOrganizationsNotInUseException", "iam-role-trust-external ci", scan.StatusFail, ""},
		{"members out of reach", "ListAccounts", "AccessDeniedException", "iam-role-trust-external ci", scan.StatusUnknown, scan.Context},
		{"organization denied", "DescribeOrganization", "AccessDeniedException", "iam-role-trust-external ci", scan.StatusUnknown, scan.Denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, endpoint := newIAM(t)
			a.refuse[c.operation] = c.code
			if c.code == "AWSOrganizationsNotInUseException" {
				a.refuse["ListAccounts"] = c.code
			}
			id, _, _ := strings.Cut(c.check, " ")
			got, _ := verdicts(t, endpoint, iamChecks(id))
			f := got[c.check]
			if f.Status != c.want {
				t.Fatalf("%s is %s, want %s: %s", c.check, f.Status, c.want, f.Message)
			}
			if c.why != "" && (len(f.Unread) == 0 || f.Unread[0].Why != c.why || f.Unread[0].Op == "") {
				t.Errorf("unread: %v, want %s", f.Unread, c.why)
			}
		})
	}
}

// What the report says of a password that is not understood may be one.
func TestConsoleUsers(t *testing.T) {
	for password, want := range map[string]scan.Severity{
		"true": scan.Medium, "TRUE": scan.Medium, "perhaps": scan.Medium, "false": scan.Info, "FALSE": scan.Info, "N/A": scan.Info,
	} {
		a, endpoint := newIAM(t)
		a.report = testReport("ann", password)
		a.refuse["GetAccountPasswordPolicy"] = "NoSuchEntity"
		got, _ := verdicts(t, endpoint, iamChecks("iam-password-min-length"))
		if f := got["iam-password-min-length "+iamAccount]; f.Severity != want {
			t.Errorf("%s: severity %s, want %s", password, f.Severity, want)
		}
	}
}

// A report that AWS never finishes ends the wait.
func TestCredentialReportIsNotMade(t *testing.T) {
	a, endpoint := newIAM(t)
	a.making = 1 << 30
	a.refuse["GetCredentialReport"] = "ReportNotPresent"
	got, _ := verdicts(t, endpoint, iamChecks("iam-user-two-keys"))
	f := got["iam-user-two-keys *"]
	if f.Status != scan.StatusUnknown || f.Unread[0].Why != scan.Failed {
		t.Errorf("%s: %v", f.Status, f.Unread)
	}
	if n := len(a.calls); n != reportTries+2 { // the regions and the report beside
		t.Errorf("%d calls", n)
	}
}

// TestSlowIAM: IAM takes its time for the details of a big account.
func TestSlowIAM(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newSimulated()
		s.answers["iam:GetAccountAuthorizationDetails"] = func(w http.ResponseWriter, q asked) {
			time.Sleep(longTryLimit / 2)
			body(`<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated></GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>`)(w, q)
		}
		got, err := runInto(t, s.collector(t, "iam-policy-notaction"), theAccount())
		if err != nil || len(got.of("err")) > 0 {
			t.Errorf("%+v, %v", got.of("err"), err)
		}
	})
}
