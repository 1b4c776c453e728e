package resolve

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/internal/awsfake"
)

func TestBrowserSignIn(t *testing.T) {
	t.Parallel()
	o := newOnline(t)
	if err := o.signIn(o.browse); err != nil {
		t.Fatal(err)
	}
	r, plan := o.process()
	c, err := r.Resolve(t.Context(), plan)
	if err != nil || c.AccountID != account {
		t.Fatalf("%v, %v", c, err)
	}
	if s := o.aws.Stats(); s.Grants["authorization_code"] != 1 || s.Total != 3 || s.Refused != 0 {
		t.Errorf("%+v", s)
	}
}

// Without a browser the person opens the address.
func TestBrowserSignInByHand(t *testing.T) {
	t.Parallel()
	o := newOnline(t)
	r, plan := o.process()
	var shown SignInPrompt
	err := r.SignIn(t.Context(), plan.Steps[0].(SSOStep), SignInOptions{
		Open: func(context.Context, string) error { return errors.New("no browser") },
		Show: func(p SignInPrompt) error { shown = p; return o.browse(t.Context(), p.URL) },
	})
	if err != nil || shown.Opened || shown.Code != "" || time.Until(shown.Ends) < 9*time.Minute {
		t.Errorf("%v, shown %+v", err, shown)
	}
}

// Whoever changes the proof on its way gets nothing for the code.
func TestProofIsChecked(t *testing.T) {
	t.Parallel()
	o := newOnline(t)
	err := o.signIn(func(ctx context.Context, page string) error {
		return o.browse(ctx, changed(t, page, func(q url.Values) { q.Set("code_challenge", strings.Repeat("A", 43)) }))
	})
	checkError(t, err, "AWSError: CreateToken: refused (InvalidGrantException)")
	err = o.signIn(func(ctx context.Context, page string) error {
		return o.browse(ctx, changed(t, page, func(q url.Values) { q.Set("code_challenge_method", "plain") }))
	})
	checkError(t, err, "AWSError: the sign-in page: refused (invalid_request)")
	r, plan := o.process()
	if _, err := r.Resolve(t.Context(), plan); err == nil {
		t.Error("there is a sign-in")
	}
}

func changed(t *testing.T, page string, change func(url.Values)) string {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	change(q)
	u.RawQuery = q.Encode()
	return u.String()
}

