package collect

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	pemfile "encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// cloud is the stand-in behind AWS's own names: a proxy leads every host to it, and it
// has a certificate for every one, from an authority of its own.
type cloud struct {
	*standIn
	roots []byte // PEM
	proxy func(*http.Request) (*url.URL, error)

	mu    sync.Mutex
	hosts []string // that were asked for, in order
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{standIn: newStandIn(t)}
	leaf := c.certify(t)
	secure := httptest.NewUnstartedServer(c.Config.Handler)
	secure.TLS = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return leaf(hello.ServerName) }}
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.hosts = append(c.hosts, r.Host)
		c.mu.Unlock()
		tunnel(w, r, secure.Listener.Addr().String())
	}))
	t.Cleanup(proxy.Close)
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.proxy = http.ProxyURL(at)
	return c
}

// certify makes an authority, and returns what makes certificates for hosts.
func (c *cloud) certify(t *testing.T) func(host string) (*tls.Certificate, error) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	root := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c.roots = pemfile.EncodeToMemory(&pemfile.Block{Type: "CERTIFICATE", Bytes: raw})
	return func(host string) (*tls.Certificate, error) {
		leaf := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: to, DNSNames: []string{host}}
		made, err := x509.CreateCertificate(rand.Reader, leaf, root, key.Public(), key)
		return &tls.Certificate{Certificate: [][]byte{made}, PrivateKey: key}, err
	}
}

// tunnel answers CONNECT, wherever it asks to go, with a way to one address.
func tunnel(w http.ResponseWriter, r *http.Request, to string) {
	up, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	down, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		_ = up.Close()
		return
	}
	_, _ = io.WriteString(down, "HTTP/1.1 200 OK\r\n\r\n")
	go pipe(up, buffered.Reader, down)
	go pipe(down, bufio.NewReader(up), up)
}

func pipe(to net.Conn, from io.Reader, end net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = end.Close()
}

func (c *cloud) asked() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(c.hosts)))
}

// scan reads an account that is reached as n says.
func (c *cloud) scan(t *testing.T, n Network, ids ...string) *snapshot {
	t.Helper()
	reader := c.collector(t, ids...)
	reader.Endpoint, reader.Proxy = "", c.proxy
	a, out := theAccount(), new(bytes.Buffer)
	a.Network = n
	if err := reader.Run(t.Context(), a, out); err != nil {
		t.Fatal(err)
	}
	return parse(t, out.Bytes())
}

// TestNetwork: calls go where the profile says, and trust whom it says.
func TestNetwork(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     Network
		hosts []string
	}{
		{"AWS's own", Network{}, []string{"123456789012.s3-control.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"}},
		{"FIPS", Network{FIPS: true}, []string{"123456789012.s3-control-fips.eu-west-1.amazonaws.com", "ec2-fips.eu-west-1.amazonaws.com"}},
		{"dual stack", Network{DualStack: true}, []string{"123456789012.s3-control.dualstack.eu-west-1.amazonaws.com", "ec2.eu-west-1.api.aws"}},
		{"both", Network{FIPS: true, DualStack: true}, []string{"123456789012.s3-control-fips.dualstack.eu-west-1.amazonaws.com", "ec2-fips.eu-west-1.api.aws"}},
		{"an endpoint for an account's host", Network{Endpoints: map[string]string{"S3 Control": "https://control.vpce-1.s3.example"}}, []string{"123456789012.control.vpce-1.s3.example", "ec2.eu-west-1.amazonaws.com"}},
		{"one endpoint", Network{Endpoints: map[string]string{"EC2": "https://vpce-1.ec2.example:8443"}}, []string{"123456789012.s3-control.eu-west-1.amazonaws.com", "vpce-1.ec2.example"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake := newCloud(t)
			fake.on("s3:GET /v20180820/configuration/publicAccessBlock", body(`<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>
<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`))
			c.n.CABundle = fake.roots
			s := fake.scan(t, c.n, "ec2-ebs-default-encryption", "s3-account-bpa")
			if end := s.end(t); !*end.Complete || end.Errors != 0 {
				t.Errorf("end %+v, errors %+v", end, s.of("err"))
			}
			var hosts []string
			for _, host := range fake.asked() {
				name, _, _ := net.SplitHostPort(host)
				hosts = append(hosts, name)
			}
			if !slices.Equal(hosts, c.hosts) {
				t.Errorf("asked %v, want %v", hosts, c.hosts)
			}
		})
	}
}

// TestUntrusted: without the CA bundle the same servers are not believed, and a file that
// is none is said to be.
func TestUntrusted(t *testing.T) {
	fake := newCloud(t)
	reader := fake.collector(t, "ec2-ebs-default-encryption")
	reader.Endpoint, reader.Proxy = "", fake.proxy
	if err := reader.Run(t.Context(), theAccount(), new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("err = %v", err)
	}
	if n := fake.made(""); n != 0 {
		t.Errorf("%d calls were made", n)
	}
	a := theAccount()
	a.Network.CABundle = []byte("no certificate")
	if err := reader.Run(t.Context(), a, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "CA bundle") {
		t.Errorf("err = %v", err)
	}
}

