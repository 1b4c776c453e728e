package collect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/scan"
)

// worldChecks need lists of pages, details of what they give, details that hang on other
// details, and facts of the account and of regions.
var worldChecks = []string{
	"ec2-ebs-volume-encrypted", "ec2-ebs-default-encryption", "s3-bucket-versioning", "guardduty-enabled", "vpc-sg-ssh-open",
	"iam-user-console-mfa", "securityhub-enabled", "accessanalyzer-enabled", "account-security-contact",
}

func newWorld() *simulated {
	s := newSimulated()
	s.answers["ec2:DescribeRegions"] = regionList("eu-west-1", "us-east-1", "ap-east-1", "!eu-south-2")
	s.answers[describeVolumesOp] = someVolumes(7)
	s.answers["s3:ListBuckets"] = bucketPages(60, 20, "eu-west-1", "us-east-1")
	s.answers["s3:GetBucketVersioning"] = func(w http.ResponseWriter, q asked) {
		status := "Enabled"
		if strings.HasPrefix(q.URL.Host, "bucket-1") {
			status = "Suspended"
		}
		body("<VersioningConfiguration><Status>"+status+"</Status></VersioningConfiguration>")(w, q)
	}
	s.answers["guardduty:ListDetectors"] = body(`{"detectorIds":["d-1","d-2"]}`)
	s.answers["guardduty:GetDetector"] = body(`{"status":"ENABLED"}`)
	s.answers["ec2:DescribeSecurityGroups"] = body(`<r><securityGroupInfo><item><groupId>sg-1</groupId><groupName>g</groupName><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort>
<prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds></item></ipPermissions></item></securityGroupInfo></r>`)
	s.answers["ec2:GetManagedPrefixListEntries"] = body(`<r><entrySet><item><cidr>0.0.0.0/0</cidr></item></entrySet></r>`)
	return s
}

// bucketPages answers with buckets spread over regions.
func bucketPages(buckets, page int, regions ...string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		first := 0
		_, _ = fmt.Sscan(q.URL.Query().Get("continuation-token"), &first)
		var b strings.Builder
		b.WriteString("<ListAllMyBucketsResult><Buckets>")
		for n := first; n < min(first+page, buckets); n++ {
			fmt.Fprintf(&b, "<Bucket><Name>bucket-%d</Name><BucketRegion>%s</BucketRegion></Bucket>", n, regions[n%len(regions)])
		}
		b.WriteString("</Buckets>")
		if first+page < buckets {
			fmt.Fprintf(&b, "<ContinuationToken>%d</ContinuationToken>", first+page)
		}
		b.WriteString("</ListAllMyBucketsResult>")
		body(b.String())(w, q)
	}
}

// tally counts calls by the work that they are for: of a list by its region, of a detail
// by the operation.
type tally struct {
	mu    sync.Mutex
	calls map[work]int
	all   int
	stop  int // the number of the call at which stopped is called, 0 for never
	fire  func()
}

