package keychain

import (
	"fmt"
	"strings"
)

const (
	busFault    = "org.freedesktop.DBus.Error."
	secretFault = "org.freedesktop.Secret.Error."
)

// fault is an error reply. Its text never holds the message that came with it,
// only its name, whose form the decoder has checked.
type fault struct {
	name string
	err  error // says what the name means
}

func (f *fault) Error() string { return fmt.Sprintf("%v (%s)", f.err, f.name) }

func (f *fault) Unwrap() error { return f.err }

// gone says whether the object that was asked for does not exist.
func (f *fault) gone() bool {
	return f.name == secretFault+"NoSuchObject" || f.name == busFault+"UnknownObject"
}

// faultNamed gives the meaning of an error reply.
func faultNamed(name string) error {
	short := strings.TrimPrefix(name, busFault)
	err := fmt.Errorf("%w: the Secret Service failed", ErrUnavailable)
	switch {
	case name == secretFault+"IsLocked":
		err = ErrLocked
	case short == "ServiceUnknown", short == "NameHasNoOwner":
		err = fmt.Errorf("%w: no Secret Service on the session bus", ErrUnavailable)
	case strings.HasPrefix(short, "Spawn."):
		err = fmt.Errorf("%w: the Secret Service cannot be started", ErrUnavailable)
	case short == "NoReply", short == "Disconnected":
		err = fmt.Errorf("%w: the Secret Service ended without an answer", ErrUnavailable)
	case short == "AccessDenied", short == "AuthFailed", short == "InteractiveAuthorizationRequired":
		err = ErrDenied
	case short == "Timeout", short == "TimedOut":
		err = fmt.Errorf("%w: %s", ErrTimeout, serviceSilent)
	}
	return &fault{name, err}
}
