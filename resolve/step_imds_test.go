package resolve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// service is a metadata service on loopback: answers by "METHOD /path", and a
// record of what was asked. An answer that is missing is a 404.
type service struct {
	*httptest.Server
	answers map[string][]answer // the last one is given for ever

	mu   sync.Mutex
	seen []string
}

type answer struct {
	status int
	body   string
	header string // Location
}

func serve(t *testing.T, answers map[string][]answer) *service {
	t.Helper()
	s := &service{answers: answers}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	route := r.Method + " " + r.URL.Path
	seen := route
	for _, h := range []string{"X-Aws-Ec2-Metadata-Token", "Authorization", "X-Amz-Sso_bearer_token"} {
		if v := r.Header.Get(h); v != "" {
			seen += " " + v
		}
	}
	s.seen = append(s.seen, seen)
	all := s.answers[route]
	if len(all) == 0 {
		http.NotFound(w, r)
		return
	}
	if len(all) > 1 {
		s.answers[route] = all[1:]
	}
	if all[0].header != "" {
		w.Header().Set("Location", all[0].header)
	}
	w.WriteHeader(all[0].status)
	_, _ = w.Write([]byte(all[0].body))
}

func (s *service) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.seen, ", ")
}

const (
	putToken = "PUT /latest/api/token"
	getRoles = "GET /latest/meta-data/iam/security-credentials/"
	getRole  = "GET /latest/meta-data/iam/security-credentials/host"
)

func metadataJSON(end time.Time) string {
	return fmt.Sprintf(`{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAHOST","SecretAccessKey":"sec","Token":"tok","Expiration":%q}`, end.UTC().Format(time.RFC3339))
}

// runStep runs a step alone, in a new process of its own.
func runStep(t *testing.T, r *Resolver, s Step) (Credentials, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return r.Resolve(ctx, &Plan{Steps: []Step{s}})
}

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	text := strings.ReplaceAll(fmt.Sprintf("%T: %v", err, err), "*resolve.", "")
	rest := text
	for part := range strings.SplitSeq(want, " … ") {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("error:\n got %s\nwant %s", text, want)
		}
		rest = after
	}
}

func TestIMDS(t *testing.T) {
	end := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	good := metadataJSON(end)
	v2 := func() map[string][]answer {
		return map[string][]answer{putToken: {{200, "tok-2", ""}}, getRoles: {{200, "host\n", ""}}, getRole: {{200, good, ""}}}
	}
	with := func(route string, a ...answer) map[string][]answer {
		all := v2()
		all[route] = a
		return all
	}
	const all2 = putToken + ", " + getRoles + " tok-2, " + getRole + " tok-2"
	const all1 = putToken + ", " + getRoles + ", " + getRole
	for _, c := range []struct {
		name    string
		answers map[string][]answer
		v1      bool
		fail    string
		asked   string
	}{
		{name: "v2", answers: v2(), asked: all2},
		{name: "v1 is off", answers: with(putToken), fail: "AWSError: … status 404 … v1 is only used with ec2_metadata_v1_disabled = false", asked: putToken},
		{name: "v1 is allowed", answers: with(putToken), v1: true, asked: all1},
		{name: "403 ends it", answers: with(putToken, answer{403, "", ""}), v1: true, fail: "AWSError: … 403", asked: putToken},
		{name: "400 ends it", answers: with(putToken, answer{400, "", ""}), v1: true, fail: "AWSError: … status 400", asked: putToken},
		{name: "a token that is none", answers: with(putToken, answer{200, "a\nb", ""}), fail: "AWSError: … token", asked: putToken},
		{name: "5xx is tried again", answers: with(putToken, answer{503, "", ""}, answer{200, "tok-2", ""}), asked: putToken + ", " + all2},
		{name: "5xx for ever", answers: with(getRole, answer{500, "", ""}), fail: "AWSError: … unreachable: status 500",
			asked: all2 + strings.Repeat(", "+getRole+" tok-2", 2)},
		{name: "no role", answers: with(getRoles), fail: "AWSError: … no role is attached", asked: putToken + ", " + getRoles + " tok-2"},
		{name: "a role that leaves its path", answers: with(getRoles, answer{200, "../../x", ""}), fail: "AWSError: … no valid name"},
		{name: "a redirect is not followed", answers: with(getRole, answer{302, "", "http://10.0.0.1/"}), fail: "AWSError: … status 302", asked: all2},
		{name: "not a success", answers: with(getRole, answer{200, `{"Code":"Failed","Message":"no trust"}`, ""}), fail: "AWSError: … no trust"},
		{name: "expired", answers: with(getRole, answer{200, metadataJSON(time.Now().Add(-time.Minute)), ""}), fail: "AWSError: … expired"},
		{name: "HTML", answers: with(getRole, answer{200, "<html>", ""}), fail: "AWSError: … not a JSON object"},
		{name: "twice", answers: with(getRole, answer{200, strings.Replace(good, "{", `{"Token":"x",`, 1), ""}), fail: "AWSError: … stands twice"},
		{name: "no end", answers: with(getRole, answer{200, `{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t"}`, ""}), fail: "AWSError: … without token or end"},
		{name: "endless", answers: with(getRole, answer{200, strings.Repeat(" ", maxMetadata+1), ""}), fail: "AWSError: … larger than 64 KiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.answers)
			got, err := runStep(t, &Resolver{}, IMDSStep{Named: true, Endpoint: s.URL, V1: c.v1})
			if c.asked != "" && s.asked() != c.asked {
				t.Errorf("asked:\n got %s\nwant %s", s.asked(), c.asked)
			}
			if c.fail != "" {
				checkError(t, err, c.fail)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessKeyID != "ASIAHOST" || got.Secret.Reveal() != "sec" || got.Token.Reveal() != "tok" || !got.Expires.Equal(end) {
				t.Errorf("got %v, want ASIAHOST until %v", got, end)
			}
		})
	}
}