func (c *tally) seen(q asked) {
	o := q.Context().Value(operationKey{}).(*operation)
	w := work{op: o.name, region: scan.Global}
	for _, known := range operations() {
		if known.name == o.name && known.list != nil && known.scope == scan.Regional {
			w.region = q.region
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[w]++
	if c.all++; c.all == c.stop {
		c.fire()
	}
}

// judged is what a snapshot is judged to, without what depends on the time.
func verdictsOf(t *testing.T, s *snapshot, ids ...string) (out []string) {
	t.Helper()
	for _, f := range findings(t, s, ids...) {
		out = append(out, fmt.Sprint(f.ID, f.Check, f.Resource, f.Status, f.Severity, f.Message, f.Evidence))
	}
	slices.Sort(out)
	return out
}

// missing are the calls that a resumed scan has to make: those of lists that are not
// whole, and of details that are not.
func missing(s *snapshot, whole map[work]int, units map[work]bool) map[work]int {
	done := map[work]bool{}
	for _, l := range s.of("unit") {
		done[work{l.Op, l.R, l.Of}] = l.S == "end"
	}
	out := map[work]int{}
	for u := range units {
		switch {
		case done[u]:
		case u.of == "":
			out[u] = whole[u]
		default:
			out[work{op: u.op, region: scan.Global}]++
		}
	}
	const made, got = "iam:GenerateCredentialReport", "iam:GetCredentialReport"
	if !done[work{got, scan.Global, ""}] { // a report is made again before it is read
		out[work{made, scan.Global, ""}] = whole[work{made, scan.Global, ""}]
	}
	maps.DeleteFunc(out, func(_ work, n int) bool { return n == 0 })
	return out
}

// TestResume stops scans at random calls, some of them by cutting off what they wrote, and
// goes on with them until they are through. Each time exactly the calls are made that
// miss, and in the end all is as if nothing had happened.
func TestResume(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newWorld()
		count := &tally{calls: map[work]int{}}
		s.seen = count.seen
		want, err := runInto(t, s.collector(t, worldChecks...), theAccount())
		if err != nil || !*want.end(t).Complete {
			t.Fatalf("err = %v, errors %+v", err, want.of("err"))
		}
		whole, units := count.calls, map[work]bool{}
		for _, l := range want.of("unit") {
			units[work{l.Op, l.R, l.Of}] = true
		}
		for seed := range uint64(40) {
			random := rand.New(rand.NewPCG(seed, 1))
			resumeUntilDone(t, s, random, func(before *snapshot) map[work]int { return missing(before, whole, units) }, want)
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	})
}

func resumeUntilDone(t *testing.T, s *simulated, random *rand.Rand, missing func(*snapshot) map[work]int, want *snapshot) {
	t.Helper()
	var raw []byte
	for try := 0; ; try++ {
		ctx, cancel := context.WithCancel(t.Context())
		count := &tally{calls: map[work]int{}, fire: cancel}
		if try < 3 {
			count.stop = 1 + random.IntN(150)
		}
		s.seen = count.seen
		out := new(bytes.Buffer)
		c := s.collector(t, worldChecks...)
		before := parse(t, raw)
		time.Sleep(time.Hour)
		err := c.Resume(ctx, theAccount(), bytes.NewReader(raw), out)
		cancel()
		raw = out.Bytes()
		if err == nil {
			if len(before.lines) > 0 {
				if must := missing(before); !maps.Equal(count.calls, must) {
					t.Errorf("try %d made the calls\n%v, missing were\n%v", try, count.calls, must)
				}
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if random.IntN(2) == 0 { // killed
			raw = raw[:random.IntN(len(raw)+1)]
		}
	}
	got := parse(t, raw)
	if a, b := verdictsOf(t, got, worldChecks...), verdictsOf(t, want, worldChecks...); !slices.Equal(a, b) {
		t.Errorf("verdicts\n%v, want\n%v", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	a, b := got.end(t), want.end(t)
	if !*a.Complete || a.Resources != b.Resources || a.Errors != 0 {
		t.Errorf("end %+v, want %+v", a, b)
	}
}

// resume goes on with a snapshot to its end.
func resume(t *testing.T, c *Collector, raw []byte) *snapshot {
	t.Helper()
	out := new(bytes.Buffer)
	if err := c.Resume(t.Context(), theAccount(), bytes.NewReader(raw), out); err != nil {
		t.Fatal(err)
	}
	return parse(t, out.Bytes())
}

func runRaw(t *testing.T, c *Collector) []byte {
	t.Helper()
	out := new(bytes.Buffer)
	if err := c.Run(t.Context(), theAccount(), out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestResumeTriesAgain: what was denied is asked again, what the account cannot know is
// not.
func TestResumeTriesAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ids := []string{"s3-bucket-versioning", "iam-role-trust-external"}
		s := newWorld()
		versioning := s.answers["s3:GetBucketVersioning"]
		s.answers["s3:GetBucketVersioning"] = refuse(403, "AccessDenied")
		s.answers["organizations:DescribeOrganization"] = body(`{"Organization":{"Id":"o-1","MasterAccountId":"999999999999"}}`)
		s.answers["organizations:ListAccounts"] = refuse(400, "AccessDeniedException")
		raw := runRaw(t, s.collector(t, ids...))
		if end := parse(t, raw).end(t); *end.Complete || end.Errors != 61 {
			t.Errorf("end %+v", end)
		}
		s.answers["s3:GetBucketVersioning"] = versioning
		before := s.made("")
		again := resume(t, s.collector(t, ids...), raw)
		if end := again.end(t); !*end.Complete || end.Errors != 1 || s.made("")-before != 60 || s.made("organizations:ListAccounts") != 1 {
			t.Errorf("end %+v, %d calls", end, s.made("")-before)
		}
		if err := again.of("err"); len(err) != 1 || err[0].Why != scan.Context {
			t.Errorf("errors %+v", err)
		}
	})
}

// TestResumeGone: what was read of a resource that is not there any more, when its list is
// read again, is not taken over.
func TestResumeGone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newWorld()
		ctx, cancel := context.WithCancel(t.Context())
		listed := s.answers["s3:ListBuckets"]
		s.answers["s3:ListBuckets"] = func(w http.ResponseWriter, q asked) {
			if q.URL.Query().Get("continuation-token") == "40" {
				time.Sleep(time.Minute) // details of the first buckets come meanwhile
				cancel()
			}
			listed(w, q)
		}
		out := new(bytes.Buffer)
		err := s.collector(t, "s3-bucket-versioning").Run(ctx, theAccount(), out)
		if n := s.made("s3:GetBucketVersioning"); !errors.Is(err, context.Canceled) || n != 40 {
			t.Fatalf("err = %v, %d details", err, n)
		}
		s.answers["s3:ListBuckets"] = bucketPages(30, 20, "eu-west-1", "us-east-1")
		got := resume(t, s.collector(t, "s3-bucket-versioning"), out.Bytes())
		if n := len(scan.All[scan.Bucket](got.facts, "")); n != 30 || s.made("s3:GetBucketVersioning") != 40 {
			t.Errorf("%d buckets, %d details", n, s.made("s3:GetBucketVersioning"))
		}
	})
}

func TestResumeRefuses(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newWorld()
		raw := runRaw(t, s.collector(t, "s3-bucket-versioning"))
		other := theAccount()
		other.ID = "210987654321"
		newer := s.collector(t, "s3-bucket-versioning")
		newer.Tool = "test 2"
		elsewhere := s.collector(t, "s3-bucket-versioning")
		elsewhere.Only = []string{"us-east-1"}
		for _, c := range []struct {
			name string
			c    *Collector
			a    Account
			raw  []byte
			want error
		}{
			{"other checks", s.collector(t, "guardduty-enabled"), theAccount(), raw, ErrOtherPlan},
			{"other regions", elsewhere, theAccount(), raw, ErrOtherPlan},
			{"another version", newer, theAccount(), raw, ErrOtherVersion},
			{"another account", s.collector(t, "s3-bucket-versioning"), other, raw, ErrOtherAccount},
		} {
			if err := c.c.Resume(t.Context(), c.a, bytes.NewReader(c.raw), new(bytes.Buffer)); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		err := s.collector(t, "s3-bucket-versioning").Resume(t.Context(), theAccount(), strings.NewReader("{\"k\":\"head\"\nno\n{}\n"), new(bytes.Buffer))
		if err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("a broken snapshot: %v", err)
		}
	})
}

