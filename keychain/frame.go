package keychain

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

// An item in an OS keychain is framed, because what comes back is not always
// what went in: another program may have written under the same attributes, the
// keychain may mix items up, and on macOS a warning of the system's program is
// joined to the value.
//
//	"fob:" base64( version(1) length(4, big endian) sum(32) payload )
//
// The sum is SHA-256( Account.ID NUL payload ), so that a frame belongs to one item.
// It is text because some keychains take strings only, and at most
// [maxFrame] characters long.
const (
	framePrefix  = "fob:"
	frameVersion = 1
	frameHeader  = 1 + 4 + sha256.Size
	// maxFrame is the length of the longest frame in bytes.
	maxFrame = len(framePrefix) + (frameHeader+MaxItem+2)/3*4
)

// frame wraps payload for the item id of an OS keychain. More than MaxItem bytes
// are ErrTooLarge.
func frame(id string, payload []byte) ([]byte, error) {
	if len(payload) > MaxItem {
		return nil, ErrTooLarge
	}
	sum := frameSum(id, payload)
	b := make([]byte, 0, frameHeader+len(payload))
	b = append(b, frameVersion)
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload)))
	b = append(b, sum[:]...)
	b = append(b, payload...)
	return armor(b), nil
}

// armor gives a frame its text form.
func armor(b []byte) []byte {
	return base64.StdEncoding.AppendEncode([]byte(framePrefix), b)
}

// frameSum is what ties a payload to its item.
func frameSum(id string, payload []byte) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(id+"\x00"), payload...))
}

// unframe returns what frame was given. Anything that frame did not make for that
// item, to the last byte, is ErrCorrupt.
func unframe(id string, text []byte) ([]byte, error) {
	b, err := dearmor(text)
	if err != nil {
		return nil, err
	}
	if b[0] != frameVersion {
		return nil, fmt.Errorf("%w: version %d is not known", ErrCorrupt, b[0])
	}
	length, sum, payload := binary.BigEndian.Uint32(b[1:]), b[5:frameHeader], b[frameHeader:]
	if uint64(length) != uint64(len(payload)) {
		return nil, fmt.Errorf("%w: %d bytes instead of %d", ErrCorrupt, len(payload), length)
	}
	if got := frameSum(id, payload); !bytes.Equal(got[:], sum) {
		return nil, fmt.Errorf("%w: wrong checksum", ErrCorrupt)
	}
	return payload, nil
}

// dearmor undoes armor; the result has at least a frame's header.
func dearmor(text []byte) ([]byte, error) {
	code, ours := bytes.CutPrefix(text, []byte(framePrefix))
	if !ours {
		return nil, fmt.Errorf("%w: not a value of fob's", ErrCorrupt)
	}
	if len(text) > maxFrame {
		return nil, fmt.Errorf("%w: too long", ErrCorrupt)
	}
	b, err := base64.StdEncoding.AppendDecode(nil, code)
	// Encoding again finds what the decoder forgives: line ends and spare bits.
	if err != nil || base64.StdEncoding.EncodeToString(b) != string(code) {
		return nil, fmt.Errorf("%w: more or less than a value of fob's", ErrCorrupt)
	}
	if len(b) < frameHeader {
		return nil, fmt.Errorf("%w: %d bytes are no frame", ErrCorrupt, len(b))
	}
	return b, nil
}
