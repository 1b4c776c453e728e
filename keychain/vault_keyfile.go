package keychain

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sync"

	"fob/internal/secret"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

const (
	vaultVersion = 1
	// vaultReader is written into each vault, so that an older fob can name the
	// release that reads it.
	vaultReader  = "fob 0.1"
	maxVaultKey  = 64 << 10
	maxSlots     = 8
	slotType     = "passphrase"
	slotKDF      = "argon2id"
	minKDFMemory = 19 << 10 // KiB; OWASP's least for argon2id
	maxKDFMemory = 1 << 20  // KiB
	maxKDFTime   = 16
	maxKDFLanes  = 16
)

// vaultKey is the data key of the vault with that id. It never changes: a new
// passphrase wraps it anew.
type vaultKey struct {
	id  [16]byte
	key [chacha20poly1305.KeySize]byte
}

// kdfParams are those of argon2id: passes, KiB of memory, lanes.
type kdfParams struct {
	Time   uint32 `json:"t"`
	Memory uint32 `json:"m_kib"`
	Lanes  uint32 `json:"p"`
}

// strongKDF takes about 0.3 s on two processors.
func strongKDF() kdfParams { return kdfParams{Time: 3, Memory: 64 << 10, Lanes: 4} }

// keyFile is the content of vault.key.
type keyFile struct {
	Version int       `json:"version"`
	Reader  string    `json:"reader"`
	VaultID hexBytes  `json:"vault_id"`
	Slots   []keySlot `json:"slots"`
	// Sum tells a damaged file from a wrong passphrase.
	Sum hexBytes `json:"sha256"`
}

// keySlot is the data key, wrapped under one passphrase.
type keySlot struct {
	Type string `json:"type"`
	KDF  string `json:"kdf"`
	kdfParams
	Salt    hexBytes `json:"salt"`
	Nonce   hexBytes `json:"nonce"`
	Wrapped hexBytes `json:"wrapped_key"`
}

// newKeyFile wraps dk under one passphrase.
func newKeyFile(dk vaultKey, passphrase secret.Text, kdf kdfParams) keyFile {
	s := keySlot{
		Type: slotType, KDF: slotKDF, kdfParams: kdf,
		Salt:  randomBytes(16),
		Nonce: randomBytes(chacha20poly1305.NonceSizeX),
	}
	s.Wrapped = aead(s.derive(passphrase)).Seal(nil, s.Nonce, dk.key[:], s.header(dk.id[:]))
	f := keyFile{Version: vaultVersion, Reader: vaultReader, VaultID: dk.id[:], Slots: []keySlot{s}}
	f.Sum = f.sum()
	return f
}

// unwrap finds the slot that the passphrase opens.
func (f keyFile) unwrap(ctx context.Context, passphrase secret.Text) (vaultKey, error) {
	for _, s := range f.Slots {
		if err := ctx.Err(); err != nil {
			return vaultKey{}, err
		}
		key, err := aead(s.derive(passphrase)).Open(nil, s.Nonce, s.Wrapped, s.header(f.VaultID))
		if err == nil && len(key) == chacha20poly1305.KeySize {
			return vaultKey{id: f.id(), key: [chacha20poly1305.KeySize]byte(key)}, nil
		}
	}
	return vaultKey{}, ErrWrongPassphrase
}

func (f keyFile) id() [16]byte { return [16]byte(f.VaultID) }

// header is the slot but for the wrapped key, and the vault it belongs to: the
// associated data of the wrapping. Fixed words and hex leave one reading of it.
func (s keySlot) header(id []byte) []byte {
	return fmt.Appendf(nil, "fob vault slot v1|%x|%s|%s|t=%d,m=%d,p=%d|%x|%x",
		id, s.Type, s.KDF, s.Time, s.Memory, s.Lanes, s.Salt, s.Nonce)
}

func (s keySlot) derive(passphrase secret.Text) []byte {
	return argon2.IDKey([]byte(passphrase.Reveal()), s.Salt, s.Time, s.Memory, uint8(s.Lanes), chacha20poly1305.KeySize)
}

func (f keyFile) sum() []byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "fob vault key v%d|%s\n", f.Version, f.Reader)
	for _, s := range f.Slots {
		_, _ = fmt.Fprintf(h, "%s|%x\n", s.header(f.VaultID), s.Wrapped)
	}
	return h.Sum(nil)
}

func (f keyFile) encode() []byte {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil { // strings, numbers and hex always encode
		panic(err)
	}
	return append(b, '\n')
}

// releaseName is what a newer file may say of its reader: nothing that could do
// harm in a message.
// Compiled on need: every start of fob links it, hardly any meets such a file.
var releaseName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^fob [0-9][0-9A-Za-z.+-]{0,30}$`) })

// parseKeyFile reads and checks everything that can be checked without a
// passphrase, so that no hostile number reaches the key derivation.
func parseKeyFile(b []byte) (keyFile, error) {
	var head struct {
		Version int    `json:"version"`
		Reader  string `json:"reader"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return keyFile{}, fmt.Errorf("not a vault key: %w", jsonFault(err))
	}
	if head.Version > vaultVersion {
		if !releaseName().MatchString(head.Reader) {
			head.Reader = ""
		}
		return keyFile{}, &NewerVaultError{Version: head.Version, Reader: head.Reader}
	}
	var f keyFile
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return keyFile{}, fmt.Errorf("not a vault key: %w", jsonFault(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return keyFile{}, errors.New("text after the vault key")
	}
	return f, f.check()
}

func (f keyFile) check() error {
	switch {
	case f.Version != vaultVersion:
		return fmt.Errorf("version %d does not exist", f.Version)
	case len(f.VaultID) != 16:
		return fmt.Errorf("vault id of %d bytes", len(f.VaultID))
	case len(f.Slots) == 0 || len(f.Slots) > maxSlots:
		return fmt.Errorf("%d key slots", len(f.Slots))
	}
	for _, s := range f.Slots {
		if err := s.check(); err != nil {
			return err
		}
	}
	if !bytes.Equal(f.Sum, f.sum()) {
		return errors.New("checksum mismatch")
	}
	return nil
}

func (s keySlot) check() error {
	switch {
	case s.Type != slotType || s.KDF != slotKDF:
		return errors.New("unknown type of key slot")
	case s.Memory < minKDFMemory || s.Memory > maxKDFMemory:
		return fmt.Errorf("argon2id memory of %d KiB refused", s.Memory)
	case s.Time < 1 || s.Time > maxKDFTime:
		return fmt.Errorf("argon2id with %d passes refused", s.Time)
	case s.Lanes < 1 || s.Lanes > maxKDFLanes:
		return fmt.Errorf("argon2id with %d lanes refused", s.Lanes)
	case len(s.Salt) != 16 || len(s.Nonce) != chacha20poly1305.NonceSizeX ||
		len(s.Wrapped) != chacha20poly1305.KeySize+chacha20poly1305.Overhead:
		return errors.New("key slot with parts of the wrong size")
	}
	return nil
}

// jsonFault keeps the place of a fault and drops the words of the file.
func jsonFault(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("bad JSON near byte %d", syntax.Offset)
	}
	return errors.New("bad JSON")
}

// hexBytes are bytes that JSON shows in hex.
type hexBytes []byte

func (h hexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

func (h *hexBytes) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: the program ends if there is no randomness
	return b
}
