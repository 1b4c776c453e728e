package keychain

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/danieljoos/wincred"
	"github.com/zalando/go-keyring"
)

const nativeName = "Windows Credential Manager"

// keyringService is the service that all items of fob's belong to. The target
// name of an item is "fob:" and the account.
const keyringService = "fob"

// systemProvider is the Credential Manager. It holds bytes, but only 2,560 of
// them, so that frames are stored without their text form.
type systemProvider struct{}

func (systemProvider) get(account string) ([]byte, error) {
	raw, err := keyring.Get(keyringService, account)
	if err != nil {
		return nil, credError(err)
	}
	return armor([]byte(raw)), nil
}

func (systemProvider) set(account string, value []byte) error {
	raw, err := dearmor(value)
	if err != nil {
		return err
	}
	return credError(keyring.Set(keyringService, account, string(raw)))
}

func (systemProvider) delete(account string) error {
	return credError(keyring.Delete(keyringService, account))
}

func (systemProvider) list() ([]string, error) {
	const prefix = keyringService + ":"
	creds, err := wincred.FilteredList(prefix + "*")
	if err != nil {
		return nil, credError(err)
	}
	var ids []string
	for _, cred := range creds {
		ids = append(ids, strings.TrimPrefix(cred.TargetName, prefix))
	}
	return ids, nil
}

// credError says what an error of go-keyring or wincred means; the numbers are
// those of winerror.h.
func credError(err error) error {
	var number syscall.Errno
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooLarge
	case !errors.As(err, &number):
		return ErrUnavailable
	}
	kind := ErrUnavailable
	switch number {
	case 5: // ERROR_ACCESS_DENIED
		kind = ErrDenied
	case 1168: // ERROR_NOT_FOUND
		return ErrNotFound
	case 1223: // ERROR_CANCELLED
		kind = ErrCancelled
	case 1312: // ERROR_NO_SUCH_LOGON_SESSION, as in a session over SSH
		return fmt.Errorf("%w: this logon session has no credentials", ErrUnavailable)
	}
	return fmt.Errorf("%w: error %d", kind, uint32(number))
}
