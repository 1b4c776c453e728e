package awsfake

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// FaultKind is a way for a call to go wrong.
type FaultKind string

// The kinds of faults. The first four are refusals by AWS, before the call has
// any effect; the others are what a network or a stranger on it may do.
const (
	Internal    FaultKind = "500"       // 500 InternalFailure
	Unavailable FaultKind = "503"       // 503 ServiceUnavailable
	Throttle    FaultKind = "throttle"  // 400 Throttling, "Rate exceeded"
	Denied      FaultKind = "denied"    // 403 AccessDenied
	Timeout     FaultKind = "timeout"   // no answer until the client leaves
	Reset       FaultKind = "reset"     // TCP reset instead of an answer
	Drip        FaultKind = "drip"      // the true answer, byte by byte
	Truncated   FaultKind = "truncated" // half of the true answer, less than its Content-Length says
	Garbage     FaultKind = "garbage"   // a captive portal's HTML, with status 200
	GzipBomb    FaultKind = "gzipbomb"  // 4 GiB of blanks in 4 MiB of gzip
	Endless     FaultKind = "endless"   // blanks until the client leaves
)

// FaultKinds returns all kinds.
func FaultKinds() []FaultKind {
	return []FaultKind{Internal, Unavailable, Throttle, Denied, Timeout, Reset, Drip, Truncated, Garbage, GzipBomb, Endless}
}

// Fault makes calls go wrong.
type Fault struct {
	Kind      FaultKind
	Action    string        // the action it waits for; empty means any
	Times     int           // how many calls; 0 means one, negative all until ClearFaults
	Processed bool          // with Timeout or Reset: the call takes effect, only its answer is lost
	Every     time.Duration // time between two bytes of a Drip; 0 means 500 ms
}

// Fail adds a fault for calls to come. Of several faults, the first that fits a
// call is used up before the next. It fails if the kind is not one of [FaultKinds].
func (s *Server) Fail(f Fault) error {
	if !slices.Contains(FaultKinds(), f.Kind) {
		return fmt.Errorf("add fault: unknown kind %q", f.Kind)
	}
	f.Times = cmp.Or(f.Times, 1)
	f.Every = cmp.Or(f.Every, 500*time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
	return nil
}

// ClearFaults drops the faults that are still to come.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault returns the fault for a call of action, the zero Fault for none.
func (s *Server) takeFault(action string) Fault {
	for _, f := range s.faults {
		if f.Times == 0 || (f.Action != "" && f.Action != action) {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return *f
	}
	return Fault{}
}

// processed says whether a call takes effect in spite of the fault.
func (f Fault) processed() bool {
	return f.Processed || f.Kind == Drip || f.Kind == Truncated
}

// refusal is the error to answer with, nil if the fault is of another sort.
func (f Fault) refusal(c *call) *apiError {
	switch f.Kind {
	case Internal:
		return &apiError{http.StatusInternalServerError, "InternalFailure", "We encountered an internal error. Please try again."}
	case Unavailable:
		return &apiError{http.StatusServiceUnavailable, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."}
	case Throttle:
		return &apiError{http.StatusBadRequest, "Throttling", "Rate exceeded"}
	case Denied:
		return refuse("AccessDenied", fmt.Sprintf("User is not authorized to perform: %s:%s with an explicit deny", c.service.name, c.form.Get("Action")))
	}
	return nil
}
