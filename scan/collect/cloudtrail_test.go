package collect

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/internal/mototest"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// trailList answers with trails, "name home account" each.
func trailList(trails ...string) func(http.ResponseWriter, asked) {
	var list []string
	for _, t := range trails {
		f := strings.Fields(t)
		list = append(list, fmt.Sprintf(`{"Name":%q,"HomeRegion":%q,"TrailARN":"arn:aws:cloudtrail:%[2]s:%[3]s:trail/%[1]s","S3BucketName":"trail-logs",`+
			`"IsMultiRegionTrail":%[4]v,"IncludeGlobalServiceEvents":true,"LogFileValidationEnabled":true}`, f[0], f[1], f[2], f[0] != "single"))
	}
	return body(`{"trailList":[` + strings.Join(list, ",") + `]}`)
}

// onlyIn answers in one region, and fails the test elsewhere.
func onlyIn(t *testing.T, region string, answer func(http.ResponseWriter, asked)) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		if q.region != region {
			t.Errorf("%s was asked in %s, not in %s", q.op, q.region, region)
		}
		answer(w, q)
	}
}

// byTrail answers for each trail apart: by the name at the end of the ARN in the request.
func byTrail(t *testing.T, answers map[string]func(http.ResponseWriter, asked)) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		for name, answer := range answers {
			if strings.Contains(q.sent, "trail/"+name+`"`) {
				answer(w, q)
				return
			}
		}
		t.Errorf("%s of %s", q.op, q.sent)
	}
}

const (
	trailWorks = `{"IsLogging":true,"LatestDeliveryTime":1795365600,"StartLoggingTime":1790000000}`
	allObjects = `{"TrailARN":"t","AdvancedEventSelectors":[{"Name":"m","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]},{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::S3::Object"]}]}]}`
)

func trailOrder() []string {
	return []string{"cloudtrail-not-enabled", "cloudtrail-global-events", "cloudtrail-s3-write-events", "cloudtrail-stopped", "cloudtrail-log-validation",
		"cloudtrail-kms", "cloudtrail-cloudwatch", "cloudtrail-delivery-failing", "cloudtrail-bucket-logging", "cloudtrail-bucket-public"}
}

// TestTrails: what several regions show is read once, in its home where that is read, and
// never where nothing is to be read. The organization's trail hides its selectors from
// members, and nobody refused anything.
func TestTrails(t *testing.T) {
	aws := newStandIn(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "us-east-1", "ap-east-1"))
	shown := []string{"home us-east-1 123456789012", "far ap-east-1 123456789012", "org us-east-1 111111111111"}
	aws.on("us-east-1 cloudtrail:DescribeTrails", trailList(shown...))
	aws.on("eu-west-1 cloudtrail:DescribeTrails", trailList(append(shown, "single eu-west-1 123456789012")...))
	aws.on("ap-east-1 cloudtrail:DescribeTrails", onlyIn(t, "", trailList()))
	works := body(trailWorks)
	aws.on("cloudtrail:GetTrailStatus", byTrail(t, map[string]func(http.ResponseWriter, asked){
		"home": onlyIn(t, "us-east-1", works), "org": onlyIn(t, "us-east-1", works), "single": onlyIn(t, "eu-west-1", works),
		"far": func(w http.ResponseWriter, q asked) {
			if q.region == "ap-east-1" {
				t.Error("a region that is left out was asked")
			}
			works(w, q)
		},
	}))
	unknown := jsonError(400, "CloudTrailARNInvalidException", "AccountID in ARN is wrong")
	refused := jsonError(400, "AccessDeniedException", "no")
	aws.on("cloudtrail:GetEventSelectors", byTrail(t, map[string]func(http.ResponseWriter, asked){
		"home": refused, "org": unknown, "single": body(allObjects), "far": refused,
	}))
	aws.on("s3:GET /", bucketsIn(t, "other eu-west-1"))
	aws.bucket(t, "other", "eu-west-1", nil)
	aws.on(accountBlockCall, body(blockAll))
	c := aws.collector(t, trailOrder()...)
	c.Exclude = []string{"ap-east-1"}
	c.Now = func() time.Time { return time.Date(2026, 11, 22, 18, 40, 0, 0, time.UTC) } // two hours after the last delivery
	s := read(t, c)
	for _, op := range []string{"GetTrailStatus", "GetEventSelectors"} {
		if n := aws.made("cloudtrail:" + op); n != 4 {
			t.Errorf("%d calls of %s for 4 trails", n, op)
		}
	}
	if n := len(scan.All[scan.Trail](s.facts, "")); n != 4 || s.end(t).Resources != 5 {
		t.Errorf("%d trails, %d resources", n, s.end(t).Resources)
	}
	for arn, want := range map[string]string{
		testAccount: "UNKNOWN FAIL UNKNOWN",
		"arn:aws:cloudtrail:us-east-1:123456789012:trail/home":   "PASS PASS FAIL FAIL PASS",
		"arn:aws:cloudtrail:eu-west-1:123456789012:trail/single": "PASS PASS FAIL FAIL PASS",
		"arn:aws:cloudtrail:us-east-1:111111111111:trail/org":    "NOT_APPLICABLE NOT_APPLICABLE NOT_APPLICABLE NOT_APPLICABLE NOT_APPLICABLE",
		"arn:aws:cloudtrail:ap-east-1:123456789012:trail/far":    "",
		"arn:aws:s3:::trail-logs":                                "UNKNOWN UNKNOWN",
	} {
		if got := verdictsOn(t, s, arn, trailOrder()); got != want {
			t.Errorf("%s: %s, want %s", arn, got, want)
		}
	}
	why := map[string]scan.Why{}
	for _, x := range findings(t, s, "cloudtrail-not-enabled") {
		for _, e := range x.Unread {
			why[e.Resource[strings.LastIndex(e.Resource, "/")+1:]] = e.Why
		}
	}
	if len(why) != 3 || why["far"] != scan.Denied || why["home"] != scan.Denied || why["org"] != scan.Context {
		t.Errorf("unread %v", why)
	}
}

