package collect

import (
	"maps"
	"slices"
	"sync"
	"time"

	"fob/scan"
)

// Progress is how far an account is.
type Progress struct {
	Account, Name string
	Started       time.Time
	Took          time.Duration // so far, or until it ended
	Ended         bool
	Err           error // why it ended before its end
	// Services are those that something was called of, by name.
	Services []ServiceProgress
	// Left is when the slowest queue is through, going by its pace and by what the lists
	// gave so far. 0 is for nothing in a queue.
	Left time.Duration
}

// Total are the sums of an account's services.
func (p *Progress) Total() ServiceProgress {
	var sum ServiceProgress
	for _, s := range p.Services {
		sum.Add(s)
	}
	return sum
}

// Add adds the numbers of another service to these.
func (s *ServiceProgress) Add(o ServiceProgress) {
	s.Lists += o.Lists
	s.Resources += o.Resources
	s.Details += o.Details
	s.Expected += o.Expected
	s.Calls += o.Calls
	s.Throttled += o.Throttled
	s.Denied += o.Denied
	s.Other += o.Other
	s.Left += o.Left
}

// ServiceProgress is how far a service is.
type ServiceProgress struct {
	Service   string
	Lists     int // lists at work; where it is 0 and Details is Expected, the service is done
	Resources int
	Details   int // calls about single resources that are done, of those Expected so far
	Expected  int
	Calls     int // tries included
	Throttled int
	Denied    int
	Other     int // reads that failed otherwise
	Left      int // reads that were not tried: no more calls were allowed, or the scan was stopped
}

// Progress returns how far each account is, in the order in which they began. It is
// cheap, and may be called at any time.
func (c *Collector) Progress() []Progress {
	c.mu.Lock()
	accounts := slices.Clone(c.accounts)
	c.mu.Unlock()
	var out []Progress
	for _, p := range accounts {
		out = append(out, p.snapshot(c.now()))
	}
	return out
}

// progress counts what happens in the reading of an account.
type progress struct {
	mu       sync.Mutex
	state    Progress
	services map[string]*ServiceProgress
	queues   map[*limiter]int // calls that wait
}

func (c *Collector) newProgress(a *Account) *progress {
	p := &progress{
		state:    Progress{Account: a.ID, Name: a.Name, Started: c.now()},
		services: map[string]*ServiceProgress{}, queues: map[*limiter]int{},
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.accounts = append(c.accounts, p)
	return p
}

func (p *progress) snapshot(now time.Time) Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.state
	if !out.Ended {
		out.Took = now.Sub(out.Started)
	}
	for _, name := range slices.Sorted(maps.Keys(p.services)) {
		out.Services = append(out.Services, *p.services[name])
	}
	for limit, calls := range p.queues {
		if calls > 0 && !out.Ended {
			out.Left = max(out.Left, time.Duration(float64(calls)/limit.pace()*float64(time.Second)))
		}
	}
	return out
}

// of changes the numbers of a service.
func (p *progress) of(service string, change func(*ServiceProgress)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.services[service] == nil {
		p.services[service] = &ServiceProgress{Service: service}
	}
	change(p.services[service])
}

func (p *progress) listing(service string, n int) {
	p.of(service, func(s *ServiceProgress) { s.Lists += n })
}

func (p *progress) found(service string) { p.of(service, func(s *ServiceProgress) { s.Resources++ }) }

// expect counts calls that wait for a limit, or with a negative number some that turned
// out not to be needed.
func (p *progress) expect(service string, limit *limiter, n int) {
	p.of(service, func(s *ServiceProgress) { s.Expected += n; p.queues[limit] += n })
}

func (p *progress) detail(service string, limit *limiter) {
	p.of(service, func(s *ServiceProgress) { s.Details++; p.queues[limit]-- })
}

func (p *progress) called(service string, throttled bool) {
	p.of(service, func(s *ServiceProgress) {
		s.Calls++
		if throttled {
			s.Throttled++
		}
	})
}

func (p *progress) failed(service string, why scan.Why) {
	p.of(service, func(s *ServiceProgress) {
		switch why {
		case scan.Denied:
			s.Denied++
		case scan.Budget, scan.Cancelled:
			s.Left++
		default:
			s.Other++
		}
	})
}

func (p *progress) finish(at time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Ended, p.state.Err, p.state.Took = true, err, at.Sub(p.state.Started)
}