// Only the browser that comes back from the sign-in is listened to.
func TestCallback(t *testing.T) {
	t.Parallel()
	o := newOnline(t)
	err := o.signIn(func(_ context.Context, page string) error {
		u, err := url.Parse(page)
		if err != nil {
			return err
		}
		back, state := u.Query().Get("redirect_uri"), u.Query().Get("state")
		right := back + "?code=stolen&state=" + state
		for what, c := range map[string]struct {
			url    string
			header http.Header
			status int
		}{
			"another state":      {back + "?code=c&state=x" + state, nil, 400},
			"no state":           {back + "?code=c", nil, 400},
			"neither code":       {back + "?state=" + state, nil, 400},
			"a bad query":        {back + "?%zz&code=c&state=" + state, nil, 400},
			"many cookies":       {back + "?code=c", http.Header{"Cookie": {strings.Repeat("x", 40<<10)}}, 400}, // of every server on 127.0.0.1
			"a script":           {right, http.Header{"Origin": {"https://evil.example"}}, 403},
			"a fetch":            {right, http.Header{"Sec-Fetch-Mode": {"no-cors"}}, 403},
			"a rebound name":     {right, http.Header{"Host": {"evil.example"}}, 403},
			"another path":       {strings.Replace(right, "/oauth/callback", "/", 1), nil, 404},
			"the browser's icon": {strings.Replace(back, "/oauth/callback", "/favicon.ico", 1), nil, 404},
		} {
			if status, policy, err := visit(c.url, c.header); status != c.status || policy != "default-src 'none'" || err != nil {
				t.Errorf("%s: got %d, %q, %v", what, status, policy, err)
			}
		}
		go func() {
			_, _, _ = visit(page, http.Header{"Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Site": {"cross-site"}})
		}()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestBrowserSignInFails(t *testing.T) {
	t.Parallel()
	o := newOnline(t)
	o.aws.Behave(func(b *awsfake.Behaviour) { b.SSO.Person = awsfake.Denies })
	if err := o.signIn(o.browse); !errors.Is(err, ErrCancelled) {
		t.Errorf("denied: %v", err)
	}
	r, plan := o.process()
	step := plan.Steps[0].(SSOStep)
	show := func(SignInPrompt) error { return nil }
	late, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	checkError(t, r.SignIn(late, step, SignInOptions{Show: show}), "PersonError: … nobody signed in within the time")
	gone, cancel := context.WithCancel(t.Context())
	err := r.SignIn(gone, step, SignInOptions{Show: func(SignInPrompt) error { cancel(); return nil }})
	if !errors.Is(err, ErrCancelled) {
		t.Errorf("left: %v", err)
	}
}

// Many processes whose token ended renew it once, also over a real network.
func TestCrowdOnOneSignIn(t *testing.T) {
	t.Parallel()
	o := newOnline(t)
	o.aws.Behave(func(b *awsfake.Behaviour) { b.SSO.Token = 30 * time.Second }) // dead at once: less than a minute is left
	if err := o.signIn(o.browse); err != nil {
		t.Fatal(err)
	}
	o.aws.Behave(func(b *awsfake.Behaviour) { b.SSO.Token = time.Hour })
	var all sync.WaitGroup
	for range 30 {
		r, plan := o.process()
		all.Go(func() {
			if _, err := r.Resolve(t.Context(), plan); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if s := o.aws.Stats(); s.Grants["refresh_token"] != 1 || s.Calls["GetRoleCredentials"] != 1 || s.Refused != 0 {
		t.Errorf("%+v", s)
	}
}

// No request without the state brings an answer, whatever else it says.
func FuzzCallback(f *testing.F) {
	f.Add("GET", "/oauth/callback?code=c&state=x", "127.0.0.1:1", "", "navigate")
	f.Add("GET", "/oauth/callback?code=c&state=", "127.0.0.1:1", "null", "")
	f.Add("POST", "/oauth/callback?error=e&state=%zz", "evil", "https://evil", "cors")
	f.Fuzz(func(t *testing.T, method, target, host, origin, mode string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		const state = "a state that nobody guesses"
		if u.Query().Get("state") == state {
			return
		}
		c := &callback{state: state, answer: make(chan url.Values, 1)}
		r := &http.Request{Method: method, URL: u, Host: host, Header: http.Header{"Origin": {origin}, "Sec-Fetch-Mode": {mode}}}
		w := httptest.NewRecorder()
		callbackHandler{c, "127.0.0.1:1"}.ServeHTTP(w, r)
		if w.Code < 400 || len(c.answer) > 0 {
			t.Fatalf("got %d", w.Code)
		}
	})
}

// What AWS says of a device is whole, or an error; a page that a browser may be
// sent to, or an error.
func FuzzDevice(f *testing.F) {
	f.Add([]byte(`{"deviceCode":"d","userCode":"AB-CD","verificationUri":"https://device.example/","verificationUriComplete":"https://device.example/?user_code=AB-CD","expiresIn":600,"interval":1}`))
	f.Add([]byte(`{"deviceCode":"d","userCode":"AB-CD","verificationUri":"http://127.0.0.1:80/","expiresIn":600}`))
	f.Add([]byte(`{"deviceCode":"d","userCode":"AB-CD","verificationUri":"javascript:alert(1)","expiresIn":1}`))
	f.Add([]byte(`{"deviceCode":"d","userCode":"AB-CD","verificationUri":"https://a@evil/","expiresIn":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		answer, err := readFields(b)
		if err != nil {
			return
		}
		d, err := readDevice(answer, time.Unix(0, 0))
		if err != nil {
			return
		}
		if d.code == "" || d.Code == "" || d.interval <= 0 || !d.Ends.After(time.Unix(0, 0)) {
			t.Fatalf("%+v", d)
		}
		for _, page := range []string{d.Page, d.URL} {
			if !strings.HasPrefix(strings.ToLower(page), "https://") && !strings.HasPrefix(strings.ToLower(page), "http://") || strings.ContainsAny(page, "\x00\n\r\t \"'\\") {
				t.Fatalf("page %q", page)
			}
		}
	})
}
