package keycsv

import "fmt"

// Error says what is wrong with a key file. Its text never holds any of the
// file's. Compare the reason with errors.Is(err, keycsv.TwoKeys) and the like.
type Error struct {
	Line   int // counted from 1; 0 if the file as a whole is meant
	Reason Reason
}

// Error implements error.
func (e *Error) Error() string {
	if e.Line == 0 {
		return string(e.Reason)
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Reason }

// Reason is the kind of an [Error].
type Reason string

// The reasons.
const (
	TooBig       Reason = "the file is larger than 1 MiB"
	TooManyRows  Reason = "the file has more than 10000 rows"
	BadEncoding  Reason = "the text is neither UTF-8 nor UTF-16 with a byte order mark"
	BadHeader    Reason = "the header names the same column twice"
	NoKey        Reason = "no access key found"
	TwoKeys      Reason = "more than one access key in the row"
	BadKeyID     Reason = "the access key id is missing or not in the form of one"
	BadSecret    Reason = "the secret access key is missing or not in the form of one"
	BadSerial    Reason = "the MFA serial is not in the form of one, or there are two"
	TemporaryKey Reason = "a temporary key needs a session token, which the file cannot hold"
	Conflict     Reason = "the access key was given before with another secret or MFA serial"
)

// Error implements error.
func (r Reason) Error() string { return string(r) }
