package kernelkey

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	keyType = "user"

	// ownerOnly lets the owner view, read, write, find, link and set, and
	// gives nothing to a mere possessor: a child that has changed its user id
	// (sudo, su) still possesses what the session keyring it inherited leads to.
	// It also makes the key readable where the session keyring does not lead to
	// the user keyring, as in many services and containers.
	ownerOnly = 0x003f0000
)

// Key is a key as it was read.
type Key struct {
	Data []byte
	id   int
}

// Get finds the key desc in the user keyring. It is ErrNotFound also when its
// time has run out, and ErrForeign if it is not as [Put] makes it.
func Get(desc string) (Key, error) {
	id, err := search(desc)
	if err != nil {
		return Key{}, err
	}
	if err := checkOwner(id); err != nil {
		return Key{}, err
	}
	buf := make([]byte, MaxSize)
	n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, buf, 0)
	if err != nil {
		return Key{}, keyError("read", err)
	}
	if n > len(buf) {
		return Key{}, ErrTooLarge
	}
	return Key{Data: buf[:n], id: id}, nil
}

// Put stores data under desc for the time ttl (rounded up to seconds),
// replacing an older key in one step, and reads it back.
func Put(desc string, data []byte, ttl time.Duration) error {
	if len(data) > MaxSize {
		return ErrTooLarge
	}
	if err := put(desc, data, ttl); err != nil {
		return err
	}
	k, err := Get(desc)
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	if !bytes.Equal(k.Data, data) {
		return errors.New("kernel key reads back differently")
	}
	return nil
}

// put makes the key in the thread's own keyring, where it is possessed and may
// be restricted, and only then links it where other processes find it.
func put(desc string, data []byte, ttl time.Duration) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	id, err := unix.AddKey(keyType, desc, data, unix.KEY_SPEC_THREAD_KEYRING)
	if err != nil {
		return keyError("add", err)
	}
	defer func() {
		_, _ = unix.KeyctlInt(unix.KEYCTL_UNLINK, id, unix.KEY_SPEC_THREAD_KEYRING, 0, 0)
	}()
	if err := unix.KeyctlSetperm(id, ownerOnly); err != nil {
		return keyError("restrict", err)
	}
	if err := setTimeout(id, ttl); err != nil {
		return err
	}
	_, err = unix.KeyctlInt(unix.KEYCTL_LINK, id, unix.KEY_SPEC_USER_KEYRING, 0, 0)
	return keyError("link", err)
}

// Update replaces the data of k and gives it the time ttl from now. It never
// makes a key: one that was removed or replaced since it was read stays so,
// with an error or, while the kernel still holds the old one, without.
func (k Key) Update(data []byte, ttl time.Duration) error {
	if len(data) > MaxSize {
		return ErrTooLarge
	}
	if _, err := unix.KeyctlBuffer(unix.KEYCTL_UPDATE, k.id, data, 0); err != nil {
		return keyError("update", err)
	}
	return setTimeout(k.id, ttl)
}

// Remove forgets the key desc. One that is not there is no error.
func Remove(desc string) error {
	id, err := search(desc)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	// Revoking clears the data now; an unlinked key lives on until the kernel collects it.
	_, _ = unix.KeyctlInt(unix.KEYCTL_REVOKE, id, 0, 0, 0)
	_, err = unix.KeyctlInt(unix.KEYCTL_UNLINK, id, unix.KEY_SPEC_USER_KEYRING, 0, 0)
	if err = keyError("remove", err); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func search(desc string) (int, error) {
	id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, keyType, desc, 0)
	return id, keyError("find", err)
}

func setTimeout(id int, ttl time.Duration) error {
	seconds := max(1, int((ttl+time.Second-1)/time.Second))
	_, err := unix.KeyctlInt(unix.KEYCTL_SET_TIMEOUT, id, seconds, 0, 0)
	return keyError("limit", err)
}

// checkOwner reads "user;uid;gid;permissions;description".
func checkOwner(id int) error {
	buf := make([]byte, 256)
	n, err := unix.KeyctlBuffer(unix.KEYCTL_DESCRIBE, id, buf, 0)
	if err != nil {
		return keyError("describe", err)
	}
	got := string(buf[:min(n, len(buf))])
	fields := strings.SplitN(got, ";", 5)
	if len(fields) != 5 || fields[1] != fmt.Sprint(os.Geteuid()) || fields[3] != fmt.Sprintf("%08x", ownerOnly) {
		return ErrForeign
	}
	return nil
}

func keyError(verb string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.ENOKEY), errors.Is(err, unix.EKEYEXPIRED), errors.Is(err, unix.EKEYREVOKED), errors.Is(err, unix.ENOENT):
		return ErrNotFound
	case errors.Is(err, unix.ENOSYS):
		return ErrUnsupported
	}
	return fmt.Errorf("%s kernel key: %w", verb, err)
}
