package collect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/scan"
)

const describeVolumesOp = "ec2:DescribeVolumes"

// volumePages answers with one page after the other; the token is the next page's number.
func volumePages(pages ...[]string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		page := 0
		_, _ = fmt.Sscan(q.form.Get("NextToken"), &page)
		var b strings.Builder
		b.WriteString("<r><volumeSet>")
		for _, id := range pages[page] {
			fmt.Fprintf(&b, "<item><volumeId>%s</volumeId><encrypted>false</encrypted><tagSet><item><key>env</key><value>dev</value></item></tagSet></item>", id)
		}
		b.WriteString("</volumeSet>")
		if page+1 < len(pages) {
			fmt.Fprintf(&b, "<nextToken>%d</nextToken>", page+1)
		}
		b.WriteString("</r>")
		body(b.String())(w, q)
	}
}

func volumeNames(s *snapshot) (out []string) {
	for _, v := range scan.All[scan.EBSVolume](s.facts, "") {
		out = append(out, v.Name)
	}
	return out
}

func TestPages(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	pages := volumePages([]string{"vol-1", "vol-2"}, []string{"vol-2", "vol-3"}, []string{"vol-4"})
	aws.on(describeVolumesOp, func(w http.ResponseWriter, q asked) {
		if q.form.Get("MaxResults") == "" {
			t.Error("a call did not ask for pages")
		}
		pages(w, q)
	})
	c := aws.collector(t, "ec2-ebs-volume-encrypted")
	s := read(t, c)
	if got := volumeNames(s); !slices.Equal(got, []string{"vol-1", "vol-2", "vol-3", "vol-4"}) {
		t.Errorf("volumes %v", got)
	}
	end := s.end(t)
	if !*end.Complete || end.Resources != 4 || end.Errors != 0 || end.Calls != aws.made("") || end.Calls != 4 {
		t.Errorf("end: %d resources, %d errors, %d calls of %d, complete %v", end.Resources, end.Errors, end.Calls, aws.made(""), *end.Complete)
	}
	want := []ServiceProgress{{Service: "ec2", Resources: 4, Calls: 4}}
	if got := c.Progress(); len(got) != 1 || got[0].Account != testAccount || !got[0].Ended || !slices.Equal(got[0].Services, want) {
		t.Errorf("progress %+v, want %+v", got, want)
	}
	v := scan.All[scan.EBSVolume](s.facts, "")[0]
	if v.ARN != "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1" || v.Tags["env"] != "dev" || v.At.IsZero() {
		t.Errorf("volume %+v", v.Resource)
	}
}

func TestDenied(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "us-east-1"))
	aws.on("us-east-1 "+describeVolumesOp, ec2Error(403, "UnauthorizedOperation", "explicit deny in a service control policy"))
	aws.on("eu-west-1 "+describeVolumesOp, volumePages([]string{"vol-1"}))
	c := aws.collector(t, "ec2-ebs-volume-encrypted")
	s := read(t, c)
	errs := s.of("err")
	if len(errs) != 1 || errs[0].Why != scan.Denied || errs[0].By != "scp" || errs[0].R != "us-east-1" || errs[0].Op != describeVolumesOp || errs[0].Of != "" {
		t.Errorf("errors %+v", errs)
	}
	if end := s.end(t); *end.Complete || end.Errors != 1 || end.Resources != 1 {
		t.Errorf("end %+v", end)
	}
	if p := c.Progress()[0].Total(); p.Denied != 1 {
		t.Errorf("progress %+v", p)
	}
}

func TestThrottledThenAnswered(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on(describeVolumesOp, func(w http.ResponseWriter, q asked) {
		if q.n == 1 {
			ec2Error(503, "RequestLimitExceeded", "slow down")(w, q)
			return
		}
		volumePages([]string{"vol-1"})(w, q)
	})
	c := aws.collector(t, "ec2-ebs-volume-encrypted")
	s := read(t, c)
	if end := s.end(t); !*end.Complete || end.Calls != 3 || len(volumeNames(s)) != 1 {
		t.Errorf("end %+v, volumes %v", end, volumeNames(s))
	}
	if p := c.Progress()[0].Total(); p.Throttled != 1 || p.Calls != 3 {
		t.Errorf("progress %+v", p)
	}
}

