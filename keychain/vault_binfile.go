package keychain

import (
	"bytes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/chacha20poly1305"
)

// vault.bin: magic, version (u16), vault id, generation (u64), nonce, then
// ciphertext. Numbers are big-endian. The plaintext is one JSON text, filled up
// with spaces to a multiple of vaultPad, so that its size tells little.
const (
	binMagic     = "fobvault"
	binHeaderLen = len(binMagic) + 2 + 16 + 8 + chacha20poly1305.NonceSizeX
	vaultPad     = 4 << 10
	maxVaultJSON = 4 << 20
	maxVaultBin  = int64(binHeaderLen + maxVaultJSON + chacha20poly1305.Overhead)
)

// errFull is a vault that would grow above its limit.
var errFull = fmt.Errorf("the vault would be larger than %d bytes", maxVaultJSON)

type binHeader struct {
	id         [16]byte
	generation uint64
	nonce      [chacha20poly1305.NonceSizeX]byte
}

// vaultItems is the JSON of a vault: values by [Account.ID].
type vaultItems struct {
	Written time.Time         `json:"written"`
	Items   map[string][]byte `json:"items"`
}

func (h binHeader) encode() []byte {
	b := []byte(binMagic)
	b = binary.BigEndian.AppendUint16(b, vaultVersion)
	b = append(b, h.id[:]...)
	b = binary.BigEndian.AppendUint64(b, h.generation)
	return append(b, h.nonce[:]...)
}

func parseBinHeader(b []byte) (h binHeader, err error) {
	if len(b) < len(binMagic)+2 || string(b[:len(binMagic)]) != binMagic {
		return h, errors.New("not a vault")
	}
	switch v := binary.BigEndian.Uint16(b[len(binMagic):]); {
	case v > vaultVersion:
		return h, &NewerVaultError{Version: int(v)}
	case v < vaultVersion:
		return h, fmt.Errorf("version %d does not exist", v)
	}
	if len(b) < binHeaderLen {
		return h, errors.New("cut off")
	}
	rest := b[len(binMagic)+2:]
	copy(h.id[:], rest)
	h.generation = binary.BigEndian.Uint64(rest[16:])
	copy(h.nonce[:], rest[24:])
	return h, nil
}

// sealBin encrypts items under a fresh nonce.
func sealBin(dk vaultKey, generation uint64, items vaultItems) ([]byte, error) {
	plain, err := json.Marshal(items)
	if err != nil {
		return nil, fmt.Errorf("encode vault: %w", err)
	}
	if fill := len(plain) % vaultPad; fill != 0 {
		plain = append(plain, bytes.Repeat([]byte{' '}, vaultPad-fill)...)
	}
	if len(plain) > maxVaultJSON {
		return nil, errFull
	}
	h := binHeader{id: dk.id, generation: generation}
	copy(h.nonce[:], randomBytes(len(h.nonce)))
	head := h.encode()
	return aead(dk.key[:]).Seal(head, h.nonce[:], plain, head), nil
}

// errOtherVault is a vault.bin of another vault.key.
var errOtherVault = errors.New("of another vault")

// openBin checks and decrypts all of vault.bin.
func openBin(dk vaultKey, b []byte) (binHeader, vaultItems, error) {
	h, err := parseBinHeader(b)
	if err != nil {
		return h, vaultItems{}, err
	}
	if h.id != dk.id {
		return h, vaultItems{}, errOtherVault
	}
	plain, err := aead(dk.key[:]).Open(nil, h.nonce[:], b[binHeaderLen:], b[:binHeaderLen])
	if err != nil {
		return h, vaultItems{}, errors.New("authentication failed")
	}
	var items vaultItems
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields() // dropping what a newer fob wrote would lose it
	if err := d.Decode(&items); err != nil || items.Items == nil {
		return h, vaultItems{}, errors.New("unreadable content")
	}
	return h, items, nil
}

// aead never fails: every key comes from here and has the right size.
func aead(key []byte) cipher.AEAD {
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic(err)
	}
	return a
}
