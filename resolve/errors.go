package resolve

import (
	"errors"
	"fmt"
	"time"
)

// Origin is where something was said: a file and line, a variable or a flag.
type Origin struct {
	File string // as the user knows it; "" when not from a file
	Line int    // 1-based; 0 when unknown
	Name string // a variable ("AWS_PROFILE") or a flag ("--role-arn")
}

func (o Origin) String() string {
	switch {
	case o.File != "" && o.Line > 0:
		return fmt.Sprintf("%s line %d", o.File, o.Line)
	case o.File != "":
		return o.File
	}
	return o.Name
}

// ConfigError says what is wrong in a file, a variable or on the command line.
type ConfigError struct {
	Profile string // the profile that was asked for, may be ""
	At      Origin
	Fact    string // what is wrong
	Fix     string // what to write instead, may be ""
}

func (e *ConfigError) Error() string {
	if at := e.At.String(); at != "" {
		return at + ": " + e.Fact
	}
	return e.Fact
}

// ErrNoCredentials: nothing was asked for and nothing was found.
var ErrNoCredentials = errors.New("no credentials: no profile was named, there are none in the environment, and [default] has none")

// PersonError: the next step needs a person, and none is there.
type PersonError struct {
	Need   string // "an MFA code for arn:…", "a login to …"
	Reason string // why none can be asked, may be ""
	Fix    string // the command that helps, "" for fob's own login
	SignIn bool   // what is needed is a sign-in to IAM Identity Center: [Resolver.SignIn]
}

func (e *PersonError) Error() string {
	if e.Reason == "" {
		return "it needs " + e.Need
	}
	return "it needs " + e.Need + ", and " + e.Reason
}

// ErrCancelled: a person said no (q, Ctrl-C, a dismissed dialog), here or in
// the call that this one waited for.
var ErrCancelled = errors.New("cancelled")

// Cause sorts the failures of an AWS service.
type Cause string

// The causes.
const (
	Denied      Cause = "access denied"
	WrongCode   Cause = "wrong MFA code"
	Expired     Cause = "expired"
	BadKey      Cause = "key not valid"
	Skew        Cause = "clock skew"
	Throttled   Cause = "throttled"
	Unreachable Cause = "unreachable"
	BadAnswer   Cause = "invalid answer"
	Refused     Cause = "refused"
)

// AWSError is a call that AWS refused or did not answer.
type AWSError struct {
	Call  string // "AssumeRole arn:…"
	Cause Cause
	Code  string // AWS's error code, may be ""
	Text  string // AWS's words or the network's, foreign text
	Err   error
}

func (e *AWSError) Error() string {
	s := e.Call + ": " + string(e.Cause)
	if e.Code != "" {
		s += " (" + e.Code + ")"
	}
	if e.Text != "" {
		s += ": " + e.Text
	}
	return s
}

// Unwrap gives the SDK's error.
func (e *AWSError) Unwrap() error { return e.Err }

// causeIn is the cause of the AWSError in err, "" when there is none.
func causeIn(err error) Cause {
	var aws *AWSError
	if !errors.As(err, &aws) {
		return ""
	}
	return aws.Cause
}

// WaitError: another fob held the lock until this one's time was over.
type WaitError struct {
	PID    int
	Doing  string // what the holder waits for, "MFA code"
	Waited time.Duration
}

func (e *WaitError) Error() string {
	return fmt.Sprintf("waited %s for process %d (%s)", e.Waited.Round(time.Second), e.PID, e.Doing)
}

// CooldownError: an attempt just failed, and this one does not repeat it.
type CooldownError struct {
	Err error // what the other attempt ended with
	Ago time.Duration
}

func (e *CooldownError) Error() string {
	return fmt.Sprintf("%v (%s ago, in another call)", e.Err, e.Ago.Round(time.Second))
}

// Unwrap gives the other attempt's failure.
func (e *CooldownError) Unwrap() error { return e.Err }