// TestRepeatedToken: a list whose token comes again is cut, and known not to be whole.
func TestRepeatedToken(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on(describeVolumesOp, func(w http.ResponseWriter, q asked) {
		body(fmt.Sprintf("<r><volumeSet><item><volumeId>vol-%d</volumeId></item></volumeSet><nextToken>%d</nextToken></r>", q.n, q.n%2))(w, q)
	})
	s := read(t, aws.collector(t, "ec2-ebs-volume-encrypted"))
	errs := s.of("err")
	if len(errs) != 1 || errs[0].Why != scan.Failed || errs[0].Code != "repeated-token" {
		t.Errorf("errors %+v", errs)
	}
	if n := aws.made(describeVolumesOp); n != 3 || len(volumeNames(s)) != 3 || *s.end(t).Complete {
		t.Errorf("%d calls, volumes %v", n, volumeNames(s))
	}
}

// TestFault: a fault that stays is given up after a few tries, and holds nothing up.
func TestFault(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on(describeVolumesOp, ec2Error(500, "InternalError", "sorry"))
	s := read(t, aws.collector(t, "ec2-ebs-volume-encrypted"))
	errs := s.of("err")
	if len(errs) != 1 || errs[0].Why != scan.Failed || errs[0].Code != "InternalError" {
		t.Errorf("errors %+v", errs)
	}
	if n := aws.made(describeVolumesOp); n != faultTries {
		t.Errorf("%d tries, want %d", n, faultTries)
	}
}

// TestTruncated: an answer that breaks off is no answer.
func TestTruncated(t *testing.T) {
	aws := newStandIn(t)
	aws.on(describeVolumesOp, body("<r><volumeSet><item><volumeId>vol-1</volumeId></item>"))
	s := read(t, aws.collector(t, "ec2-ebs-volume-encrypted"))
	if errs := s.of("err"); len(errs) != 1 || errs[0].Why != scan.Failed || len(volumeNames(s)) != 0 {
		t.Errorf("errors %+v, volumes %v", errs, volumeNames(s))
	}
}

func TestRegions(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on("ec2:DescribeRegions", regionList("us-east-1", "eu-west-1", "!eu-south-2", "us-gov-west-1", "cn-north-1", "ap-east-1"))
	c := aws.collector(t, "ec2-ebs-default-encryption")
	c.Exclude = []string{"ap-east-1"}
	s := read(t, c)
	want := map[string][]string{"read": {"eu-west-1", "us-east-1"}, "disabled": {"eu-south-2"}, "excluded": {"ap-east-1"}}
	if got := s.scopes(); !reflect.DeepEqual(got, want) {
		t.Errorf("scopes %v, want %v", got, want)
	}
	if !slices.Equal(s.facts.Excluded, []string{"ap-east-1"}) || !slices.Equal(s.facts.Regions, want["read"]) {
		t.Errorf("facts have the regions %v, without %v", s.facts.Regions, s.facts.Excluded)
	}
	if n := aws.made("ec2:GetEbsEncryptionByDefault"); n != 2 {
		t.Errorf("%d regions were asked", n)
	}

	c.Only, c.Exclude = []string{"eu-west-1"}, nil
	if got := read(t, c).scopes()["read"]; !slices.Equal(got, c.Only) {
		t.Errorf("regions %v", got)
	}
	c.Only = []string{"eu-wst-1"}
	if err := c.Run(t.Context(), theAccount(), new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), `"eu-wst-1"`) {
		t.Errorf("a region that is not there: %v", err)
	}
}