// TestRoots: accounts that trust others are read at the same time.
func TestRoots(t *testing.T) {
	one, other := newCloud(t), newCloud(t)
	reader := one.collector(t, "ec2-ebs-default-encryption")
	reader.Endpoint = ""
	reader.Proxy = func(r *http.Request) (*url.URL, error) {
		if strings.HasPrefix(r.URL.Host, "other.") {
			return other.proxy(r)
		}
		return one.proxy(r)
	}
	var all sync.WaitGroup
	for _, n := range []Network{{CABundle: one.roots}, {CABundle: other.roots, Endpoints: map[string]string{"EC2": "https://other.example"}}} {
		all.Go(func() {
			a := theAccount()
			a.Network = n
			if err := reader.Run(t.Context(), a, new(bytes.Buffer)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if one.made("") != 2 || other.made("") != 2 {
		t.Errorf("%d and %d calls", one.made(""), other.made(""))
	}
}

// TestNoSuchEndpoint: where AWS has no endpoint of the wanted kind, that is unknown and
// said, and no other endpoint is called instead.
func TestNoSuchEndpoint(t *testing.T) {
	for _, c := range []struct {
		name string
		n    Network
		code string
		rest []string // hosts that are called
	}{
		{"FIPS", Network{FIPS: true}, "no-fips-endpoint", []string{"ec2-fips.eu-west-1.amazonaws.com"}},
		{"dual stack", Network{DualStack: true}, "no-dualstack-endpoint", []string{"ec2.eu-west-1.api.aws"}},
		{"both", Network{FIPS: true, DualStack: true}, "no-fips-dualstack-endpoint", []string{"ec2-fips.eu-west-1.api.aws"}},
		{"an endpoint of one's own", Network{FIPS: true, Endpoints: map[string]string{"GuardDuty": "https://guardduty.example"}}, "fips-with-own-endpoint", []string{"ec2-fips.eu-west-1.amazonaws.com"}},
		{"neither", Network{}, "no-such-host", []string{"ec2.eu-west-1.amazonaws.com"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake := newStandIn(t)
			reader := fake.collector(t, "ec2-ebs-default-encryption", "guardduty-enabled")
			host := &named{to: fake.URL, missing: "guardduty"}
			reader.Endpoint, reader.HTTP = "", &http.Client{Transport: host}
			a, out := theAccount(), new(bytes.Buffer)
			a.Network = c.n
			if err := reader.Run(t.Context(), a, out); err != nil {
				t.Fatal(err)
			}
			s := parse(t, out.Bytes())
			errs := s.of("err")
			if len(errs) != 1 || errs[0].Why != scan.Failed || errs[0].Code != c.code || errs[0].Op != "guardduty:ListDetectors" || *s.end(t).Complete {
				t.Errorf("errors %+v", errs)
			}
			if got := host.asked(); !slices.Equal(got, c.rest) {
				t.Errorf("asked %v, want %v", got, c.rest)
			}
			if blocked := s.scopes()["blocked"]; len(blocked) > 0 {
				t.Errorf("blocked %v", blocked)
			}
		})
	}
}

// named is a network on which some names have no address.
type named struct {
	to, missing string

	mu    sync.Mutex
	hosts []string
}

// RoundTrip implements http.RoundTripper.
func (n *named) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Host, n.missing) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: r.URL.Host, IsNotFound: true}}
	}
	n.mu.Lock()
	n.hosts = append(n.hosts, r.URL.Host)
	n.mu.Unlock()
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(n.to, "http://")
	return http.DefaultTransport.RoundTrip(r)
}

func (n *named) asked() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(n.hosts)))
}

// TestServices: every service of which there is a client can have an endpoint, and every
// client asks for its own.
func TestServices(t *testing.T) {
	source, err := os.ReadFile("clients.go")
	if err != nil {
		t.Fatal(err)
	}
	made := regexp.MustCompile(`(\w+)\.NewFromConfig\((.*?)[,)]`).FindAllStringSubmatch(string(source), -1)
	for _, m := range made {
		if m[2] != "c.of("+m[1]+".ServiceID" {
			t.Errorf("the client of %s is made with %s", m[1], m[2])
		}
		if !strings.Contains(string(source), "\t\t"+m[1]+".ServiceID,\n") {
			t.Errorf("%s is not among the services", m[1])
		}
	}
	if len(made) != len(Services()) || len(made) < 30 {
		t.Errorf("%d clients, %d services", len(made), len(Services()))
	}
}

// TestNoEnvironment: what the environment says to SDKs is not for the collector to hear.
func TestNoEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": "https://127.0.0.1:1", "AWS_ENDPOINT_URL_EC2": "https://127.0.0.1:1", "AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true",
	} {
		t.Setenv(name, value)
	}
	c := &clients{cfg: (&run{Collector: &Collector{}}).config("eu-west-1"), endpoints: map[string]string{"S3": "https://s3.example"}}
	for _, x := range []struct {
		got  *string
		fips bool
		want string
	}{{c.ec2().Options().BaseEndpoint, c.ec2().Options().EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled, ""}, {c.s3().Options().BaseEndpoint, false, "https://s3.example"}} {
		got := ""
		if x.got != nil {
			got = *x.got
		}
		if got != x.want || x.fips {
			t.Errorf("endpoint %q, want %q; FIPS %v", got, x.want, x.fips)
		}
	}
}