// TestTrailsHomeDenied: a region that shows a trail is enough to find it; what its home
// refuses is said.
func TestTrailsHomeDenied(t *testing.T) {
	aws := newStandIn(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "us-east-1"))
	no := jsonError(400, "AccessDeniedException", "explicit deny in a service control policy")
	aws.on("eu-west-1 cloudtrail:DescribeTrails", trailList("home us-east-1 123456789012"))
	for _, op := range []string{"DescribeTrails", "GetTrailStatus", "GetEventSelectors"} {
		aws.on("us-east-1 cloudtrail:"+op, no)
	}
	s := read(t, aws.collector(t, "cloudtrail-not-enabled", "cloudtrail-stopped"))
	for _, x := range findings(t, s, "cloudtrail-not-enabled", "cloudtrail-stopped") {
		if x.Status != scan.StatusUnknown || !slices.ContainsFunc(x.Unread, func(e *scan.ReadError) bool { return e.Why == scan.Denied && e.By == "scp" }) {
			t.Errorf("%s of %s: %s %s", x.Check, x.Resource.ARN, x.Status, x.Message)
		}
	}
}

// TestHollowTrails: answers without an answer decide nothing.
func TestHollowTrails(t *testing.T) {
	aws := newStandIn(t)
	aws.on("cloudtrail:DescribeTrails", trailList("t eu-west-1 123456789012"))
	for _, hollow := range []bool{false, true} {
		if hollow {
			aws.on("cloudtrail:DescribeTrails", body(`{}`))
		}
		s := read(t, aws.collector(t, "cloudtrail-not-enabled"))
		if got := verdictsOn(t, s, testAccount, trailOrder()[:1]); got != "UNKNOWN" {
			t.Errorf("hollow list %v: %s", hollow, got)
		}
	}
}

// TestMotoTrails reads an emulated account with buckets and a trail. Moto does not say in
// its list where buckets lie.
func TestMotoTrails(t *testing.T) {
	if testing.Short() {
		t.Skip("an emulator takes seconds to start")
	}
	endpoint := mototest.Start(t)
	ctx := t.Context()
	cfg := aws.Config{Region: "eu-west-1", Credentials: anyone(), BaseEndpoint: &endpoint}
	c := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	for _, name := range []string{"open", "closed"} {
		must(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name, ObjectOwnership: types.ObjectOwnershipObjectWriter,
			CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}))(t)
	}
	must(c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String("open"), Policy: aws.String(openWrite)}))(t)
	must(c.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: aws.String("open"), ACL: types.BucketCannedACLPublicRead}))(t)
	must(c.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: aws.String("closed"), PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true)}}))(t)
	trails := cloudtrail.NewFromConfig(cfg)
	made := must(trails.CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String("main"), S3BucketName: aws.String("open"), IsMultiRegionTrail: aws.Bool(true), IncludeGlobalServiceEvents: aws.Bool(true)}))(t)
	must(trails.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("main"), EventSelectors: []trailtypes.EventSelector{{ReadWriteType: trailtypes.ReadWriteTypeAll, IncludeManagementEvents: aws.Bool(true)}}}))(t)
	must(trails.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: aws.String("main")}))(t)

	ids := slices.Concat(s3Order(), trailOrder())
	plan, err := NewPlan(pick(t, ids...))
	if err != nil {
		t.Fatal(err)
	}
	out := new(bytes.Buffer)
	if err := (&Collector{Plan: plan, Endpoint: endpoint, Only: []string{"eu-west-1", "us-east-1"}}).Run(ctx, theAccount(), out); err != nil {
		t.Fatal(err)
	}
	s := parse(t, out.Bytes())
	for arn, want := range map[string]string{
		"arn:aws:s3:::open":   "FAIL PASS FAIL FAIL PASS PASS FAIL FAIL FAIL FAIL FAIL FAIL",
		"arn:aws:s3:::closed": "PASS PASS PASS PASS PASS PASS FAIL FAIL FAIL FAIL",
		testAccount:           "FAIL PASS PASS FAIL",
		*made.TrailARN:        "PASS FAIL FAIL FAIL PASS",
	} {
		if got := verdictsOn(t, s, arn, ids); got != want {
			t.Errorf("%s: %s, want %s", arn, got, want)
		}
	}
	for _, b := range scan.All[scan.Bucket](s.facts, "") {
		if b.Region != "eu-west-1" {
			t.Errorf("%s lies in %s", b.Name, b.Region)
		}
	}
	for _, e := range s.of("err") {
		t.Errorf("error %+v", e)
	}
}
