package collect

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fakeNet answers for the network: addresses that begin with "10." connect, "192." refuse
// and "172." keep silent.
func fakeNet(addresses ...string) (d *dialer, lookups *atomic.Int64) {
	lookups = new(atomic.Int64)
	return &dialer{
		hosts: map[string]*host{},
		lookup: func(ctx context.Context, name string) ([]string, error) {
			lookups.Add(1)
			if err := wait(ctx, 100*time.Millisecond, nil); err != nil {
				return nil, err
			}
			if len(addresses) == 0 {
				return nil, &net.DNSError{Name: name, IsNotFound: true}
			}
			return addresses, nil
		},
		dial: func(ctx context.Context, _, address string) (net.Conn, error) {
			switch {
			case strings.HasPrefix(address, "192."):
				return nil, errors.New("refused")
			case strings.HasPrefix(address, "172."):
				<-ctx.Done()
				return nil, ctx.Err()
			}
			one, other := net.Pipe()
			_ = other.Close()
			return one, nil
		},
	}, lookups
}

// TestAddressesOnce: however many connect, a host is looked up once in a while.
func TestAddressesOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d, lookups := fakeNet("10.0.0.1")
		connect := func() {
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					if conn, err := d.connect(t.Context(), "tcp", "ec2.eu-west-1.amazonaws.com:443"); err != nil {
						t.Error(err)
					} else {
						_ = conn.Close()
					}
				})
			}
			all.Wait()
		}
		connect()
		connect()
		if n := lookups.Load(); n != 1 {
			t.Errorf("%d lookups", n)
		}
		time.Sleep(addressesFor)
		connect()
		if n := lookups.Load(); n != 2 {
			t.Errorf("%d lookups after a while", n)
		}
	})
}

func TestConnect(t *testing.T) {
	for _, c := range []struct {
		name      string
		addresses []string
		most      time.Duration
		err       string
	}{
		{"the second answers", []string{"192.0.0.1", "10.0.0.1"}, 100 * time.Millisecond, ""},
		{"the first is silent", []string{"172.0.0.1", "10.0.0.1"}, 400 * time.Millisecond, ""},
		{"all are silent", []string{"172.0.0.1", "172.0.0.2"}, connectLimit, "deadline"},
		{"all refuse", []string{"192.0.0.1", "192.0.0.2"}, 100 * time.Millisecond, "refused"},
		{"there is no such host", nil, 100 * time.Millisecond, "lookup"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d, lookups := fakeNet(c.addresses...)
				started := time.Now()
				conn, err := d.connect(t.Context(), "tcp", "ec2.eu-west-1.amazonaws.com:443")
				if took := time.Since(started); took > c.most {
					t.Errorf("it took %s", took)
				}
				if err == nil {
					_ = conn.Close()
				}
				if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
					t.Errorf("err = %v", err)
				}
				if len(c.addresses) == 0 {
					_, _ = d.connect(t.Context(), "tcp", "ec2.eu-west-1.amazonaws.com:443")
					if lookups.Load() != 2 {
						t.Error("that there is no host was kept")
					}
				}
			})
		})
	}
}
