package awsfake

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strconv"
)

// KeyID returns the n-th access key id of an account: the four-letter prefix
// (AKIA, ASIA) and 16 characters of A-Z2-7. As in AWS's ids, the first six bytes
// that these encode hold a set top bit, then the account number in 40 bits. The
// other 39 bits are n, scrambled so that neighbours look unlike each other; two n
// below 2³⁹ never give the same id. An account that is no number counts as 0.
func KeyID(prefix, account string, n int) string {
	const tailBits = 39
	number, _ := strconv.ParseUint(account, 10, 40)
	tail := uint64(n) * 0x9E3779B97F4A7C15 & (1<<tailBits - 1) // an odd factor permutes
	var b [10]byte
	binary.BigEndian.PutUint16(b[:], uint16(1<<15|number>>25))
	binary.BigEndian.PutUint64(b[2:], number<<tailBits|tail)
	return prefix + base32.StdEncoding.EncodeToString(b[:])
}

// uniqueID returns the next id of an IAM entity, such as AIDA… for a user.
func (s *Server) uniqueID(prefix, account string) string {
	s.ids++
	return KeyID(prefix, account, s.ids) + "Q" // entity ids are one longer than key ids
}

// newKey makes an access key that nobody had before.
func (s *Server) newKey(prefix, account string) Key {
	s.ids++
	return Key{ID: KeyID(prefix, account, s.ids), Secret: newSecret()}
}

// newSecret returns 40 characters of A-Za-z0-9+/.
func newSecret() string {
	return base64.StdEncoding.EncodeToString(randomBytes(30))
}

// newToken returns a session token of a usual length, 800 characters or so.
func newToken() string {
	return "FwoGZXIvYXdzE" + base64.StdEncoding.EncodeToString(randomBytes(590))
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, as documented
	return b
}
