package collect

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// bigAccount has 400 buckets in two regions, and in one region 4,000 snapshots and 800
// functions, whose policies AWS gives at 15 a second.
func bigAccount() *simulated {
	s := newSimulated()
	s.answers["ec2:DescribeRegions"] = regionList(seventeen...)
	s.answers["s3:ListBuckets"] = bucketPages(400, 1000, "eu-west-1", "us-east-1")
	s.answers["s3:GetBucketVersioning"] = body("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
	s.answers["eu-west-1 ec2:DescribeSnapshots"] = snapshotPages(4000)
	s.answers["eu-west-1 lambda:ListFunctions"] = functionPages(800)
	s.answers["lambda:GetPolicy"] = refuse(http.StatusNotFound, "ResourceNotFoundException")
	s.limits["lambda:GetPolicy"], s.limits["lambda"], s.limits["ec2"], s.limits["s3"], s.limits["iam"] = 15, 15, 20, 100, 10
	return s
}

// snapshotPages answers with snapshots, none of them public.
func snapshotPages(all int) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		first, page, all := 0, ec2Page, all
		_, _ = fmt.Sscan(q.form.Get("NextToken"), &first)
		if q.form.Get("RestorableBy.1") != "" {
			all = 0
		}
		var b strings.Builder
		b.WriteString("<r><snapshotSet>")
		for n := first; n < min(first+page, all); n++ {
			fmt.Fprintf(&b, "<item><snapshotId>snap-%d</snapshotId><volumeId>vol-%d</volumeId><encrypted>true</encrypted></item>", n, n%100)
		}
		b.WriteString("</snapshotSet>")
		if first+page < all {
			fmt.Fprintf(&b, "<nextToken>%d</nextToken>", first+page)
		}
		b.WriteString("</r>")
		body(b.String())(w, q)
	}
}

func functionPages(all int) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		first, page := 0, 50
		_, _ = fmt.Sscan(q.URL.Query().Get("Marker"), &first)
		var b strings.Builder
		b.WriteString(`{"Functions":[`)
		for n := first; n < min(first+page, all); n++ {
			if n > first {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, `{"FunctionName":"f-%d","FunctionArn":"arn:aws:lambda:%s:123456789012:function:f-%d"}`, n, q.region, n)
		}
		b.WriteString("]")
		if first+page < all {
			fmt.Fprintf(&b, `,"NextMarker":"%d"`, first+page)
		}
		b.WriteString("}")
		body(b.String())(w, q)
	}
}

// TestBigAccount: AWS's own limits bound the time, and not the order of the work. What
// does not hang on Lambda is long done by then.
func TestBigAccount(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := bigAccount()
		c := s.collector(t)
		started := time.Now()
		lastOther := started
		s.seen = func(q asked) {
			if !strings.HasPrefix(q.op, "lambda:") {
				s.mu.Lock()
				defer s.mu.Unlock()
				lastOther = time.Now()
			}
		}
		got, err := runInto(t, c, theAccount())
		took := time.Since(started)
		if err != nil || len(got.of("err")) > 0 {
			t.Errorf("err = %v, errors %+v", err, got.of("err"))
		}
		if took > 70*time.Second || lastOther.Sub(started) > 45*time.Second {
			t.Errorf("it took %s, all but Lambda %s", took, lastOther.Sub(started))
		}
		if n := s.made("ec2:DescribeSnapshots"); n != 2*16+5 {
			t.Errorf("%d calls for snapshots", n)
		}
		t.Logf("%s, all but Lambda %s, %d calls, %d throttled", took, lastOther.Sub(started), s.made(""), s.throttled)
	})
}

// manyAccounts reads accounts at once, each with keys and limits of its own.
func manyAccounts(t *testing.T, number int) (took time.Duration, s *simulated) {
	t.Helper()
	bubble(t, func(t *testing.T) {
		s = bigAccount()
		s.answers["ec2:DescribeRegions"] = regionList("eu-west-1", "us-east-1", "us-east-2")
		s.answers["s3:ListBuckets"] = bucketPages(100, 1000, "eu-west-1", "us-east-1")
		s.answers["eu-west-1 lambda:ListFunctions"] = functionPages(200)
		s.answers["eu-west-1 ec2:DescribeSnapshots"] = snapshotPages(10)
		c := s.collector(t)
		started := time.Now()
		var all sync.WaitGroup
		for n := range number {
			a := theAccount()
			a.ID = fmt.Sprintf("%012d", n+1)
			a.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return keyNumber(n), nil })
			all.Go(func() {
				out := new(bytes.Buffer)
				if err := c.Run(t.Context(), a, out); err != nil {
					t.Error(err)
				}
				if end := parse(t, out.Bytes()).end(t); !*end.Complete {
					t.Errorf("account %s: %+v", a.ID, end)
				}
			})
		}
		all.Wait()
		took = time.Since(started)
		if got := c.Progress(); len(got) != number || got[0].Total().Resources < 310 || !got[0].Ended {
			t.Errorf("progress of %d accounts: %+v", len(got), got[0].Total())
		}
	})
	return took, s
}

