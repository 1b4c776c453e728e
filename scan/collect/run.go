package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
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
	// Renew is told that AWS calls these credentials expired, whatever they say of their
	// end: Credentials must give others from now on. It may ask a person, and is not called
	// by two at a time. nil is for Credentials that give others by themselves, or have an
	// Invalidate as the SDK's cache.
	Renew func(ctx context.Context, expired aws.Credentials) error
}

// Collector reads accounts. The zero values of its fields mean the usual.
type Collector struct {
	Plan *Plan
	HTTP *http.Client
	Now  func() time.Time
	// Tool and Scan name the program and the run in the snapshot.
	Tool, Scan string
	// Endpoint replaces AWS, for emulators.
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

	calls    atomic.Int64
	progress progress
}

// workers read the resources of one kind in one region at a time.
const workers = 16

// Run reads an account into a snapshot. What AWS refuses is written into it and is no
// error; an error is a snapshot that cannot be written, an account of which nothing can
// be read, or, as a [CredentialsError], one whose credentials came to their end. A run
// that was cancelled or lost its credentials leaves a snapshot that can be read and
// resumed.
func (c *Collector) Run(ctx context.Context, a Account, out io.Writer) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx = withShared(ctx, c.Key)
	r := &run{
		Collector: c, account: a, client: c.client(), slots: make(chan struct{}, c.jobs()),
		journal: newJournal(out, a.ID, c.now, stop),
		limits:  map[string]*limiter{}, regional: map[string]*clients{}, breakers: map[string]*breaker{},
		reads: map[string]bool{scan.Global: true}, seen: map[string]bool{},
	}
	r.session = newSession(&r.account, c.now, stop)
	if c.HTTP == nil {
		defer r.client.CloseIdleConnections()
	}
	at := c.now().UTC()
	r.journal.put(&scan.Line{K: "head", V: scan.SnapshotVersion, Tool: c.Tool, Scan: c.Scan, At: &at, Accounts: []string{a.ID}, Partition: a.Partition})
	err := r.all(ctx)
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	written := r.journal.close(err == nil, int(r.made.Load()))
	if written != nil {
		return written
	}
	return err
}

// all reads everything that the plan wants.
func (r *run) all(ctx context.Context) error {
	regions, err := r.regions(ctx)
	if err != nil {
		return err
	}
	for _, region := range regions {
		r.reads[region] = true
	}
	var all sync.WaitGroup
	for _, region := range append([]string{scan.Global}, regions...) {
		all.Go(func() { r.region(ctx, region) })
	}
	all.Wait()
	return ctx.Err()
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

// Limits of one try of a call.
const (
	connectLimit = 3 * time.Second
	tryLimit     = 10 * time.Second
)

func (c *Collector) client() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return &http.Client{Timeout: tryLimit, Transport: &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: connectLimit}).DialContext,
		TLSHandshakeTimeout: connectLimit,
		MaxIdleConnsPerHost: c.jobs(),
		ForceAttemptHTTP2:   true,
	}}
}

func (c *Collector) jobs() int {
	if c.Jobs == 0 {
		return 64
	}
	return c.Jobs
}

// run is the reading of one account.
type run struct {
	*Collector
	account Account
	session *session
	journal *journal
	client  *http.Client
	slots   chan struct{}   // one for each call in flight
	made    atomic.Int64    // tries of calls
	reads   map[string]bool // the regions that are read, Global among them

	mu       sync.Mutex
	seen     map[string]bool // what lists named
	limits   map[string]*limiter
	regional map[string]*clients
	breakers map[string]*breaker
}

// region calls what the plan has for one region, or for Global.
func (r *run) region(ctx context.Context, region string) {
	scope := scan.Regional
	self := item{Type: "AWS::Region", ARN: region, Name: region, Region: region}
	if region == scan.Global {
		scope, self = scan.Once, item{Type: "AWS::Account", ARN: r.account.ID, Name: r.account.ID}
	} else {
		r.journal.put(&scan.Line{K: "scope", R: region, S: "read"})
	}
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { r.details(ctx, &self, region, scope) })
	for _, o := range r.Plan.lists() {
		if o.scope == scope {
			all.Go(func() { r.list(ctx, o, region) })
		}
	}
}

