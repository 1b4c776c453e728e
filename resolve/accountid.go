package resolve

import (
	"encoding/base32"
	"fmt"
	"strings"
)

// accountOfARN returns the account of an ARN, or "" when there is none of twelve digits.
func accountOfARN(arn string) string {
	f := strings.SplitN(arn, ":", 6)
	if len(f) < 6 || f[0] != "arn" || !isAccountID(f[4]) {
		return ""
	}
	return f[4]
}

func isAccountID(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// accountOfKeyID decodes the account from an access key id of today's form
// (20 characters; the account lies in the first 48 bits of what follows the
// four-letter prefix). The older form, whose first bit is clear, holds none.
func accountOfKeyID(id string) string {
	if len(id) != 20 || !strings.HasPrefix(id, "AKIA") && !strings.HasPrefix(id, "ASIA") {
		return ""
	}
	b, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil || len(b) < 6 || b[0]&0x80 == 0 {
		return ""
	}
	var n uint64
	for _, x := range b[:6] {
		n = n<<8 | uint64(x)
	}
	account := n & 0x7fffffffff80 >> 7
	if account > 999_999_999_999 {
		return ""
	}
	return fmt.Sprintf("%012d", account)
}
