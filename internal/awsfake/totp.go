package awsfake

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

// newSeed returns a virtual device's seed, 64 characters of base32 as AWS makes
// them, and the key that it stands for.
func newSeed() (seed string, key []byte) {
	key = randomBytes(40)
	return base32.StdEncoding.EncodeToString(key), key
}

// step returns the number of the 30 s step that t lies in.
func step(t time.Time) int64 {
	const period = 30
	return t.Unix() / period
}

// totp is RFC 6238 with SHA-1 and six digits. It is written out here so that
// fob's own codes are checked by another implementation than the one it uses.
func totp(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1_000_000)
}
