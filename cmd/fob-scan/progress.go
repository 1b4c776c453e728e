package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fob/scan/collect"
)

// redraw is how often progress is drawn, at most.
const redraw = 100 * time.Millisecond

// watch shows how far a collector is until done is called.
func (p *program) watch(c *collect.Collector, accounts int) (done func()) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	started := p.sys.Now()
	go func() {
		defer close(ended)
		tick := time.NewTicker(redraw)
		defer tick.Stop()
		for p.screen.terminal() {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				p.screen.draw(progressLines(c, accounts, p.sys.Now().Sub(started)))
			}
		}
	}()
	return func() {
		stop()
		<-ended
		p.screen.clear()
		if !p.screen.terminal() {
			for _, s := range services(c) {
				p.door().Say("fob: " + s.String())
			}
		}
	}
}

// service is a line of the progress.
type service struct {
	name                                string
	resources, calls, throttled, denied int
	other                               int
}

// services are what the collector says of itself, all accounts together.
func services(c *collect.Collector) (out []service) {
	for _, s := range c.Progress() {
		out = append(out, service{s.Service, s.Resources, s.Calls, s.Throttled, s.Denied, s.Other})
	}
	return out
}

// String is the line: s3  1,204 resources  2,106 calls  3 throttled  1 denied.
func (s service) String() string {
	parts := []string{fmt.Sprintf("%-16s", s.name), count(s.resources, "resource"), count(s.calls, "call")}
	for _, n := range []struct {
		n    int
		what string
	}{{s.throttled, "throttled"}, {s.denied, "denied"}, {s.other, "failed"}} {
		if n.n > 0 {
			parts = append(parts, thousands(n.n)+" "+n.what)
		}
	}
	return strings.Join(parts, "  ")
}

// mostServices are drawn: the screen may be small.
const mostServices = 12

func progressLines(c *collect.Collector, accounts int, took time.Duration) (lines []string) {
	all := services(c)
	total := service{name: "total"}
	for _, s := range all {
		total.resources += s.resources
		total.calls += s.calls
		total.throttled += s.throttled
		total.denied += s.denied
		total.other += s.other
	}
	for _, s := range all[:min(len(all), mostServices)] {
		lines = append(lines, s.String())
	}
	if more := len(all) - mostServices; more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more services", more))
	}
	line := total.String() + "  " + seconds(took.Seconds())
	if accounts > 1 {
		line += "  " + count(accounts, "account")
	}
	return append(lines, line)
}
