package resolve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"fob/internal/echo"
)

const (
	metadataLimit = time.Second // one request to a metadata service
	metadataTries = 3
	maxMetadata   = 64 << 10 // bytes of an answer
)

// metadataService hands credentials to the machine or container that asks. It
// is reached without a proxy, without redirects, and on plain http only at the
// addresses that its rules allow.
type metadataService struct {
	name    string // as errors call it
	at      Origin
	patient bool // a connection that fails is tried again too
	allowed func(netip.Addr) bool
	lookup  func(ctx context.Context, host string) ([]netip.Addr, error)
}

// metadata returns a service whose plain http goes to loopback and the fixed addresses alone.
func (r *Resolver) metadata(name string, at Origin, fixed []netip.Addr) metadataService {
	lookup := r.LookupIP
	if lookup == nil {
		lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	return metadataService{name: name, at: at, allowed: allowedAt(fixed), lookup: lookup}
}

// allowedAt takes loopback and the fixed addresses, in either form of IPv4.
func allowedAt(fixed []netip.Addr) func(netip.Addr) bool {
	return func(a netip.Addr) bool {
		a = a.Unmap()
		return a.IsLoopback() || slices.Contains(fixed, a)
	}
}

// checkMetadataURL refuses a URL that is neither https, nor http to a host
// that may be allowed: a name is judged by its addresses when it is dialled.
func checkMetadataURL(raw string, at Origin, fixed []netip.Addr) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &ConfigError{At: at, Fact: "not an http:// or https:// URL"}
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && u.Scheme == "http" && !allowedAt(fixed)(a) {
		return nil, forbiddenHost(at, u.Hostname(), a)
	}
	return u, nil
}

func forbiddenHost(at Origin, host string, a netip.Addr) error {
	if a.String() != host {
		host += " (" + a.String() + ")"
	}
	return &ConfigError{At: at, Fact: "plain http to " + host + " is refused: only loopback and AWS's fixed addresses are asked without TLS", Fix: "use https://"}
}

// do asks the service, up to three times while it fails on its side.
func (m metadataService) do(ctx context.Context, method string, u *url.URL, header map[string]string) (int, []byte, error) {
	for try := 1; ; try++ {
		status, body, err := m.once(ctx, method, u, header)
		again := err == nil && (status >= 500 || status == http.StatusTooManyRequests) || err != nil && m.patient
		var refused *ConfigError
		if !again || try == metadataTries || errors.As(err, &refused) || ctx.Err() != nil {
			return status, body, m.fault(ctx, err)
		}
		pause(ctx, time.Duration(try)*(50+rand.N[time.Duration](50))*time.Millisecond)
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// client makes a client for one request; nothing of it outlives the call.
func (m metadataService) client(scheme string) *http.Client {
	t := &http.Transport{
		DialContext:        m.dial,
		DisableKeepAlives:  true,
		DisableCompression: true,
		TLSClientConfig:    &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if scheme == "https" {
		t.DialContext = (&net.Dialer{}).DialContext
	}
	return &http.Client{
		Transport:     t,
		Timeout:       metadataLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// errRepeats is an answer of no known form with the request's token in it.
var errRepeats = errors.New("the answer repeats what was sent, and is not shown")

var errLongAnswer = errors.New("the answer is larger than 64 KiB")

func (m metadataService) once(ctx context.Context, method string, u *url.URL, header map[string]string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return 0, nil, err
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	sent := echo.Secrets(req)
	res, err := m.client(u.Scheme).Do(req)
	if err != nil && echo.Repeats(err.Error(), sent...) {
		err = errRepeats
	}
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxMetadata+1))
	if err == nil && len(body) > maxMetadata {
		err = errLongAnswer
	}
	if echo.Repeats(string(body), sent...) {
		body = nil
	}
	return res.StatusCode, body, err
}

// dial looks a host up once, checks every address that it has and connects to
// one that was checked, so that no second lookup can say otherwise.
func (m metadataService) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs := []netip.Addr{}
	if a, err := netip.ParseAddr(host); err == nil {
		addrs = append(addrs, a)
	} else if addrs, err = m.lookup(ctx, host); err != nil {
		return nil, err
	}
	for _, a := range addrs {
		if !m.allowed(a) {
			return nil, forbiddenHost(m.at, host, a)
		}
	}
	err = &net.DNSError{Err: "no address", Name: host}
	for _, a := range addrs {
		var conn net.Conn
		if conn, err = (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// fault sorts a transport's error.
func (m metadataService) fault(ctx context.Context, err error) error {
	var refused *ConfigError
	var ne net.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return refused
	case errors.Is(ctx.Err(), context.Canceled):
		return ErrCancelled
	case errors.Is(err, errLongAnswer):
		return m.failed(BadAnswer, err.Error())
	case errors.As(err, &ne) && ne.Timeout():
		return m.failed(Unreachable, "no answer in time")
	}
	return m.failed(Unreachable, rootText(err))
}

func (m metadataService) failed(cause Cause, text string) *AWSError {
	return &AWSError{Call: m.name, Cause: cause, Text: text}
}

// refused is an answer that is no success. The service's own words are kept
// when they are short and plain.
func (m metadataService) refused(status int, body []byte) *AWSError {
	cause, text := Refused, fmt.Sprintf("status %d", status)
	switch {
	case status >= 500:
		cause = Unreachable
	case status == http.StatusTooManyRequests:
		cause = Throttled
	}
	if f, err := readFields(body); err == nil {
		for _, name := range []string{"message", "Message"} {
			if s, err := f.text(name); err == nil && s != "" {
				text += ": " + strings.TrimSpace(s)
				break
			}
		}
	}
	return m.failed(cause, text)
}

// credentials reads the document that the instance and the container services
// share. Both give sessions only, so that token and end have to be there.
func (m metadataService) credentials(body []byte, now time.Time) (Credentials, fields, error) {
	f, err := readFields(body)
	if err != nil {
		return Credentials{}, nil, m.failed(BadAnswer, err.Error())
	}
	if code, err := f.text("Code"); err == nil && code != "" && code != "Success" {
		return Credentials{}, nil, m.refused(http.StatusOK, body)
	}
	c, err := f.key("Token")
	if err == nil {
		c.Expires, err = f.expiry()
	}
	switch {
	case err != nil:
		return Credentials{}, nil, m.failed(BadAnswer, err.Error())
	case c.Token.Empty() || c.Expires.IsZero():
		return Credentials{}, nil, m.failed(BadAnswer, "credentials without token or end")
	case c.Left(now) <= 0:
		return Credentials{}, nil, m.failed(Expired, "its credentials ended at "+c.Expires.Format(time.RFC3339))
	}
	c.Issued = now
	return c, f, nil
}
