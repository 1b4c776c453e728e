//go:build !darwin && !windows

package keychain

const nativeName = "keychain"

// systemProvider is no keychain: go-keyring is not linked on this system.
type systemProvider struct{}

func (systemProvider) get(string) ([]byte, error) { return nil, ErrUnavailable }
func (systemProvider) set(string, []byte) error   { return ErrUnavailable }
func (systemProvider) delete(string) error        { return ErrUnavailable }
func (systemProvider) list() ([]string, error)    { return nil, ErrUnavailable }
