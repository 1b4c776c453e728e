package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"fob/resolve"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// tokens gives sessions of a length, as STS would.
type tokens struct {
	aws    *simulated
	length time.Duration
	tells  bool  // the credentials say when they end
	after  error // of every renewal but the first

	mu      sync.Mutex
	asked   int
	renewed int
	current aws.Credentials
}

func (k *tokens) Retrieve(context.Context) (aws.Credentials, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked++
	if k.after != nil && k.asked > 1 {
		return aws.Credentials{}, k.after
	}
	if k.tells || k.current.AccessKeyID == "" {
		k.next()
	}
	return k.current, nil
}

func (k *tokens) next() {
	k.current = keyNumber(k.asked + k.renewed)
	end := time.Now().Add(k.length)
	k.current.CanExpire, k.current.Expires = k.tells, end
	k.aws.mu.Lock()
	defer k.aws.mu.Unlock()
	k.aws.sessions[k.current.AccessKeyID] = end
}

func (k *tokens) renew(ctx context.Context, expired aws.Credentials) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if expired.AccessKeyID != k.current.AccessKeyID {
		return fmt.Errorf("it was asked to renew %s, not %s", expired.AccessKeyID, k.current.AccessKeyID)
	}
	k.renewed++
	k.next()
	return k.after
}

func (k *tokens) account() Account {
	a := theAccount()
	a.Credentials, a.Renew = k, k.renew
	return a
}

// longScan is five minutes of one call after the other in some regions.
func longScan(t *testing.T) (*simulated, *Collector) {
	s := newSimulated()
	s.answers["ec2:DescribeRegions"] = regionList("eu-west-1", "eu-west-2", "us-east-1", "us-east-2")
	s.answers[describeVolumesOp] = someVolumes(50)
	s.answers["iam:ListVirtualMFADevices"] = func(w http.ResponseWriter, q asked) {
		marker := ""
		if q.n < 40 {
			marker = fmt.Sprintf("<Marker>%d</Marker><IsTruncated>true</IsTruncated>", q.n)
		}
		body("<ListVirtualMFADevicesResponse><ListVirtualMFADevicesResult>"+marker+"</ListVirtualMFADevicesResult></ListVirtualMFADevicesResponse>")(w, q)
	}
	s.latency = 6 * time.Second
	return s, s.collector(t, "ec2-ebs-volume-encrypted", "ec2-ebs-default-encryption", "iam-root-mfa", "securityhub-enabled")
}

// TestRenewal: sessions of a minute in a scan of five, whether their end is known or AWS
// has to tell. Everything is read, and each session is asked for once.
func TestRenewal(t *testing.T) {
	for _, tells := range []bool{true, false} {
		t.Run(fmt.Sprintf("end told %v", tells), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s, c := longScan(t)
				k := &tokens{aws: s, length: time.Minute, tells: tells}
				started := time.Now()
				got, err := runInto(t, c, k.account())
				took := time.Since(started)
				if err != nil || len(got.of("err")) > 0 || !*got.end(t).Complete {
					t.Errorf("err = %v, errors %+v", err, got.of("err"))
				}
				if took < 5*time.Minute || took > 8*time.Minute {
					t.Errorf("it took %s", took)
				}
				if n := len(volumeNames(got)); n != 200 {
					t.Errorf("%d volumes", n)
				}
				for _, x := range findings(t, got, "ec2-ebs-volume-encrypted", "ec2-ebs-default-encryption") {
					if x.Status == scan.StatusUnknown {
						t.Errorf("%s of %s: %s", x.Check, x.Resource.ARN, x.Message)
					}
				}
				if n, most := k.asked, int(took/(50*time.Second))+2; tells && (n > most || n < 5) {
					t.Errorf("credentials were asked for %d times in %s", n, took)
				}
				if n, most := k.renewed, int(took/time.Minute)+1; !tells && (n > most || n < 4 || s.expired < n) {
					t.Errorf("they were renewed %d times in %s, after %d refusals", n, took, s.expired)
				}
			})
		})
	}
}

// TestRenewalFails: the account stops, says why, and keeps what it had. Nothing of it looks
// denied.
func TestRenewalFails(t *testing.T) {
	person := &resolve.PersonError{Need: "an MFA code", Reason: "there is no terminal"}
	refused := errors.New("no such role")
	for _, c := range []struct {
		name   string
		after  error
		tells  bool
		person bool
	}{
		{"needs a person", person, true, true},
		{"needs a person, AWS told", person, false, true},
		{"is refused", refused, true, false},
		{"is refused, AWS told", refused, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s, collector := longScan(t)
				k := &tokens{aws: s, length: time.Minute, tells: c.tells, after: c.after}
				got, err := runInto(t, collector, k.account())
				var lost *CredentialsError
				if !errors.As(err, &lost) || !errors.Is(err, c.after) || errors.Is(err, ErrNeedsPerson) != c.person {
					t.Errorf("err = %v", err)
				}
				if n := len(volumeNames(got)); n == 0 || n == 200 || *got.end(t).Complete {
					t.Errorf("%d volumes", n)
				}
				for _, e := range got.of("err") {
					if e.Why != scan.Cancelled {
						t.Errorf("error %+v", e)
					}
				}
			})
		})
	}
}

// TestRenewalBringsNothing: credentials that AWS calls expired for ever end the account.
func TestRenewalBringsNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		renew func(*tokens) func(context.Context, aws.Credentials) error
	}{
		{"the same again", func(*tokens) func(context.Context, aws.Credentials) error { return nil }},
		{"others that are no better", func(k *tokens) func(context.Context, aws.Credentials) error { return k.renew }},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s, collector := longScan(t)
				k := &tokens{aws: s, length: -time.Minute}
				a := k.account()
				a.Renew = c.renew(k)
				_, err := runInto(t, collector, a)
				if !errors.Is(err, errStillExpired) {
					t.Errorf("err = %v", err)
				}
				if n := s.made(""); n > 2*mostRenewals {
					t.Errorf("%d calls were made", n)
				}
			})
		})
	}
}

// TestSkew: a key without a session cannot expire; what AWS then means is our clock.
func TestSkew(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newSimulated()
		s.answers[describeVolumesOp] = refuse(http.StatusForbidden, "RequestExpired")
		got, err := runInto(t, s.collector(t, "ec2-ebs-volume-encrypted"), theAccount())
		if errs := got.of("err"); err != nil || len(errs) != 1 || errs[0].Why != scan.Failed || errs[0].Code != "RequestExpired" {
			t.Errorf("err = %v, errors %+v", err, errs)
		}
	})
}

// TestOneAsks: whoever needs credentials while they are asked for waits, and asks not again.
func TestOneAsks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		k := &tokens{aws: newSimulated(), length: time.Minute}
		a := k.account()
		var inside []int
		a.Renew = func(ctx context.Context, expired aws.Credentials) error {
			inside = append(inside, 1)
			time.Sleep(time.Second) // a person types
			return k.renew(ctx, expired)
		}
		s := newSession(&a, time.Now, func(err error) { t.Error(err) })
		old, _ := s.get(t.Context())
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if err := s.renew(t.Context(), old); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if now, _ := s.get(t.Context()); !slices.Equal(inside, []int{1}) || same(now, old) {
			t.Errorf("%d asked", len(inside))
		}
	})
}
