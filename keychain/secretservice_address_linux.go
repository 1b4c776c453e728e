package keychain

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/godbus/dbus/v5"
)

// SessionBusAddress finds the session bus of user uid: DBUS_SESSION_BUS_ADDRESS
// if it is set, else the socket "bus" in the user's runtime folder. That folder
// is XDG_RUNTIME_DIR if it is the user's, else /run/user/UID. A bus is never
// started.
//
// Only unix sockets are accepted, and one with a path must exist and belong to
// uid. An address that is set but not acceptable is an error, not a reason to
// look elsewhere. Every error is [ErrUnavailable].
func SessionBusAddress(getenv func(string) string, uid int) (string, error) {
	if list := getenv("DBUS_SESSION_BUS_ADDRESS"); list != "" {
		return firstAddress(list, uid)
	}
	folder := fmt.Sprintf("/run/user/%d", uid)
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) && checkOwned(dir, uid, os.ModeDir) == nil {
		folder = dir
	}
	socket := filepath.Join(folder, "bus")
	if checkOwned(socket, uid, os.ModeSocket) != nil {
		return "", fmt.Errorf("%w: there is no session bus", ErrUnavailable)
	}
	return "unix:path=" + dbus.EscapeBusAddressValue(socket), nil
}

// firstAddress picks the first acceptable address of a list, or tells what is
// wrong with the last one.
func firstAddress(list string, uid int) (string, error) {
	var failure error
	for address := range strings.SplitSeq(list, ";") {
		socket, err := socketOf(address)
		if err == nil && socket[0] == '/' {
			err = checkOwned(socket, uid, os.ModeSocket)
		}
		if err == nil {
			return address, nil
		}
		failure = err
	}
	return "", fmt.Errorf("%w: session bus address: %w", ErrUnavailable, failure)
}

// socketOf returns the name that net.Dial knows an address's socket by: its
// path, or its abstract name after an "@".
//
// The address form is that of the D-Bus specification, "Server Addresses".
func socketOf(address string) (string, error) {
	keys, unix := strings.CutPrefix(address, "unix:")
	if !unix {
		return "", errors.New("not a unix socket")
	}
	var socket string
	for pair := range strings.SplitSeq(keys, ",") {
		key, escaped, _ := strings.Cut(pair, "=")
		if key != "path" && key != "abstract" {
			continue
		}
		value, err := dbus.UnescapeBusAddressValue(escaped)
		switch {
		case err != nil || value == "" || strings.ContainsRune(value, 0):
			return "", fmt.Errorf("malformed %s", key)
		case socket != "":
			return "", errors.New("more than one socket")
		case key == "abstract":
			socket = "@" + value
		case !filepath.IsAbs(value):
			return "", errors.New("relative path")
		default:
			socket = value
		}
	}
	if socket == "" {
		return "", errors.New("neither path nor abstract name")
	}
	return socket, nil
}

// checkOwned says whether path exists, is of that type and belongs to uid.
func checkOwned(path string, uid int, want os.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return errors.New("the socket cannot be read")
	}
	if info.Mode().Type() != want {
		return errors.New("not a socket")
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int64(stat.Uid) != int64(uid) {
		return errors.New("the socket belongs to another user")
	}
	return nil
}
