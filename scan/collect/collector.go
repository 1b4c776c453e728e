package collect

import (
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Account is what is read.
type Account struct {
	ID        string // twelve digits
	Name      string
	Partition string
	Region    string // where calls start that belong to no region
	// Credentials are asked for once for many calls: at the start, and when the last ones
	// come to their end or AWS calls them expired.
	Credentials aws.CredentialsProvider
	// Network is how its calls reach AWS.
	Network Network
	// Renew is told that AWS calls these credentials expired, whatever they say of their
	// end: Credentials must give others from now on. It may ask a person, and is not called
	// by two at a time. nil is for Credentials that give others by themselves, or have an
	// Invalidate as the SDK's cache.
	Renew func(ctx context.Context, expired aws.Credentials) error
}

// Collector reads accounts, several at a time if wanted: they share its Jobs, its
// MaxCalls and its connections. The zero values of its fields mean the usual.
type Collector struct {
	Plan *Plan
	// HTTP makes all calls, whatever an account's CABundle is; nil is a client of our own.
	HTTP *http.Client
	// Proxy says through which proxy our own clients go; nil is through none.
	Proxy func(*http.Request) (*url.URL, error)
	Now   func() time.Time
	// Tool and Scan name the program and the run in the snapshot.
	Tool, Scan string
	// Endpoint replaces AWS, for emulators, where an account's Network has none.
	Endpoint string
	// Only and Exclude choose regions; Only empty means all that are enabled.
	Only, Exclude []string
	// Jobs are the calls in flight, 0 means 64; MaxCalls ends a scan after so many, and
	// MaxRate is the most per second and service; 0 means no limit.
	Jobs, MaxCalls int
	MaxRate        float64
	// Key is that of the hashes which stand in the snapshot for secrets that were found;
	// nil takes a new one for every run.
	Key []byte
	// Wait pauses until AWS has made what was asked for; nil is real time.
	Wait func(context.Context, time.Duration) error

	calls atomic.Int64

	mu       sync.Mutex
	running  int
	slots    slots
	byRoots  map[string]*http.Client // by the roots that they trust
	accounts []*progress
}

// Run reads an account into a snapshot. What AWS refuses is written into it and is no
// error; an error is a snapshot that cannot be written, an account of which nothing can
// be read, or, as a [CredentialsError], one whose credentials came to their end. A run
// that was cancelled or lost its credentials leaves a snapshot that can be read and
// resumed.
func (c *Collector) Run(ctx context.Context, a Account, out io.Writer) error {
	return c.run(ctx, a, nil, out)
}

// run reads an account, but for what is there from before.
func (c *Collector) run(ctx context.Context, a Account, before *past, out io.Writer) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx = withShared(ctx, c.Key)
	c.begin()
	defer c.end()
	client, err := c.client(a.Network.CABundle)
	if err != nil {
		return err
	}
	r := &run{
		Collector: c, account: a, past: before, http: client, stop: stop,
		journal: newJournal(out, a.ID, c.now, stop), progress: c.newProgress(&a),
		limits: map[string]*limiter{}, regional: map[string]*clients{}, breakers: map[string]*breaker{},
		reads: map[string]bool{scan.Global: true}, seen: map[[sha256.Size]byte]bool{},
	}
	r.session = newSession(&r.account, c.now, stop)
	r.journal.put(r.head())
	r.guarded(func() { err = r.all(ctx) })()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	written := r.journal.close(err, int(r.made.Load()))
	r.progress.finish(c.now(), err)
	if written != nil {
		return written
	}
	return err
}

// head is the first line of the snapshot. A scan that goes on where another stopped is
// the same scan.
func (r *run) head() *scan.Line {
	at := r.now().UTC()
	h := &scan.Line{
		K: "head", V: scan.SnapshotVersion, Tool: r.Tool, Scan: r.Scan, At: &at, Plan: r.selection(),
		Accounts: []string{r.account.ID}, Partition: r.account.Partition,
	}
	if r.past != nil {
		r.past.title(h)
	}
	return h
}

// begin and end frame the reading of an account: the connections are closed with the last.
func (c *Collector) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.slots.all == nil {
		c.slots = newSlots(c.jobs())
	}
	c.running++
}

// client is the one that all accounts share that trust the same roots.
func (c *Collector) client(roots []byte) (*http.Client, error) {
	if c.HTTP != nil {
		return c.HTTP, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if client := c.byRoots[string(roots)]; client != nil {
		return client, nil
	}
	client, err := newClient(c.jobs(), roots, c.Proxy)
	if err != nil {
		return nil, err
	}
	if c.byRoots == nil {
		c.byRoots = map[string]*http.Client{}
	}
	c.byRoots[string(roots)] = client
	return client, nil
}

func (c *Collector) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.running == 0 {
		for _, client := range c.byRoots {
			client.CloseIdleConnections()
		}
		c.byRoots = nil
	}
}

func (c *Collector) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c *Collector) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Collector) jobs() int {
	if c.Jobs == 0 {
		return 64
	}
	return c.Jobs
}