// TestRegionsSelected: of disabled regions only those are told that were asked for.
func TestRegionsSelected(t *testing.T) {
	aws := newStandIn(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "us-east-1", "!eu-south-2", "!me-south-1"))
	c := aws.collector(t, "ec2-ebs-default-encryption")
	for _, x := range []struct {
		only, exclude []string
		want          map[string][]string
	}{
		{[]string{"eu-west-1"}, nil, map[string][]string{"read": {"eu-west-1"}, "excluded": {"us-east-1"}}},
		{[]string{"eu-west-1", "eu-south-2"}, nil, map[string][]string{"read": {"eu-west-1"}, "disabled": {"eu-south-2"}, "excluded": {"us-east-1"}}},
		{nil, []string{"eu-south-2", "us-east-1"}, map[string][]string{"read": {"eu-west-1"}, "disabled": {"me-south-1"}, "excluded": {"us-east-1"}}},
	} {
		c.Only, c.Exclude = x.only, x.exclude
		if got := read(t, c).scopes(); !reflect.DeepEqual(got, x.want) {
			t.Errorf("only %v, without %v: scopes %v, want %v", x.only, x.exclude, got, x.want)
		}
	}
}

// TestRegionsDenied: the account's own list stands in for EC2's.
func TestRegionsDenied(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on("ec2:DescribeRegions", ec2Error(403, "UnauthorizedOperation", "no"))
	aws.on("account:ListRegions", func(w http.ResponseWriter, q asked) {
		if q.n == 1 {
			body(`{"Regions":[{"RegionName":"eu-west-1","RegionOptStatus":"ENABLED_BY_DEFAULT"},{"RegionName":"eu-south-2","RegionOptStatus":"DISABLED"}],"NextToken":"2"}`)(w, q)
			return
		}
		body(`{"Regions":[{"RegionName":"ap-east-1","RegionOptStatus":"ENABLED"}]}`)(w, q)
	})
	c := aws.collector(t, "ec2-ebs-default-encryption")
	if got := read(t, c).scopes(); !slices.Equal(got["read"], []string{"ap-east-1", "eu-west-1"}) || !slices.Equal(got["disabled"], []string{"eu-south-2"}) {
		t.Errorf("scopes %v", got)
	}
}

// TestLostRegion: a region that answers nothing is left alone after three services
// found it so, and the others are read.
func TestLostRegion(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "me-south-1"))
	for _, op := range []string{describeVolumesOp, "config:DescribeConfigurationRecorders", "securityhub:DescribeHub", "guardduty:ListDetectors", "access-analyzer:ListAnalyzers"} {
		aws.on("me-south-1 "+op, hangUp)
	}
	c := aws.collector(t, "ec2-ebs-volume-encrypted", "config-recorder", "securityhub-enabled", "guardduty-enabled", "accessanalyzer-enabled")
	started := time.Now()
	s := read(t, c)
	if took := time.Since(started); took > 15*time.Second {
		t.Errorf("it took %s", took)
	}
	if got := s.scopes()["blocked"]; !slices.Equal(got, []string{"me-south-1"}) {
		t.Errorf("blocked %v", got)
	}
	blocked := 0
	for _, e := range s.of("err") {
		if e.R != "me-south-1" {
			t.Errorf("an error elsewhere: %+v", e)
		}
		if e.Why == scan.Blocked {
			blocked++
		}
	}
	if blocked == 0 || *s.end(t).Complete {
		t.Errorf("%d calls were held back, of the errors %+v", blocked, s.of("err"))
	}
	if !slices.Contains(s.facts.Regions, "me-south-1") {
		t.Error("the region is not judged at all")
	}
}

func TestBudget(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	aws.on("ec2:DescribeRegions", regionList("eu-west-1", "us-east-1", "us-east-2", "us-west-1"))
	c := aws.collector(t, "ec2-ebs-volume-encrypted", "ec2-ebs-default-encryption")
	c.MaxCalls = 4
	s := read(t, c)
	end := s.end(t)
	if n := aws.made(""); n != 4 || end.Calls != 4 || *end.Complete {
		t.Errorf("%d calls came, the end says %d, complete %v", n, end.Calls, *end.Complete)
	}
	for _, e := range s.of("err") {
		if e.Why != scan.Budget {
			t.Errorf("error %+v", e)
		}
	}
	if n := len(s.of("err")); n != 5 {
		t.Errorf("%d errors, want 5 of 8 calls", n)
	}
	if sum := c.Progress()[0].Total(); sum.Left != 5 || sum.Other != 0 || sum.Denied != 0 {
		t.Errorf("progress shows %+v", sum)
	}
}

