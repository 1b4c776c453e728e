package awsfake_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"fob/internal/awsfake"
)

// fail sets a fault that must be a good one.
func (f fixture) fail(x awsfake.Fault) {
	f.t.Helper()
	if err := f.Fail(x); err != nil {
		f.t.Fatal(err)
	}
}

// raw makes a well-signed GetCallerIdentity without an SDK in between.
func (f fixture) raw(ctx context.Context) (*http.Response, error) {
	f.t.Helper()
	r := signing{key: f.ann.Key, service: "sts", region: "us-east-1", at: f.Now(), body: whoBody}.request(f.t)
	r.RequestURI = ""
	c := &http.Client{Transport: f.Transport(&http.Transport{DisableKeepAlives: true, DisableCompression: true})}
	return c.Do(r.WithContext(ctx))
}

func TestRefusingFaults(t *testing.T) {
	f := start(t, awsfake.Options{})
	for kind, want := range map[awsfake.FaultKind]struct {
		status        int
		code, message string
	}{
		awsfake.Internal:    {500, "InternalFailure", "We encountered an internal error. Please try again."},
		awsfake.Unavailable: {503, "ServiceUnavailable", ""},
		awsfake.Throttle:    {400, "Throttling", "Rate exceeded"},
		awsfake.Denied:      {403, "AccessDenied", ""},
	} {
		f.fail(awsfake.Fault{Kind: kind, Times: 2})
		for range 2 {
			_, err := f.sts().GetCallerIdentity(t.Context(), nil)
			refused(t, err, want.code, want.message)
			var status interface{ HTTPStatusCode() int }
			if !errors.As(err, &status) || status.HTTPStatusCode() != want.status {
				t.Errorf("%s: %v, want %d", kind, err, want.status)
			}
		}
		if _, err := f.sts().GetCallerIdentity(t.Context(), nil); err != nil {
			t.Errorf("after %s: %v", kind, err)
		}
	}
	if st := f.Stats(); st.Faulted != 8 || st.Refused != 0 || st.Total != 12 {
		t.Errorf("stats %+v", st)
	}
	if err := f.Fail(awsfake.Fault{Kind: "flood"}); err == nil {
		t.Error("an unknown kind was taken")
	}
}

func TestFaultsWaitForTheirAction(t *testing.T) {
	f := start(t, awsfake.Options{})
	f.fail(awsfake.Fault{Kind: awsfake.Denied, Action: "GetSessionToken", Times: -1})
	f.fail(awsfake.Fault{Kind: awsfake.Throttle})
	_, err := f.sts().GetCallerIdentity(t.Context(), nil)
	refused(t, err, "Throttling", "")
	for range 3 {
		_, err = f.sts().GetSessionToken(t.Context(), &sts.GetSessionTokenInput{SerialNumber: &f.mfa.Serial, TokenCode: f.code()})
		refused(t, err, "AccessDenied", "User is not authorized to perform: sts:GetSessionToken with an explicit deny")
	}
	f.ClearFaults()
	f.session(true) // the codes above were not used up
}

