package scan

import "encoding/json"

// Why says why something was not read.
type Why string

// The reasons.
const (
	Denied     Why = "denied"     // AWS refused
	Throttled  Why = "throttled"  // AWS asked to slow down until the tries ran out
	Failed     Why = "failed"     // any other error, a broken answer, no connection
	Blocked    Why = "blocked"    // the region answered nothing, so it was not asked further
	Budget     Why = "budget"     // --max-calls was reached
	Disabled   Why = "disabled"   // the region is not enabled for the account
	NotPlanned Why = "notplanned" // no selected check needs it
	Context    Why = "context"    // this account cannot know it; nobody refused anything
	Cancelled  Why = "cancelled"  // the scan was stopped before
	Internal   Why = "internal"   // a fault of fob-scan itself
)

// Incomplete says whether this reason makes a scan incomplete. Nobody refused what
// an account cannot know, and what is disabled or was not asked for is not missing.
func (w Why) Incomplete() bool {
	return w != Disabled && w != NotPlanned && w != Context
}

// ReadError says which call did not answer, why, and who refused.
type ReadError struct {
	Op       string `json:"op"`                 // "s3:GetBucketAcl"
	Action   string `json:"action"`             // the IAM action that allows it
	Resource string `json:"resource,omitempty"` // the ARN asked about, "" for a list
	Region   string `json:"region,omitempty"`
	Why      Why    `json:"why"`
	By       string `json:"by,omitempty"` // scp, boundary, identity, resource, session; "" when AWS does not say
	Code     string `json:"code,omitempty"`
	Request  string `json:"request,omitempty"` // AWS's request id
}

// Error implements error.
func (e *ReadError) Error() string {
	s := e.Op + " " + string(e.Why)
	if e.Why == NotPlanned {
		s = e.Op + " not asked for"
	}
	if e.Code != "" {
		s += " (" + e.Code + ")"
	}
	if e.By != "" {
		s += " by " + e.By
	}
	return s
}

// State says whether a value was read.
type State int

// The states. The zero State is Unread, so that what nobody filled is unknown.
const (
	Unread State = iota
	Read
	Absent // AWS answered that there is none, which is data
)

// Val is a value that may not have been read. The zero Val is unread.
type Val[T any] struct {
	V     T
	State State
	Err   *ReadError // why it is unread; nil when it was not asked for
}

// Present says that there is a value, and it was read.
func (v Val[T]) Present() bool { return v.State == Read }

// Known says that the value was read, or that AWS answered that there is none.
func (v Val[T]) Known() bool { return v.State != Unread }

// String shows the state, not the value.
func (v Val[T]) String() string {
	switch v.State {
	case Read:
		return "read"
	case Absent:
		return "absent"
	}
	if v.Err != nil {
		return v.Err.Error()
	}
	return "unread"
}

// UnmarshalJSON implements json.Unmarshaler: what is there was read. What cannot be
// understood, such as a policy in no known form, is unread, and says so.
func (v *Val[T]) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, &v.V); err != nil {
		*v = Val[T]{Err: &ReadError{Why: Failed, Code: "bad-answer: " + err.Error()}} // no half of it
		return nil
	}
	v.State = Read
	return nil
}

// mark sets the state of a value that is not in the record.
func (v *Val[T]) mark(state State, err *ReadError) { v.State, v.Err = state, err }

func (v *Val[T]) known() (State, *ReadError) { return v.State, v.Err }

// value is what every *Val is.
type value interface {
	mark(State, *ReadError)
	known() (State, *ReadError)
}
