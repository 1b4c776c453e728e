package collect

import (
	"cmp"
	"slices"
	"sync"

	"fob/scan"
)

// Progress is how far a service is.
type Progress struct {
	Service                  string
	Resources, Calls         int
	Throttled, Denied, Other int // Other are failed reads of any other kind
}

type progress struct {
	mu       sync.Mutex
	services map[string]*Progress
}

// Progress returns how far each service is, by name.
func (c *Collector) Progress() []Progress {
	c.progress.mu.Lock()
	defer c.progress.mu.Unlock()
	var out []Progress
	for _, s := range c.progress.services {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Progress) int { return cmp.Compare(a.Service, b.Service) })
	return out
}

func (p *progress) of(service string, change func(*Progress)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.services == nil {
		p.services = map[string]*Progress{}
	}
	if p.services[service] == nil {
		p.services[service] = &Progress{Service: service}
	}
	change(p.services[service])
}

func (p *progress) found(service string) { p.of(service, func(s *Progress) { s.Resources++ }) }

func (p *progress) called(service string, throttled bool) {
	p.of(service, func(s *Progress) {
		s.Calls++
		if throttled {
			s.Throttled++
		}
	})
}

func (p *progress) failed(service string, why scan.Why) {
	p.of(service, func(s *Progress) {
		if why == scan.Denied {
			s.Denied++
		} else {
			s.Other++
		}
	})
}