// TestManyAccounts: limits are each account's own, so that twenty take little longer than
// one.
func TestManyAccounts(t *testing.T) {
	one, _ := manyAccounts(t, 1)
	twenty, s := manyAccounts(t, 20)
	if twenty > one*3/2 {
		t.Errorf("twenty accounts took %s, one %s", twenty, one)
	}
	t.Logf("one %s, twenty %s, %d calls, %d throttled", one, twenty, s.made(""), s.throttled)
}

// TestBadRegions: a region that cannot be reached is cut off in seconds, one that the
// organization closes is not asked on and on, and the others are read.
func TestBadRegions(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newSimulated()
		s.answers["ec2:DescribeRegions"] = regionList("eu-west-1", "me-south-1", "ap-east-1")
		s.down["me-south-1"] = true
		s.closed["ap-east-1"] = true
		c := s.collector(t)
		started := time.Now()
		got, err := runInto(t, c, theAccount())
		took := time.Since(started)
		if err != nil || took > 20*time.Second {
			t.Errorf("err = %v, it took %s", err, took)
		}
		if blocked := got.scopes()["blocked"]; !slices.Equal(blocked, []string{"ap-east-1", "me-south-1"}) {
			t.Errorf("blocked %v", blocked)
		}
		for _, e := range got.of("err") {
			if e.R != "me-south-1" && e.R != "ap-east-1" {
				t.Errorf("an error elsewhere: %+v", e)
			}
		}
		t.Logf("%s, %d calls", took, s.made(""))
	})
}

// TestThrottledOut: what is throttled to the last try is said to be so, and holds up nothing
// else for long.
func TestThrottledOut(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newWorld()
		s.answers["guardduty:ListDetectors"] = refuse(http.StatusTooManyRequests, "TooManyRequestsException")
		c := s.collector(t, worldChecks...)
		started := time.Now()
		got, err := runInto(t, c, theAccount())
		if took := time.Since(started); err != nil || took > 2*time.Minute {
			t.Errorf("err = %v, it took %s", err, took)
		}
		errs := got.of("err")
		for _, e := range errs {
			if e.Op != "guardduty:ListDetectors" || e.Why != scan.Throttled {
				t.Errorf("error %+v", e)
			}
		}
		if n := s.made("guardduty:ListDetectors"); len(errs) != 3 || n != 3*maxTries {
			t.Errorf("%d errors, %d calls", len(errs), n)
		}
	})
}

// TestProgress: what is left is told while the scan goes on.
func TestProgress(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := bigAccount()
		c := s.collector(t)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = runInto(t, c, theAccount())
		}()
		time.Sleep(20 * time.Second)
		p := c.Progress()[0]
		var lambda ServiceProgress
		for _, x := range p.Services {
			if x.Service == "lambda" {
				lambda = x
			}
		}
		// Of a function the policy is asked for, its URLs, and the policies of aliases; where
		// no alias has a URL, the last falls away when that is known.
		if lambda.Resources != 800 || lambda.Expected >= 3*800 || lambda.Expected < 2*800 || lambda.Details < 300 || lambda.Details > 600 || lambda.Lists != 0 {
			t.Errorf("lambda %+v", lambda)
		}
		if p.Ended || p.Took != 20*time.Second || p.Left < 20*time.Second || p.Left > time.Minute {
			t.Errorf("took %s, left %s, ended %v", p.Took, p.Left, p.Ended)
		}
		<-done
		if p := c.Progress()[0]; !p.Ended || p.Err != nil || p.Left != 0 || p.Total().Details != p.Total().Expected || p.Total().Lists != 0 {
			t.Errorf("at the end %+v", p)
		}
	})
}

// TestMemory: what a scan keeps does not grow with the account.
func TestMemory(t *testing.T) {
	kept := func(snapshots int) uint64 {
		var at uint64
		bubble(t, func(t *testing.T) {
			s := newSimulated()
			s.answers["ec2:DescribeSnapshots"] = snapshotPages(snapshots)
			s.seen = func(q asked) {
				if q.form.Get("NextToken") != fmt.Sprint(snapshots-ec2Page) {
					return
				}
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				at = m.HeapAlloc
			}
			if err := s.collector(t, "ec2-ebs-snapshot-encrypted").Run(t.Context(), theAccount(), io.Discard); err != nil {
				t.Error(err)
			}
		})
		return at
	}
	small, big := kept(2*ec2Page), kept(50*ec2Page)
	if small == 0 || big > small+10<<20 {
		t.Errorf("2,000 resources keep %d kB, 50,000 keep %d kB", small>>10, big>>10)
	}
	t.Logf("2,000 resources keep %d kB, 50,000 keep %d kB", small>>10, big>>10)
}
