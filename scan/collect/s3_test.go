package collect

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fob/scan"
)

// s3Error is a refusal as S3 words it.
func s3Error(status int, code string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, _ asked) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `<Error><Code>%s</Code><Message>no</Message><RequestId>req-1</RequestId></Error>`, code)
	}
}

// bucket answers for one bucket: by the subresource that is asked for, "policy", "acl" and
// so on. What the test says nothing of is as it is with a new bucket. A bucket may be
// asked in its own region only.
func (s *standIn) bucket(t *testing.T, name, region string, answers map[string]func(http.ResponseWriter, asked)) {
	fresh := map[string]func(http.ResponseWriter, asked){
		"publicAccessBlock": s3Error(404, "NoSuchPublicAccessBlockConfiguration"),
		"policy":            s3Error(404, "NoSuchBucketPolicy"),
		"ownershipControls": body(`<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`),
		"logging":           body(`<BucketLoggingStatus/>`),
		"versioning":        body(`<VersioningConfiguration/>`),
	}
	s.on("s3:GET /"+name, func(w http.ResponseWriter, q asked) {
		sub, _, _ := strings.Cut(strings.TrimSuffix(q.URL.RawQuery, "="), "&")
		if q.region != region {
			t.Errorf("the %s of %s was asked for in %s", sub, name, q.region)
		}
		answer := answers[sub]
		if answer == nil {
			answer = fresh[sub]
		}
		if answer == nil {
			t.Errorf("the %s of %s was asked for", sub, name)
			answer = s3Error(500, "InternalError")
		}
		answer(w, q)
	})
}

// bucketsIn lists buckets, "name region" each, on a page of its own.
func bucketsIn(t *testing.T, all ...string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		query, page := q.URL.Query(), 0
		if query.Get("max-buckets") != "1000" {
			t.Errorf("asked for %v", query)
		}
		_, _ = fmt.Sscan(query.Get("continuation-token"), &page)
		name, region, _ := strings.Cut(all[page], " ")
		next := ""
		if page++; page < len(all) {
			next = fmt.Sprintf("<ContinuationToken>%d</ContinuationToken>", page)
		}
		if region != "" {
			region = "<BucketRegion>" + region + "</BucketRegion>"
		}
		body("<ListAllMyBucketsResult><Owner><ID>me</ID></Owner><Buckets><Bucket><Name>"+name+"</Name>"+region+"</Bucket></Buckets>"+next+"</ListAllMyBucketsResult>")(w, q)
	}
}

