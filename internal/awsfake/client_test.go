package awsfake_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
	"go.uber.org/goleak"

	"fob/internal/awsfake"
)

const account = "123456789012"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a machine's clock that only moves when told to. It starts at the real
// time, because SDK clients sign with that one.
type clock struct {
	mu  sync.Mutex
	off time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += d
}

// fixture is a listening server with a user that has a key and a device.
type fixture struct {
	*awsfake.Server
	t   *testing.T
	ann *awsfake.User
	mfa *awsfake.MFA
}

func start(t *testing.T, o awsfake.Options) fixture {
	t.Helper()
	s := awsfake.New(o)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ann := s.AddUser(account, "ann")
	return fixture{s, t, ann, ann.AddMFA("")}
}

func (f fixture) role(r awsfake.Role) string {
	f.t.Helper()
	if err := f.AddRole(r); err != nil {
		f.t.Fatal(err)
	}
	return r.ARN
}

// config is a real SDK's, without retries, signing at now.
func (f fixture) config(k awsfake.Key, token string) aws.Config {
	return aws.Config{
		Region:       "eu-central-1",
		BaseEndpoint: aws.String(f.URL()),
		HTTPClient:   &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret, SessionToken: token}, nil
		}),
	}
}

// sts is a client that signs with ann's key.
func (f fixture) sts() *sts.Client { return sts.NewFromConfig(f.config(f.ann.Key, "")) }
func (f fixture) iam() *iam.Client { return iam.NewFromConfig(f.config(f.ann.Key, "")) }

// as is a configuration with temporary credentials.
func (f fixture) as(c *ststypes.Credentials) aws.Config {
	return f.config(awsfake.Key{ID: *c.AccessKeyId, Secret: *c.SecretAccessKey}, *c.SessionToken)
}

func (f fixture) code() *string { return aws.String(f.mfa.Code(f.Now())) }

// session is one of GetSessionToken, with MFA or without.
func (f fixture) session(mfa bool) *ststypes.Credentials {
	f.t.Helper()
	in := &sts.GetSessionTokenInput{}
	if mfa {
		in.SerialNumber, in.TokenCode = &f.mfa.Serial, f.code()
	}
	out, err := f.sts().GetSessionToken(f.t.Context(), in)
	if err != nil {
		f.t.Fatal(err)
	}
	return out.Credentials
}

// whoami asks for the caller's ARN.
func whoami(t *testing.T, c aws.Config) (string, error) {
	t.Helper()
	out, err := sts.NewFromConfig(c).GetCallerIdentity(t.Context(), nil)
	if err != nil {
		return "", err
	}
	return *out.Arn, nil
}

// refused holds an error against AWS's code and, unless empty, its message.
func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want the API error %s", err, code)
	}
	if e.ErrorCode() != code || (message != "" && e.ErrorMessage() != message) {
		t.Fatalf("got %s: %q\nwant %s: %q", e.ErrorCode(), e.ErrorMessage(), code, message)
	}
}