// TestCallsOfTwoAccounts: each snapshot counts its own calls, the budget is for all.
func TestCallsOfTwoAccounts(t *testing.T) {
	aws := newStandIn(t)
	c := aws.collector(t, "ec2-ebs-volume-encrypted")
	for range 2 {
		if end := read(t, c).end(t); end.Calls != 2 {
			t.Errorf("calls %d, want 2", end.Calls)
		}
	}
}

// TestCancel: what was read before is there, nothing hangs, and no goroutine is left.
func TestCancel(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := volumePages([]string{"vol-1"}, nil)
	aws.on(describeVolumesOp, func(w http.ResponseWriter, q asked) {
		if q.n == 1 {
			first(w, q)
			return
		}
		cancel()
		<-q.Context().Done()
	})
	out := new(bytes.Buffer)
	if err := aws.collector(t, "ec2-ebs-volume-encrypted", "guardduty-enabled").Run(ctx, theAccount(), out); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	s := parse(t, out.Bytes())
	if got := volumeNames(s); !slices.Equal(got, []string{"vol-1"}) {
		t.Errorf("volumes %v", got)
	}
	if end := s.end(t); *end.Complete {
		t.Errorf("end %+v", end)
	}
	for _, e := range s.of("err") {
		if e.Why != scan.Cancelled {
			t.Errorf("error %+v", e)
		}
	}
}

// full is a disk with no room after some bytes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

// TestFullDisk: a snapshot that cannot be written ends the scan, which says why.
func TestFullDisk(t *testing.T) {
	aws := newStandIn(t)
	noLeak(t)
	endless := func(w http.ResponseWriter, q asked) {
		body(fmt.Sprintf("<r><volumeSet><item><volumeId>vol-%d</volumeId></item></volumeSet><nextToken>%d</nextToken></r>", q.n, q.n))(w, q)
	}
	aws.on(describeVolumesOp, endless)
	c := aws.collector(t, "ec2-ebs-volume-encrypted")
	c.Now = everySecond()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := c.Run(ctx, theAccount(), &full{room: 1000})
	if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("err = %v", err)
	}
}

// everySecond is a clock that moves on by a second whenever it is asked.
func everySecond() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2026, 11, 22, 18, 40, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}

// TestKilled: what stands on the disk while the scan goes on can be read, and what was not
// read yet is not taken for read.
func TestKilled(t *testing.T) {
	aws := newStandIn(t)
	disk := new(lockedBuffer)
	var killed []byte
	pages := volumePages([]string{"vol-1"}, []string{"vol-2"})
	aws.on(describeVolumesOp, func(w http.ResponseWriter, q asked) {
		if q.n == 2 {
			killed = disk.copy()
		}
		pages(w, q)
	})
	c := aws.collector(t, "ec2-ebs-volume-encrypted")
	c.Now = everySecond()
	if err := c.Run(t.Context(), theAccount(), disk); err != nil {
		t.Fatal(err)
	}
	s := parse(t, killed)
	if got := volumeNames(s); !slices.Equal(got, []string{"vol-1"}) {
		t.Errorf("volumes %v", got)
	}
	err := s.facts.ListError(scan.KindOf("AWS::EC2::Volume"), "eu-west-1")
	if err == nil || err.Why != scan.Cancelled || !err.Why.Incomplete() {
		t.Errorf("the list that was cut off: %v", err)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) copy() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.b.Bytes())
}