// Where nobody asked for the instance role, its absence is no failure of AWS.
func TestNoInstance(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, err := runStep(t, &Resolver{}, IMDSStep{Endpoint: gone.URL})
	if !errors.Is(err, ErrNoCredentials) {
		t.Errorf("in the usual chain: %v", err)
	}
	_, err = runStep(t, &Resolver{}, IMDSStep{Endpoint: gone.URL, Named: true})
	checkError(t, err, "AWSError: … unreachable")
}

// A service that is silent costs a second, not a minute.
func TestSilentInstance(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer s.Close()
	defer close(release)
	start := time.Now()
	_, err := runStep(t, &Resolver{}, IMDSStep{Endpoint: s.URL})
	if took := time.Since(start); !errors.Is(err, ErrNoCredentials) || took > 3*time.Second {
		t.Errorf("%v after %v", err, took)
	}
}

func TestMetadataCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer s.Close()
	_, err := (&Resolver{}).Resolve(ctx, &Plan{Steps: []Step{IMDSStep{Endpoint: s.URL, Named: true}}})
	if !errors.Is(err, ErrCancelled) {
		t.Errorf("got %v", err)
	}
}

// A host name is judged by all its addresses, and what was judged is dialled.
func TestMetadataLookup(t *testing.T) {
	s := serve(t, map[string][]answer{"GET /creds": {{200, metadataJSON(time.Now().Add(time.Hour)), ""}}})
	url := strings.Replace(s.URL, "127.0.0.1", "creds.example", 1) + "/creds"
	loopback := netip.MustParseAddr("127.0.0.1")
	for name, c := range map[string]struct {
		addrs []netip.Addr
		fail  string
	}{
		"loopback":        {addrs: []netip.Addr{loopback}},
		"mapped loopback": {addrs: []netip.Addr{netip.MustParseAddr("::ffff:127.0.0.1")}},
		"one of two":      {addrs: []netip.Addr{loopback, netip.MustParseAddr("10.0.0.1")}, fail: "ConfigError: X: … creds.example (10.0.0.1)"},
		"IMDS":            {addrs: []netip.Addr{netip.MustParseAddr("169.254.169.254")}, fail: "ConfigError: X: … refused"},
		"mapped IMDS":     {addrs: []netip.Addr{netip.MustParseAddr("::ffff:169.254.169.254")}, fail: "ConfigError: X: … refused"},
		"unspecified":     {addrs: []netip.Addr{netip.MustParseAddr("0.0.0.0")}, fail: "ConfigError: X: … refused"},
		"none":            {fail: "AWSError: … unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			lookups := 0
			r := &Resolver{LookupIP: func(_ context.Context, host string) ([]netip.Addr, error) {
				if lookups++; lookups > 1 && c.fail == "" { // a second answer would be another
					return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
				}
				return c.addrs, nil
			}}
			_, err := runStep(t, r, ContainerStep{At: Origin{Name: "X"}, URL: url})
			if c.fail == "" && err != nil {
				t.Fatal(err)
			}
			if c.fail != "" {
				checkError(t, err, c.fail)
			}
		})
	}
}

func FuzzMetadataURL(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1/x", "http://169.254.170.2/v2", "http://[::1]:80/", "http://[::ffff:169.254.169.254]/", "http://2130706433/",
		"http://0177.0.0.1/", "http://a@b/", "http://localhost", "https://x/", "ftp://x", "http://127.0.0.1%00/", "http://[fe80::1%25lo]/", "http:///x", "http://127.0.0.1#@10.0.0.1/"} {
		f.Add(s)
	}
	allowed := allowedAt(containerAddresses())
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := checkMetadataURL(raw, Origin{Name: "X"}, containerAddresses())
		if err != nil {
			var conf *ConfigError
			if !errors.As(err, &conf) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
			t.Fatalf("%q is taken", raw)
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && u.Scheme == "http" && !allowed(a) {
			t.Fatalf("%q goes to %v", raw, a)
		}
		// The client must see the host that was judged.
		req, err := http.NewRequest(http.MethodGet, u.String(), nil)
		if err == nil && req.URL.Hostname() != u.Hostname() {
			t.Fatalf("%q: judged %q, asked %q", raw, u.Hostname(), req.URL.Hostname())
		}
	})
}
