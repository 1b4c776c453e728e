package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fob/cli"
	"fob/internal/display"
	"fob/scan/collect"
)

// How often progress is drawn, and how often a file is told of it.
const (
	redraw = 100 * time.Millisecond
	retell = time.Second
)

// watch shows how far a collector is until done is called.
func (p *program) watch(c *collect.Collector, accounts int) (done func()) {
	w := &watcher{p: p, c: c, accounts: accounts, told: map[string]bool{}, still: map[string]int{}}
	stop, ended := make(chan struct{}), make(chan struct{})
	every, show := retell, w.tell
	if p.screen.terminal() {
		every, show = redraw, w.draw
	}
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				w.try(show, false)
			}
		}
	}()
	return func() {
		close(stop)
		<-ended
		p.screen.clear()
		w.try(show, true)
	}
}

// watcher shows progress.
type watcher struct {
	p        *program
	c        *collect.Collector
	accounts int
	told     map[string]bool // what was said to be finished
	still    map[string]int  // calls of what looked finished the last time
	broken   bool
}

// try shows progress. A panic ends that, and not the run: what is read does not hang on it.
func (w *watcher) try(show func(end bool), end bool) {
	if w.broken {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			w.broken = true
			cli.PrintFault(w.p.sys, r)
		}
	}()
	show(end)
}

// tell says what is finished, a line for each service; of several accounts a line for
// each account. A service that pauses between two of its calls is not finished.
func (w *watcher) tell(end bool) {
	say := func(name, line string, calls int, over bool) {
		still, seen := w.still[name]
		delete(w.still, name)
		switch {
		case w.told[name] || !over && !end:
		case end, seen && still == calls:
			w.told[name] = true
			w.p.door().Say("fob: " + line)
		default:
			w.still[name] = calls
		}
	}
	for _, a := range w.c.Progress() {
		if w.accounts > 1 {
			total := a.Total()
			say(a.Account, progressLine(display.Text(cmp.Or(a.Name, a.Account)), total), total.Calls, a.Ended)
			continue
		}
		for _, s := range a.Services {
			if s.Calls+s.Denied+s.Other+s.Left == 0 {
				continue // nothing was asked
			}
			say(s.Service, progressLine(s.Service, s), s.Calls, finished(s))
		}
	}
}

func finished(s collect.ServiceProgress) bool { return s.Lists == 0 && s.Details >= s.Expected }

// draw shows the services in work, and the sums.
func (w *watcher) draw(end bool) {
	if end {
		return
	}
	services, total := map[string]*collect.ServiceProgress{}, collect.ServiceProgress{}
	var order []string
	var left, took time.Duration
	ended := 0
	for _, a := range w.c.Progress() {
		left, took = max(left, a.Left), max(took, a.Took)
		if a.Ended {
			ended++
		}
		total.Add(a.Total())
		for _, s := range a.Services {
			if services[s.Service] == nil {
				services[s.Service] = &collect.ServiceProgress{}
				order = append(order, s.Service)
			}
			services[s.Service].Add(s)
		}
	}
	slices.Sort(order)
	var lines []string
	working := slices.DeleteFunc(slices.Clone(order), func(name string) bool { return finished(*services[name]) })
	for _, name := range working[:min(len(working), mostServices)] {
		lines = append(lines, progressLine(name, *services[name]))
	}
	if more := len(working) - mostServices; more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more services", more))
	}
	line := progressLine("total", total) + "  " + seconds(took.Seconds())
	if w.accounts > 1 {
		line += fmt.Sprintf("  %d/%d accounts", ended, w.accounts)
	}
	if left >= time.Second {
		line += "  about " + remaining(left) + " left"
	}
	w.p.screen.draw(append(lines, line))
}

// remaining is an estimate, and so has no decimals.
func remaining(d time.Duration) string {
	if d >= 90*time.Second {
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// mostServices are drawn: the screen may be small.
const mostServices = 12

// progressLine is: s3  412/1,204 details  1,204 resources  2,106 calls  3 throttled  1 denied.
func progressLine(name string, s collect.ServiceProgress) string {
	parts := []string{fmt.Sprintf("%-17s", name)}
	if s.Details < s.Expected {
		parts = append(parts, thousands(s.Details)+"/"+thousands(s.Expected)+" details")
	}
	parts = append(parts, count(s.Resources, "resource"), count(s.Calls, "call"))
	for _, n := range []struct {
		n    int
		what string
	}{{s.Throttled, "throttled"}, {s.Denied, "denied"}, {s.Other, "failed"}, {s.Left, "left out"}} {
		if n.n > 0 {
			parts = append(parts, thousands(n.n)+" "+n.what)
		}
	}
	return strings.Join(parts, "  ")
}
