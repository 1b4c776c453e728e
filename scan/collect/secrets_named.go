package collect

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// namedSecret says what a value is whose name says that it is secret, and that looks as
// if nobody could guess it; "" if it is none. The word password alone is no secret, and
// neither is the name of one.
func namedSecret(name, value string) string {
	if placeholder(value) || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) ||
		strings.Contains(value, "://") || strings.HasPrefix(value, "/") || identifier(value) {
		return ""
	}
	switch secretName(name) {
	case "password":
		varied := kindsOf(value) >= 3 || kindsOf(value) == 2 && strings.ContainsAny(value, "0123456789") && entropy(value) >= 3
		if len(value) >= 8 && len(value) <= 128 && varied {
			return "password"
		}
	case "key":
		if len(value) >= 16 && randomRun(value) && !accessKeyID(value) {
			return "secret key or token"
		}
	}
	return ""
}

// secretName says what a name promises: "password", "key", or "" for neither. A name
// that goes on to say what of the secret it is, such as its file, promises nothing.
func secretName(name string) (kind string) {
	all := words(name)
	for n, w := range all {
		switch {
		case slices.Contains([]string{
			"arn", "name", "id", "ids", "path", "file", "dir", "url", "uri", "host", "port", "user", "username", "email", "length", "size", "len",
			"min", "max", "count", "limit", "expiry", "expiration", "expires", "ttl", "timeout", "age", "interval", "policy", "rules", "regex",
			"pattern", "header", "type", "format", "endpoint", "table", "region", "bucket", "prefix", "suffix", "enabled", "required", "algorithm",
			"alg", "version", "public", "issuer", "audience", "scope", "provider", "manager", "store", "rotation", "field", "param", "parameter",
			"ref", "location", "mode", "sha", "digest", "fingerprint", "alias",
		}, w):
			return ""
		case slices.Contains([]string{"pwd", "pass", "pw"}, w), hasSuffix(w, "password", "passwd", "passphrase", "passwort"):
			kind = "password"
		case kind != "":
		case hasSuffix(w, "secret", "secrets", "token", "apikey", "secretkey", "accesskey", "accountkey", "privatekey", "credential", "credentials"),
			w == "key" && n > 0 && slices.Contains([]string{
				"api", "access", "private", "secret", "encryption", "signing", "auth", "account", "master", "shared", "service", "license", "hmac", "jwt", "session",
			}, all[n-1]):
			kind = "key"
		}
	}
	return kind
}

func hasSuffix(w string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(w, end) })
}

// words takes a name apart, in lower case: DB_PASSWORD, dbPassword and DBPassword are db
// and password.
func words(name string) (out []string) {
	runes := []rune(name)
	word := ""
	for n, r := range runes {
		alone := !unicode.IsLetter(r) && !unicode.IsDigit(r)
		camel := n > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[n-1]) || n+1 < len(runes) && unicode.IsLower(runes[n+1]))
		if (alone || camel) && word != "" {
			out, word = append(out, word), ""
		}
		if !alone {
			word += string(unicode.ToLower(r))
		}
	}
	if word != "" {
		out = append(out, word)
	}
	return out
}

// identifier says whether a value is made of words and short numbers, as the names of
// things are: prod/db-main/2.
func identifier(value string) bool {
	parts := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("-_./:@", r) })
	plain := 0
	for _, p := range parts {
		letters := strings.TrimRight(p, "0123456789")
		digits := len(p) - len(letters)
		oneCase := letters == strings.ToLower(letters) || letters[1:] == strings.ToLower(letters[1:]) || letters == strings.ToUpper(letters)
		if strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) }) || !oneCase || digits > 4 {
			continue
		}
		plain++
	}
	return plain == len(parts) && len(parts) > 1
}

// kindsOf counts the kinds of letters: small, capital, digits, others.
func kindsOf(s string) int {
	var small, capital, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			small = 1
		case unicode.IsUpper(r):
			capital = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return small + capital + digit + other
}

// entropy is Shannon's, in bits per letter.
func entropy(s string) (bits float64) {
	counts := map[rune]int{}
	for _, r := range s {
		counts[r]++
	}
	for _, n := range counts {
		p := float64(n) / float64(len(s))
		bits -= p * math.Log2(p)
	}
	return bits
}

// randomRun says whether there is a run of letters and digits that no name has, or a
// UUID.
func randomRun(value string) bool {
	runs := strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	uuid := len(value) == 36 && len(runs) == 5 && len(runs[0]) == 8 && len(runs[4]) == 12 && strings.Trim(strings.ToLower(value), "0123456789abcdef-") == ""
	return uuid || slices.ContainsFunc(runs, func(run string) bool {
		return len(run) >= 16 && strings.ContainsAny(run, "0123456789") && strings.Trim(run, "0123456789") != "" && entropy(run) >= 3
	})
}

// accessKeyID says whether a value is the public half of an AWS access key.
func accessKeyID(value string) bool {
	return len(value) == 20 && (strings.HasPrefix(value, "AKIA") || strings.HasPrefix(value, "ASIA"))
}
