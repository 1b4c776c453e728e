package collect

import (
	"slices"
	"testing"
	"time"

	"fob/scan"
)

// TestEmptyAccount: every check on an account of seventeen regions takes the calls that
// the plan says, few enough, and little time.
func TestEmptyAccount(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newSimulated()
		s.answers["ec2:DescribeRegions"] = regionList(seventeen...)
		c := s.collector(t)
		started := time.Now()
		got, err := runInto(t, c, theAccount())
		took := time.Since(started)
		if err != nil || len(got.of("err")) > 0 || !*got.end(t).Complete {
			t.Errorf("err = %v, errors %+v", err, got.of("err"))
		}
		want := c.Plan.Expected(len(seventeen)).Empty
		if n := s.made(""); n != want || n > 1050 || n != got.end(t).Calls {
			t.Errorf("%d calls, the plan says %d, the snapshot %d", n, want, got.end(t).Calls)
		}
		if took > 5*time.Second {
			t.Errorf("it took %s", took)
		}
		t.Logf("%d calls in %s", s.made(""), took)
	})
}

// TestExpectedOfOne: each check alone makes the calls that its plan says, and no others
// than those that its row names.
func TestExpectedOfOne(t *testing.T) {
	for _, check := range scan.Checks() {
		bubble(t, func(t *testing.T) {
			s := newSimulated()
			s.answers["ec2:DescribeRegions"] = regionList("eu-west-1", "us-east-1")
			var other []string
			s.seen = func(q asked) {
				o := q.Context().Value(operationKey{}).(*operation).name
				if o != findRegions && !slices.Contains(check.Operations(), o) {
					s.mu.Lock()
					defer s.mu.Unlock()
					other = append(other, o)
				}
			}
			c := s.collector(t, check.ID)
			if _, err := runInto(t, c, theAccount()); err != nil {
				t.Error(err)
			}
			if n, want := s.made(""), c.Plan.Expected(2).Empty; n != want || len(other) > 0 {
				t.Errorf("%s: %d calls, the plan says %d; not its own: %v", check.ID, n, want, other)
			}
		})
	}
}

func TestExpectedResources(t *testing.T) {
	c := newSimulated().collector(t, "s3-bucket-versioning", "guardduty-enabled")
	want := []PerResource{{"AWS::GuardDuty::Detector", 1}, {"AWS::S3::Bucket", 1}}
	if got := c.Plan.Expected(3); !slices.Equal(got.Resources, want) || got.Empty != 1+1+3 {
		t.Errorf("%+v", got)
	}
}
