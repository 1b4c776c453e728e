package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"fob/internal/atomicfile"
	"fob/internal/awsfile"
	"fob/internal/keycsv"
	"fob/internal/lock"
	"fob/keychain"
	"fob/resolve"
)

// advise turns a library's error, which states the fact, into what the user
// sees: what failed, why, and what to type next.
func (a *app) advise(err error) error {
	var done *failure
	if errors.As(err, &done) {
		return err
	}
	for _, try := range []func(error) *failure{a.adviseCancel, a.advisePerson, a.adviseProfile, a.adviseAWS, a.adviseStore, a.adviseFile} {
		if f := try(err); f != nil {
			f.err = err
			return f
		}
	}
	var held *lock.HeldError
	if errors.As(err, &held) {
		return &failure{code: exitFailure, what: a.what(), why: held.Error(), next: a.retry(), err: err}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &failure{code: exitFailure, what: a.what(), why: "the time limit was over", next: a.retry(), err: err}
	}
	return &failure{code: exitFailure, what: a.what(), why: err.Error(), next: a.retry(), err: err}
}

// what is the first line of a failure.
func (a *app) what() string {
	switch {
	case a.command != "":
		return "fob " + a.command + " failed"
	case a.g.Profile == "":
		return "cannot get credentials"
	}
	return fmt.Sprintf("cannot get credentials for profile %q", a.g.Profile)
}

// retry is what to type when only trying again can help.
func (a *app) retry() string {
	if a.command != "" {
		return "fob " + a.command
	}
	return a.loginCommand(a.g.Profile)
}

func (a *app) adviseCancel(err error) *failure {
	if !errors.Is(err, resolve.ErrCancelled) && !errors.Is(err, context.Canceled) && !errors.Is(err, keychain.ErrCancelled) {
		return nil
	}
	f := &failure{code: exitCancelled, what: "cancelled, nothing was changed", why: "the answer was no, q or Ctrl-C, or fob was stopped", next: a.retry()}
	var cool *resolve.CooldownError
	if errors.As(err, &cool) {
		f.what = a.what()
		f.why = cool.Error()
	}
	return f
}

func (a *app) advisePerson(err error) *failure {
	var p *resolve.PersonError
	if errors.As(err, &p) {
		f := &failure{code: exitPerson, what: a.what() + ": " + p.Error(), why: "an MFA code, a login or a passphrase has to come from a person or a program", next: cmp.Or(p.Fix, a.retry())}
		if p.SignIn {
			f.next = a.loginCommand(a.g.Profile)
		}
		return f
	}
	var w *resolve.WaitError
	if errors.As(err, &w) {
		f := &failure{code: exitFailure, what: a.what(), why: w.Error(), next: a.loginCommand(a.g.Profile)}
		if w.Doing == "MFA code" || w.Doing == resolve.DoingSignIn {
			f.code = exitPerson
		}
		return f
	}
	return nil
}

func (a *app) adviseProfile(err error) *failure {
	var c *resolve.ConfigError
	var m *resolve.MissingProfileError
	var pr *resolve.ProcessError
	switch {
	case errors.As(err, &c):
		next := c.Fix
		if next == "" {
			next = "correct it, then: " + a.explainCommand(c.Profile)
		}
		return &failure{code: exitConfig, what: a.what(), why: c.Error(), next: next}
	case errors.As(err, &m):
		return &failure{code: exitConfig, what: m.Error(), why: "it is neither in the AWS files nor in the keychain", next: "fob profiles, or store a key: fob add " + word(m.Profile)}
	case errors.As(err, &pr):
		f := &failure{code: exitFailure, what: a.what() + ": its credential_process failed", why: pr.Error(), next: "run the program by hand; the plan: " + a.explainCommand(a.g.Profile)}
		if pr.Status == exitConfig {
			f.code = exitConfig // fob itself, further in, found the configuration wrong
		}
		return f
	case errors.Is(err, resolve.ErrNoCredentials):
		return &failure{code: exitFailure, what: "no credentials found", why: err.Error(), next: "fob profiles, then use one with -p; or fob add default"}
	}
	return nil
}