const (
	blockAll         = `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`
	openACL          = `<AccessControlPolicy><Owner><ID>me</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`
	withACLs         = `<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>`
	logged           = `<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>open/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`
	versioned        = `<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>`
	openWrite        = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::open/*","Condition":{"StringLike":{"s3:x-amz-acl":"100%25"}}}]}`
	accountBlockCall = "s3:GET /v20180820/configuration/publicAccessBlock"
)

// verdictsOn are those of the checks on one resource, in the checks' order.
func verdictsOn(t *testing.T, s *snapshot, arn string, ids []string) (out string) {
	t.Helper()
	got := map[string]scan.Status{}
	for _, x := range findings(t, s, ids...) {
		if x.Resource.ARN == arn {
			got[x.Check] = x.Status
		}
	}
	for _, id := range ids {
		if got[id] != "" {
			out += " " + string(got[id])
		}
	}
	return strings.TrimSpace(out)
}

// s3Order are the checks as verdicts are written down.
func s3Order() []string {
	return []string{"s3-account-bpa", "s3-bucket-bpa", "s3-bucket-policy-public-read", "s3-bucket-policy-public-write", "s3-bucket-acl-public-read",
		"s3-bucket-acl-public-write", "s3-bucket-cross-account", "s3-bucket-tls", "s3-bucket-acl-enabled", "s3-bucket-logging", "s3-bucket-versioning"}
}

// TestBuckets takes buckets the whole way: answers of S3, snapshot, facts, verdicts; each
// asked in its own region, at most six times, and not at all where the region is not read.
func TestBuckets(t *testing.T) {
	aws := newStandIn(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "us-east-1", "ap-east-1", "!eu-south-2"))
	aws.on("organizations:DescribeOrganization", jsonError(400, "AWSOrganizationsNotInUseException", "none"))
	aws.on("organizations:ListAccounts", jsonError(400, "AWSOrganizationsNotInUseException", "none"))
	aws.on("s3:GET /", bucketsIn(t, "closed eu-west-1", "open us-east-1", "asleep eu-south-2", "left-out ap-east-1", "unplaced", "refused eu-west-1"))
	aws.on(accountBlockCall, func(w http.ResponseWriter, q asked) {
		if q.Header.Get("X-Amz-Account-Id") != testAccount {
			t.Errorf("asked of the account %q", q.Header.Get("X-Amz-Account-Id"))
		}
		w.WriteHeader(404)
		body(`<ErrorResponse><Error><Code>NoSuchPublicAccessBlockConfiguration</Code><Message>none</Message></Error><RequestId>req-1</RequestId></ErrorResponse>`)(w, q)
	})
	aws.on("s3:HEAD /unplaced", func(w http.ResponseWriter, _ asked) {
		w.Header().Set("X-Amz-Bucket-Region", "us-east-1")
		w.WriteHeader(403)
	})
	aws.bucket(t, "closed", "eu-west-1", map[string]func(http.ResponseWriter, asked){"publicAccessBlock": body(blockAll)})
	aws.bucket(t, "open", "us-east-1", map[string]func(http.ResponseWriter, asked){
		"ownershipControls": body(withACLs), "acl": body(openACL), "policy": body(openWrite), "logging": body(logged), "versioning": body(versioned),
	})
	aws.bucket(t, "unplaced", "us-east-1", nil)
	no := s3Error(403, "AccessDenied")
	aws.bucket(t, "refused", "eu-west-1", map[string]func(http.ResponseWriter, asked){
		"publicAccessBlock": no, "ownershipControls": no, "acl": no, "policy": no, "logging": no, "versioning": no,
	})
	c := aws.collector(t, s3Order()...)
	c.Exclude = []string{"ap-east-1"}
	s := read(t, c)
	for name, want := range map[string]struct {
		verdicts string
		calls    int
	}{
		"closed":   {"PASS PASS PASS PASS PASS PASS FAIL PASS FAIL FAIL", 5},
		"open":     {"FAIL PASS FAIL FAIL PASS PASS FAIL FAIL PASS PASS", 6},
		"unplaced": {"FAIL PASS PASS PASS PASS PASS FAIL PASS FAIL FAIL", 5},
		"refused":  {strings.TrimSpace(strings.Repeat("UNKNOWN ", 10)), 6},
		"asleep":   {strings.TrimSpace(strings.Repeat("UNKNOWN ", 10)), 0},
		"left-out": {"", 0},
	} {
		if got := verdictsOn(t, s, "arn:aws:s3:::"+name, s3Order()); got != want.verdicts {
			t.Errorf("%s: %s, want %s", name, got, want.verdicts)
		}
		if n := aws.made("s3:GET /" + name); n != want.calls {
			t.Errorf("%s: %d calls, want %d", name, n, want.calls)
		}
	}
	if got := verdictsOn(t, s, testAccount, s3Order()); got != "FAIL" {
		t.Errorf("the account: %s", got)
	}
	if n := aws.made("s3:HEAD /unplaced"); n != 1 || aws.made("s3:HEAD /open") > 0 {
		t.Errorf("%d calls for a region that was not said", n)
	}
	for _, x := range findings(t, s, "s3-bucket-versioning") {
		if x.Resource.Name == "asleep" && (len(x.Unread) != 1 || x.Unread[0].Why != scan.Disabled || x.Region != "eu-south-2") {
			t.Errorf("%s: %s of %s: %+v", x.Check, x.Status, x.Region, x.Unread)
		}
	}
	for _, e := range s.of("err") {
		if e.Of != "arn:aws:s3:::refused" || e.Why != scan.Denied {
			t.Errorf("error %+v", e)
		}
	}
}

// TestHollowBuckets: an answer that lacks what it always has is none, and a policy that is
// not understood is not half a policy.
func TestHollowBuckets(t *testing.T) {
	aws := newStandIn(t)
	aws.on("s3:GET /", bucketsIn(t, "b eu-west-1"))
	aws.on(accountBlockCall, body(`<PublicAccessBlockConfiguration/>`))
	aws.bucket(t, "b", "eu-west-1", map[string]func(http.ResponseWriter, asked){
		"publicAccessBlock": body(strings.Replace(blockAll, "<IgnorePublicAcls>true</IgnorePublicAcls>", "", 1)), "ownershipControls": body(`<OwnershipControls/>`),
		"acl": body(`<AccessControlPolicy/>`), "policy": body(`{"Statement":[{"Effect":"Allow"`),
	})
	s := read(t, aws.collector(t, s3Order()...))
	if got := verdictsOn(t, s, "arn:aws:s3:::b", s3Order()); got != "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN FAIL" {
		t.Error(got)
	}
	if got := verdictsOn(t, s, testAccount, s3Order()); got != "UNKNOWN" {
		t.Errorf("the account: %s", got)
	}
	if *s.end(t).Complete {
		t.Error("the scan calls itself complete")
	}
}

// TestNoNamesOfPersons: an ACL's lines are kept without whose they are by name.
func TestNoNamesOfPersons(t *testing.T) {
	aws := newStandIn(t)
	aws.on("s3:GET /", bucketsIn(t, "b eu-west-1"))
	named := `<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>79a59</ID><DisplayName>ann.smith</DisplayName></Grantee><Permission>READ</Permission></Grant>`
	aws.bucket(t, "b", "eu-west-1", map[string]func(http.ResponseWriter, asked){
		"ownershipControls": body(withACLs), "acl": body(strings.Replace(openACL, "<Grant>", named+"<Grant>", 1)),
	})
	for _, l := range read(t, aws.collector(t, "s3-bucket-acl-public-read")).of("res") {
		if acl := string(l.D["Acl"]); acl != "" && (strings.Contains(acl, "ann") || !strings.Contains(acl, "79a59")) {
			t.Errorf("recorded %s", acl)
		}
	}
}