func TestNetworkFaults(t *testing.T) {
	f := start(t, awsfake.Options{})
	get := func(ctx context.Context, fault awsfake.Fault) (*http.Response, []byte, error) {
		t.Helper()
		f.fail(fault)
		r, err := f.raw(ctx)
		if err != nil {
			return nil, nil, err
		}
		defer r.Body.Close()
		b, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
		return r, b, err
	}

	t.Run("timeout", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, _, err := get(ctx, awsfake.Fault{Kind: awsfake.Timeout}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("reset", func(t *testing.T) {
		if _, _, err := get(t.Context(), awsfake.Fault{Kind: awsfake.Reset}); err == nil {
			t.Error("an answer came")
		}
	})
	t.Run("drip", func(t *testing.T) {
		r, b, err := get(t.Context(), awsfake.Fault{Kind: awsfake.Drip, Every: time.Microsecond})
		if err != nil || r.ContentLength != -1 || !strings.Contains(string(b), f.ann.ARN) || !strings.HasSuffix(string(b), "</GetCallerIdentityResponse>") {
			t.Errorf("got %v, %s", err, b)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, b, err := get(ctx, awsfake.Fault{Kind: awsfake.Drip}); !errors.Is(err, context.DeadlineExceeded) || len(b) > 1 {
			t.Errorf("at 500 ms a byte: got %v, %s", err, b)
		}
	})
	t.Run("truncated", func(t *testing.T) {
		_, b, err := get(t.Context(), awsfake.Fault{Kind: awsfake.Truncated})
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(string(b), "<GetCallerIdentityResponse") {
			t.Errorf("got %v, %s", err, b)
		}
	})
	t.Run("garbage", func(t *testing.T) {
		r, b, err := get(t.Context(), awsfake.Fault{Kind: awsfake.Garbage})
		if err != nil || r.StatusCode != 200 || !strings.Contains(string(b), "<html>") {
			t.Errorf("got %v, %s", err, b)
		}
	})
	t.Run("gzipbomb", func(t *testing.T) {
		r, b, err := get(t.Context(), awsfake.Fault{Kind: awsfake.GzipBomb})
		if err != nil || r.Header.Get("Content-Encoding") != "gzip" || len(b) > 5<<20 {
			t.Fatalf("got %v, %d bytes", err, len(b))
		}
		z, err := gzip.NewReader(strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.CopyN(io.Discard, z, 64<<20); err != nil {
			t.Errorf("%d bytes unpacked, then %v", n, err)
		}
	})
	t.Run("endless", func(t *testing.T) {
		if _, b, err := get(t.Context(), awsfake.Fault{Kind: awsfake.Endless}); err != nil || len(b) != 8<<20 {
			t.Errorf("got %v, %d bytes", err, len(b))
		}
	})
}

func TestLostAnswers(t *testing.T) {
	f := start(t, awsfake.Options{})
	keys := func() int {
		out, err := f.iam().ListAccessKeys(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(out.AccessKeyMetadata)
	}
	f.fail(awsfake.Fault{Kind: awsfake.Reset, Action: "CreateAccessKey"})
	if _, err := f.iam().CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{}); err == nil || keys() != 1 {
		t.Errorf("got %v and %d keys, want the call lost", err, keys())
	}
	f.fail(awsfake.Fault{Kind: awsfake.Reset, Action: "CreateAccessKey", Processed: true})
	if _, err := f.iam().CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{}); err == nil || keys() != 2 {
		t.Errorf("got %v and %d keys, want the answer lost", err, keys())
	}
}

func TestLatencyAndConcurrency(t *testing.T) {
	const n = 8
	f := start(t, awsfake.Options{Behaviour: awsfake.Behaviour{Latency: 100 * time.Millisecond}})
	begun := time.Now()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if _, err := f.sts().GetCallerIdentity(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if took := time.Since(begun); took < 100*time.Millisecond {
		t.Errorf("took %s", took)
	}
	if st := f.Stats(); st.Total != n || st.MaxInFlight < 2 {
		t.Errorf("stats %+v", st)
	}
	f.Behave(func(b *awsfake.Behaviour) { b.Latency = time.Hour })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if r, err := f.raw(ctx); err == nil {
		r.Body.Close()
		t.Error("an answer after an hour came at once")
	}
	f.Reset()
	if st := f.Stats(); st.Total != 0 || len(f.Calls()) != 0 {
		t.Errorf("after reset: %+v", st)
	}
}

func TestCloseEndsHeldCalls(t *testing.T) {
	f := start(t, awsfake.Options{})
	f.fail(awsfake.Fault{Kind: awsfake.Timeout})
	r := signing{key: f.ann.Key, service: "sts", region: "us-east-1", at: f.Now(), body: whoBody}.request(t)
	done := make(chan struct{})
	go func() {
		f.ServeHTTP(httptest.NewRecorder(), r) // not over its own listener, which would end the call anyhow
		close(done)
	}()
	for f.Stats().Total == 0 {
		runtime.Gosched()
	}
	f.Close()
	f.Close()
	<-done // the test's own deadline, if it never ends
	if err := f.Start(); err == nil {
		t.Error("a server was started twice")
	}
}

func TestTransportKeepsTheHost(t *testing.T) {
	f := start(t, awsfake.Options{})
	r, err := f.raw(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	c := f.config(f.ann.Key, "")
	c.BaseEndpoint = nil
	c.HTTPClient = &http.Client{Transport: f.Transport(&http.Transport{DisableKeepAlives: true})}
	if _, err := whoami(t, c); err != nil {
		t.Fatal(err)
	}
	for _, call := range f.Calls() {
		if call.Host != "sts.eu-central-1.amazonaws.com" || call.Status != 200 {
			t.Errorf("host %s, status %d", call.Host, call.Status)
		}
	}
}
