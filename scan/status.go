package scan

import "fmt"

// Severity is how bad a failure is; higher is worse.
type Severity int

// The severities, mildest first. The zero Severity is none at all.
const (
	Info Severity = iota + 1
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"", "info", "low", "medium", "high", "critical"}

// String returns the lower-case name, "" for none.
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severityNames) {
		return fmt.Sprintf("Severity(%d)", int(s))
	}
	return severityNames[s]
}

// ParseSeverity reads a name that String writes.
func ParseSeverity(name string) (Severity, error) {
	for i, n := range severityNames {
		if n == name && n != "" {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: it is one of info, low, medium, high, critical", name)
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}

// Status is the outcome of one check on one resource.
type Status string

// The statuses. Suppressed is none of them: a suppressed finding stays FAIL and
// carries its exception.
const (
	StatusPass          Status = "PASS"
	StatusFail          Status = "FAIL"
	StatusUnknown       Status = "UNKNOWN"        // something that decides was not read
	StatusNotApplicable Status = "NOT_APPLICABLE" // the question makes no sense here
	StatusManual        Status = "MANUAL"         // no check answers it: a person must look
)

// Statuses returns all of them, the worst first.
func Statuses() []Status {
	return []Status{StatusFail, StatusUnknown, StatusManual, StatusPass, StatusNotApplicable}
}
