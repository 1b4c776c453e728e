package keychain

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os/exec"

	"github.com/zalando/go-keyring"
)

const nativeName = "macOS Keychain"

// keyringService is the service that all items of fob's belong to.
const keyringService = "fob"

// systemProvider is the login keychain, by way of the system's security program.
// Any process of the same user can ask that program for an item.
type systemProvider struct{}

func (systemProvider) get(account string) ([]byte, error) {
	text, err := keyring.Get(keyringService, account)
	return []byte(text), securityError(err)
}

// set reads the item back: the status of security in the mode that go-keyring
// uses for writing is not known to tell of a failure.
func (p systemProvider) set(account string, value []byte) error {
	if err := keyring.Set(keyringService, account, string(value)); err != nil {
		return securityError(err)
	}
	stored, err := p.get(account)
	if errors.Is(err, ErrNotFound) || err == nil && string(stored) != string(value) {
		return fmt.Errorf("%w: it did not store the item", ErrUnavailable)
	}
	return err
}

func (systemProvider) delete(account string) error {
	return securityError(keyring.Delete(keyringService, account))
}

func (systemProvider) list() ([]string, error) {
	return nil, fmt.Errorf("%w: the macOS Keychain cannot be listed", errors.ErrUnsupported)
}

// securityError says what an error of go-keyring means. The status of security
// is the low byte of an OSStatus of SecBase.h (36 is errSecInteractionNotAllowed,
// -25308).
func securityError(err error) error {
	var exit *exec.ExitError
	var base64Err base64.CorruptInputError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooLarge
	case errors.As(err, &base64Err):
		return fmt.Errorf("%w: more or less than a value of fob's", ErrCorrupt)
	case !errors.As(err, &exit):
		return fmt.Errorf("%w: the security program cannot be run", ErrUnavailable)
	}
	kind := ErrUnavailable
	switch exit.ExitCode() {
	case 36: // errSecInteractionNotAllowed, -25308
		kind = ErrLocked
	case 44: // errSecItemNotFound, -25300
		return ErrNotFound
	case 51: // errSecAuthFailed, -25293
		kind = ErrDenied
	case 128: // errSecUserCanceled, -128
		kind = ErrCancelled
	}
	return fmt.Errorf("%w: security ended with status %d", kind, exit.ExitCode())
}
