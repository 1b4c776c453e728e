package collect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Limits of one try of a call.
const (
	connectLimit = 3 * time.Second
	tryLimit     = 10 * time.Second
	// longTryLimit is that of IAM, which answers with megabytes: the details of all users,
	// roles and policies are known to take ten seconds.
	longTryLimit = time.Minute
)

const (
	addressesFor = time.Minute // how long a host's addresses are taken for true
	idleFor      = 90 * time.Second
	nextAddress  = 300 * time.Millisecond // before another address of a host is tried beside
)

var errNoRoots = errors.New("there is no certificate in the CA bundle")

// newClient makes a client that accounts share. A scan of many regions at once would
// otherwise ask for the addresses of the same hosts thousands of times. Roots in PEM
// replace the system's when they are not empty; proxy is nil for none.
func newClient(jobs int, roots []byte, proxy func(*http.Request) (*url.URL, error)) (*http.Client, error) {
	trust := &tls.Config{ClientSessionCache: tls.NewLRUClientSessionCache(0), MinVersion: tls.VersionTLS12}
	if len(roots) > 0 {
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM(roots) {
			return nil, errNoRoots
		}
	}
	d := &dialer{lookup: net.DefaultResolver.LookupHost, dial: (&net.Dialer{Timeout: connectLimit}).DialContext, hosts: map[string]*host{}}
	// A redirect would take the session token along, to hosts that it was not signed for.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Timeout: tryLimit, CheckRedirect: stay, Transport: &http.Transport{
		Proxy:               proxy,
		DialContext:         d.connect,
		TLSClientConfig:     trust,
		TLSHandshakeTimeout: connectLimit,
		MaxIdleConnsPerHost: jobs,
		IdleConnTimeout:     idleFor,
		ForceAttemptHTTP2:   true,
	}}, nil
}

// fault is deferred in goroutines that no account has for itself: a panic is their error.
func fault(err *error) {
	if r := recover(); r != nil {
		*err = &FaultError{fmt.Sprintf("%T", r)}
	}
}

// dialer connects to hosts, whose addresses it keeps for a while.
type dialer struct {
	lookup func(ctx context.Context, host string) ([]string, error)
	dial   func(ctx context.Context, network, address string) (net.Conn, error)

	mu    sync.Mutex
	hosts map[string]*host
}

// host has the addresses of a host. Whoever fills asking asks for them.
type host struct {
	asking    chan struct{}
	addresses []string
	until     time.Time
}

func (d *dialer) connect(ctx context.Context, network, address string) (conn net.Conn, err error) {
	defer fault(&err) // HTTP calls it in a goroutine of its own
	name, port, err := net.SplitHostPort(address)
	if err != nil || net.ParseIP(name) != nil {
		return d.dial(ctx, network, address)
	}
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	addresses, err := d.addresses(ctx, name)
	if err != nil {
		return nil, err
	}
	return d.first(ctx, network, addresses, port)
}

// addresses asks once for all who need a host. That there are none is not kept.
func (d *dialer) addresses(ctx context.Context, name string) ([]string, error) {
	d.mu.Lock()
	h := d.hosts[name]
	if h == nil {
		h = &host{asking: make(chan struct{}, 1)}
		d.hosts[name] = h
	}
	d.mu.Unlock()
	select {
	case h.asking <- struct{}{}:
		defer func() { <-h.asking }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if now := time.Now(); now.After(h.until) {
		got, err := d.lookup(ctx, name)
		if err != nil {
			return nil, err
		}
		h.addresses, h.until = got, now.Add(addressesFor)
	}
	return h.addresses, nil
}

// first connects to whichever address answers first. They are tried one after the other,
// and one that keeps silent does not hold up the next.
func (d *dialer) first(ctx context.Context, network string, addresses []string, port string) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		conn net.Conn
		err  error
	}
	results := make(chan result, len(addresses))
	open, next := 0, 0
	try := func() {
		address := net.JoinHostPort(addresses[next], port)
		next++
		open++
		go func() {
			var r result
			defer func() { results <- r }()
			defer fault(&r.err)
			r.conn, r.err = d.dial(ctx, network, address)
		}()
	}
	try()
	for {
		var later <-chan time.Time
		if next < len(addresses) {
			later = time.After(nextAddress)
		}
		select {
		case <-later:
			try()
		case got := <-results:
			open--
			switch {
			case got.err == nil:
				go func() { // whoever comes too late
					defer fault(new(error))
					for range open {
						if late := <-results; late.conn != nil {
							_ = late.conn.Close()
						}
					}
				}()
				return got.conn, nil
			case next < len(addresses):
				try()
			case open == 0:
				return nil, got.err
			}
		}
	}
}
