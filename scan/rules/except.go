package rules

import (
	"time"

	"fob/scan"
)

// Except gives a failure the exception that covers it, the first of the files. Nothing
// but a failure can have one: what is unknown may be anything. An exception that has
// ended gives nothing, and is counted. It must not be called by several at once.
func (s *Set) Except(f *scan.Finding) {
	if f.Status != scan.StatusFail {
		return
	}
	now := s.Now
	if now.IsZero() {
		now = f.Observed
		if s.newest.Before(now) {
			s.newest = now
		}
	}
	for _, e := range s.exceptions {
		if !e.covers(f) {
			continue
		}
		e.count++
		if f.Exception == nil && !e.ended(now) {
			note := e.note
			f.Exception = &note
		}
	}
}

// The states of [scan.ExceptionUse].
const (
	used     = "used"
	unused   = "unused"   // it covers nothing
	expired  = "expired"  // it has stopped working
	expiring = "expiring" // it covers something, and ends within 14 days
)

// Uses says what became of every exception, in the order of the files, once all findings
// have been seen.
func (s *Set) Uses() []scan.ExceptionUse {
	now := s.Now
	if now.IsZero() {
		now = s.newest
	}
	out := []scan.ExceptionUse{}
	for _, e := range s.exceptions {
		out = append(out, scan.ExceptionUse{Name: e.place, ExceptionNote: e.note, State: e.state(now), Count: e.count})
	}
	return out
}

func (e *exception) state(now time.Time) string {
	switch {
	case e.ended(now) && !now.IsZero():
		return expired
	case e.count == 0:
		return unused
	case !e.until.IsZero() && e.until.Sub(now) <= soon:
		return expiring
	}
	return used
}
