package awsfake_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// control calls a control path and reads its answer into v.
func (f fixture) control(path string, v any) int {
	f.t.Helper()
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/__fake/"+path, nil))
	if w.Header().Get("Content-Type") != "application/json" {
		f.t.Errorf("%s: Content-Type %s", path, w.Header().Get("Content-Type"))
	}
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		f.t.Fatalf("%s: %v in %s", path, err, w.Body)
	}
	return w.Code
}

func TestControl(t *testing.T) {
	f := start(t, awsfake.Options{})
	var none struct{}
	if got := f.control("fault?kind=throttle&action=GetCallerIdentity&times=2", &none); got != 200 {
		t.Fatalf("fault: %d", got)
	}
	for range 2 {
		_, err := f.sts().GetCallerIdentity(t.Context(), nil)
		refused(t, err, "Throttling", "")
	}
	f.control("behave?ttl=90s&skew=1m&latency=1ms&keydelay=1s", &none)
	if ahead := time.Until(f.Now()); ahead < 59*time.Second || ahead > 61*time.Second {
		t.Errorf("the server's clock is %s ahead", ahead)
	}
	c := f.session(true)
	if left := c.Expiration.Sub(f.Now()); left > 90*time.Second || left < 80*time.Second {
		t.Errorf("the session has %s left", left)
	}
	f.control("expire", &none)
	_, err := whoami(t, f.as(c))
	refused(t, err, "ExpiredToken", "")

	var st awsfake.Stats
	f.control("stats", &st)
	if st.Total != 4 || st.Faulted != 2 || st.Refused != 1 || st.Codes != 1 {
		t.Errorf("stats %+v", st)
	}
	var calls []awsfake.Call
	f.control("calls", &calls)
	if len(calls) != 4 || calls[2].SerialNumber != f.mfa.Serial || calls[0].Fault != awsfake.Throttle || calls[3].Error != "ExpiredToken" {
		t.Errorf("calls %+v", calls)
	}
	var code map[string]string
	f.control("code?serial="+url.QueryEscape(f.mfa.Serial), &code)
	if code["code"] != f.mfa.Code(f.Now()) && code["code"] != f.mfa.Code(f.Now().Add(-time.Second)) {
		t.Errorf("code %v", code)
	}
	f.control("reset", &none)
	if st := f.Stats(); st.Total != 0 || time.Until(f.Now()) > time.Second {
		t.Errorf("after reset: %+v", st)
	}
}

func TestControlRefuses(t *testing.T) {
	f := start(t, awsfake.Options{})
	for _, path := range []string{"nonsense", "", "behave?ttl=soon", "behave?ttl=1s&mood=1s", "fault", "fault?kind=flood", "fault?kind=500&times=x", "fault?kind=500&when=now", "code?serial=x"} {
		var answer map[string]string
		if status := f.control(path, &answer); status != 400 || answer["error"] == "" {
			t.Errorf("%q: got %d, %v", path, status, answer)
		}
	}
	f.session(true) // nothing of the above took hold
	if st := f.Stats(); st.Faulted != 0 {
		t.Errorf("stats %+v", st)
	}
}