func TestLimiter(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 40, 0, 0, time.UTC)
	l := newLimiter(16, 0, func() time.Time { return now })
	rate := func(want float64) {
		t.Helper()
		if got := float64(l.bucket.Limit()); got < want-0.001 || got > want+0.001 {
			t.Errorf("%v a second, want %v", got, want)
		}
	}
	for range 30 { // in flight together
		l.answered(true)
	}
	rate(8)
	l.answered(false)
	rate(8) // not yet a clean second
	now = now.Add(time.Second)
	l.answered(false)
	rate(8.8)
	for range 10 {
		now = now.Add(time.Second)
		l.answered(true)
	}
	rate(slowestRate)

	capped := newLimiter(0, 5, func() time.Time { return now })
	if capped.bucket.Burst() > 5 {
		t.Errorf("%d at once, at most 5 a second were wanted", capped.bucket.Burst())
	}
	now = now.Add(time.Minute)
	capped.answered(false)
	if capped.bucket.Limit() != 5 {
		t.Errorf("%v a second, at most 5 were wanted", capped.bucket.Limit())
	}
}

func TestBreaker(t *testing.T) {
	lost := &scan.ReadError{Why: scan.Failed, Code: "timeout"}
	nowhere := &scan.ReadError{Why: scan.Failed, Code: "no-such-host"}
	scp := &scan.ReadError{Why: scan.Denied, By: "scp"}
	denied := &scan.ReadError{Why: scan.Denied}
	type try struct {
		service string
		err     *scan.ReadError
	}
	for _, c := range []struct {
		name  string
		tries []try
		open  bool
	}{
		{"three services lost", []try{{"a", lost}, {"b", lost}, {"c", lost}}, true},
		{"three services lost later", []try{{"a", nil}, {"b", denied}, {"a", lost}, {"b", lost}, {"c", lost}}, true},
		{"one service lost", []try{{"a", lost}, {"a", lost}, {"a", lost}}, false},
		{"an answer between", []try{{"a", lost}, {"b", lost}, {"x", nil}, {"c", lost}}, false},
		{"services that the region lacks", []try{{"a", nowhere}, {"b", nowhere}, {"c", nowhere}}, false},
		{"five refused by the organization", []try{{"a", scp}, {"b", scp}, {"c", scp}, {"d", scp}, {"e", scp}}, true},
		{"one allowed", []try{{"x", nil}, {"a", scp}, {"b", scp}, {"c", scp}, {"d", scp}, {"e", scp}}, false},
	} {
		b := &breaker{lost: map[string]bool{}, refused: map[string]bool{}}
		opened := 0
		for _, x := range append(c.tries, try{"z", nil}) {
			if b.learn(x.service, x.err) {
				opened++
			}
		}
		if b.open() != c.open || opened > 1 {
			t.Errorf("%s: open %v, said %d times", c.name, b.open(), opened)
		}
	}
}

// TestOperations holds the operations against the kinds that name them.
func TestOperations(t *testing.T) {
	all := map[string]operation{}
	for _, o := range operations() {
		key := strings.TrimSpace(o.name + " " + o.of) // one may be called for several kinds
		if _, twice := all[key]; twice {
			t.Errorf("%s is there twice", key)
		}
		if (o.list == nil) == (o.read == nil) {
			t.Errorf("%s either lists or reads", o.name)
		}
		all[key] = o
	}
	if _, err := NewPlan(scan.Checks()); err != nil {
		t.Error(err)
	}
	for _, c := range scan.Checks() {
		k := c.Kind()
		for _, op := range k.List {
			if o, ok := all[op]; ok && (o.list == nil || o.scope != k.Scope) {
				t.Errorf("%s does not list %s where the kind says", op, k.Type)
			}
		}
	}
	for _, k := range scan.Kinds() {
		for _, o := range all {
			if o.read == nil || o.of != k.Type {
				continue
			}
			if len(k.FilledBy(o.name)) == 0 {
				t.Errorf("%s fills nothing of %s", o.name, k.Type)
			}
			if o.scope != k.Scope {
				t.Errorf("%s of %s is called elsewhere than the kind is listed", o.name, k.Type)
			}
		}
	}
}