// TestUpdate reads the services of a plan again and leaves everything else as it was.
func TestUpdate(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newWorld()
		s.answers["securityhub:DescribeHub"] = refuse(403, "AccessDeniedException")
		raw := runRaw(t, s.collector(t, worldChecks...))
		before := parse(t, raw)
		time.Sleep(24 * time.Hour)
		s.answers["s3:ListBuckets"] = bucketPages(30, 20, "eu-west-1", "us-east-1")
		s.answers["s3:GetBucketVersioning"] = body("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
		calls := s.made("")
		out := new(bytes.Buffer)
		if err := s.collector(t, "s3-bucket-versioning").Update(t.Context(), theAccount(), bytes.NewReader(raw), out); err != nil {
			t.Fatal(err)
		}
		after := parse(t, out.Bytes())
		if n := s.made("") - calls; n != 1+2+30 {
			t.Errorf("%d calls", n)
		}
		if !after.facts.Now.After(before.facts.Now) || !slices.Equal(after.facts.Regions, before.facts.Regions) {
			t.Errorf("now %s, regions %v", after.facts.Now, after.facts.Regions)
		}
		for _, b := range scan.All[scan.Bucket](after.facts, "") {
			if b.Versioning.V.Status != "Enabled" || !b.At.Equal(after.facts.Now) && b.At.Before(after.facts.Now) {
				t.Errorf("bucket %+v", b)
			}
		}
		if n := len(scan.All[scan.Bucket](after.facts, "")); n != 30 {
			t.Errorf("%d buckets", n)
		}
		for i, v := range scan.All[scan.EBSVolume](after.facts, "") {
			if was := scan.All[scan.EBSVolume](before.facts, "")[i]; !v.At.Equal(was.At) {
				t.Errorf("volume of %s, was %s", v.At, was.At)
			}
		}
		rest := slices.DeleteFunc(slices.Clone(worldChecks), func(id string) bool { return id == "s3-bucket-versioning" })
		if a, b := verdictsOf(t, after, rest...), verdictsOf(t, before, rest...); !slices.Equal(a, b) {
			t.Errorf("verdicts\n%v, want\n%v", strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
		if end := after.end(t); *end.Complete || end.Errors != 3 || end.Calls != 1+2+30 {
			t.Errorf("end %+v", end)
		}
		if f := after.facts; before.facts.Kept != 0 || f.Kept == 0 || f.KeptFrom.Before(before.facts.Now) || f.KeptFrom.After(before.facts.Until) {
			t.Errorf("kept %d, and then %d from %s", before.facts.Kept, f.Kept, f.KeptFrom)
		}
		err := s.collector(t, "s3-bucket-versioning").Update(t.Context(), theAccount(), bytes.NewReader(raw[:len(raw)/2]), new(bytes.Buffer))
		if !errors.Is(err, ErrUnfinished) {
			t.Errorf("half a snapshot: %v", err)
		}
	})
}