// list calls an operation that lists, and reads what the plan wants of each resource
// while the list still comes.
func (r *run) list(ctx context.Context, o *operation, region string) {
	queue := make(chan item, workers)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := range queue {
				if at, ok := r.detailsAt(&i, region); ok {
					r.details(ctx, &i, at, -1)
				}
			}
		})
	}
	defer all.Wait()
	defer close(queue)

	r.journal.begin(o.name, region, "")
	err := o.list(withOperation(ctx, o), r.clients(region), func(i item) {
		if i.Region == "" {
			i.Region = region
		}
		if !r.first(o, &i) {
			return
		}
		r.emit(&i, i.Data, nil)
		r.journal.found()
		r.progress.found(o.service())
		if i.Type == "AWS::Account" || i.Type == "AWS::Region" {
			return // read by itself
		}
		select {
		case queue <- i:
		case <-ctx.Done():
		}
	})
	if e, absent := o.classify(ctx, err, "", region); e != nil && !absent {
		r.progress.failed(o.service(), e.Why)
		r.journal.refused(e, region)
		return
	}
	r.journal.end(o.name, region, "")
}

// first says whether a list names an item for the first time. Some lists repeat one on the
// next page, and some name it in several regions.
func (r *run) first(o *operation, i *item) bool {
	key := strings.Join([]string{o.name, i.Type, i.Region, i.ARN}, " ")
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !r.seen[key]
	r.seen[key] = true
	return first
}

// detailsAt is where details of a resource are asked for that a list in a region named.
// ok is false for what a list of all regions found in one that is not read, such as a
// bucket in a disabled region. A region may name what lies in another one, such as a
// trail: then that is asked, or, if it is not read, the one that named it.
func (r *run) detailsAt(i *item, listed string) (region string, ok bool) {
	switch {
	case listed == scan.Global:
		return listed, r.reads[i.Region]
	case r.reads[i.Region]:
		return i.Region, true
	}
	return listed, true
}

// details reads what the plan wants of one resource, one call after the other.
func (r *run) details(ctx context.Context, i *item, region string, scope scan.Scope) {
	for _, o := range r.Plan.reads(i.Type) {
		if scope >= 0 && o.scope != scope || o.when != nil && !o.when(i) {
			continue
		}
		r.read(ctx, o, i, region)
	}
}

func (r *run) read(ctx context.Context, o *operation, i *item, region string) {
	at := region // where the resource is found in the snapshot
	if region != scan.Global {
		at = i.Region
	}
	r.journal.begin(o.name, at, i.ARN)
	got, err := o.read(withOperation(ctx, o), r.clients(region), i)
	e, absent := o.classify(ctx, err, i.ARN, region)
	switch {
	case e != nil:
		r.progress.failed(o.service(), e.Why)
		r.journal.refused(e, at)
		return
	case absent:
		r.emit(i, nil, r.fieldsOf(o, i.Type))
	default:
		if i.Data == nil {
			i.Data = fields{}
		}
		for name, v := range got {
			i.Data[name] = v
		}
		r.emit(i, got, nil)
	}
	r.journal.end(o.name, at, i.ARN)
}

// fieldsOf are the fields that an operation fills.
func (r *run) fieldsOf(o *operation, typ string) (out []string) {
	for _, k := range scan.Kinds() {
		if k.Type == typ {
			out = append(out, k.FilledBy(o.name)...)
		}
	}
	return out
}

// emit writes fields of a resource into the snapshot.
func (r *run) emit(i *item, data fields, absent []string) {
	at := r.now().UTC()
	l := &scan.Line{K: "res", R: i.Region, T: i.Type, ID: i.ARN, N: i.Name, Tags: i.Tags, At: &at}
	if l.R == "" {
		l.R = scan.Global
	}
	for name, v := range data {
		raw, err := shape(v)
		if err != nil {
			r.journal.refused(&scan.ReadError{Op: i.Type, Resource: i.ARN, Why: scan.Internal, Code: fmt.Sprint(err)}, l.R)
			continue
		}
		if l.D == nil {
			l.D = map[string]json.RawMessage{}
		}
		if string(raw) == "null" {
			absent = append(absent, name)
			continue
		}
		l.D[name] = raw
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(absent))) {
		if l.St == nil {
			l.St = map[string]string{}
		}
		l.St[name] = "absent"
	}
	r.journal.put(l)
}