func (a *app) adviseAWS(err error) *failure {
	var e *resolve.AWSError
	if !errors.As(err, &e) {
		return nil
	}
	f := &failure{code: exitAWS, what: a.what() + ": " + string(e.Cause), why: err.Error()}
	explain := a.explainCommand(a.g.Profile)
	switch e.Cause {
	case resolve.WrongCode:
		f.next = "wait for the next code, then: " + a.loginCommand(a.g.Profile)
	case resolve.Denied:
		f.next = "check the role's trust policy and your permissions; the plan: " + explain
	case resolve.Expired, resolve.BadKey:
		f.next = "if the key was replaced or deleted: fob add " + nameOr(a.g.Profile, "NAME")
	case resolve.Skew:
		f.next = "set this machine's clock"
	case resolve.Throttled:
		f.next = "try again in a minute"
	case resolve.Unreachable, resolve.BadAnswer:
		f.next = "check the network, the proxy and the endpoint; the plan: " + explain
	default:
		f.next = explain
	}
	return f
}

func (a *app) adviseStore(err error) *failure {
	f := &failure{code: exitKeychain, what: a.what(), why: err.Error()}
	switch {
	case errors.Is(err, keychain.ErrNoPassphrase):
		f.code, f.next = exitPerson, "fob vault unlock"
	case errors.Is(err, keychain.ErrWrongPassphrase):
		f.next = "fob vault unlock"
	case errors.Is(err, keychain.ErrLocked):
		f.next = "unlock the keychain (log in to the desktop), then: " + a.loginCommand(a.g.Profile)
		if a.noInput() || !a.canShowDialog() {
			f.code = exitPerson
		}
	case errors.Is(err, keychain.ErrDenied):
		f.next = "allow fob in the keychain's dialog, then: " + a.loginCommand(a.g.Profile)
	case errors.Is(err, keychain.ErrUnavailable):
		f.next = "fob vault create"
	case errors.Is(err, keychain.ErrTimeout):
		f.next = "restart the keychain's service, or use the encrypted file: fob vault create"
	case errors.Is(err, keychain.ErrCorrupt):
		switch b, err := a.backend(); {
		case err != nil:
			f.next = "delete " + word(filepath.Join(a.dirPath(), recordFile)) + ", or set FOB_KEYCHAIN to os or file"
		case b == backendFile:
			f.next = "fob vault restore"
		default:
			f.next = "store the key again: fob add " + nameOr(a.g.Profile, "NAME")
		}
	case errors.Is(err, keychain.ErrNotFound):
		f.next = "store the key again: fob add " + nameOr(a.g.Profile, "NAME")
	case errors.Is(err, keychain.ErrShortPassphrase):
		f.code, f.next = exitConfig, a.retry()
	case isStoreError(err):
		f.next = a.explainCommand(a.g.Profile)
	default:
		return nil
	}
	return f
}

func isStoreError(err error) bool {
	var e *keychain.Error
	return errors.As(err, &e)
}

func (a *app) adviseFile(err error) *failure {
	var u *atomicfile.UntrustedError
	var c *keycsv.Error
	var m *awsfile.MissingFileError
	var path *fs.PathError
	switch {
	case errors.As(err, &u):
		return &failure{code: exitKeychain, what: "fob's own files are not safe: " + u.Error(), why: "others could read or change what lies there", next: "chmod go-w " + word(u.Path) + ", or set FOB_DIR to a private folder"}
	case errors.As(err, &c):
		return &failure{code: exitConfig, what: "the access key cannot be read", why: err.Error(), next: "download the key file again, or type the key: fob add NAME"}
	case errors.As(err, &m):
		return &failure{code: exitConfig, what: "the AWS files cannot be read", why: m.Error(), next: "unset " + m.Variable}
	case errors.As(err, &path):
		return &failure{code: exitFailure, what: a.what(), why: path.Error(), next: "fob uses " + a.dirPath() + "; FOB_DIR names another folder"}
	}
	return nil
}
