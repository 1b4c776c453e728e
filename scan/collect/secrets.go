package collect

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"fob/scan"
)

// detector finds secrets in values that people set: of environments, outputs, scripts.
// It would rather miss one than call a name or a placeholder a secret.
type detector struct {
	key   []byte
	forms []form
	pair  *regexp.Regexp
}

// form is what secrets of one kind look like. The secret is the last group.
type form struct {
	rule    string
	pattern *regexp.Regexp
	fits    func(text, secret string) bool // nil means always
}

// newDetector makes a detector. Its hashes are made with the key; nil takes a new one.
func newDetector(key []byte) *detector {
	if key == nil {
		key = make([]byte, sha256.Size)
		_, _ = rand.Read(key) // does not fail
	}
	of := func(rule, pattern string, fits func(string, string) bool) form {
		return form{rule, regexp.MustCompile(pattern), fits}
	}
	keyID := regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z2-7]{16}\b`)
	return &detector{key: key, forms: []form{
		of("private key", `(-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?s:.{20,}?)(?:-----END |\z))`, nil),
		of("AWS secret access key", `(?:^|[^A-Za-z0-9/+=])([A-Za-z0-9/+]{40})(?:$|[^A-Za-z0-9/+=])`, func(text, secret string) bool {
			return keyID.MatchString(text) && kindsOf(secret) >= 3
		}),
		of("GitHub token", `\b(gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255})\b`, nil),
		of("GitLab token", `\b(gl(?:pat|ptt|rt|dt)-[A-Za-z0-9_-]{20,})`, nil),
		of("Slack token", `\b(xox[abeoprs]-[A-Za-z0-9-]{10,})`, nil),
		of("Slack webhook", `https://hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9/_-]{20,})`, nil),
		of("Stripe key", `\b([rs]k_live_[A-Za-z0-9]{16,})`, nil),
		of("Google API key", `\b(AIza[A-Za-z0-9_-]{35})`, nil),
		of("PyPI token", `\b(pypi-AgE[A-Za-z0-9_-]{50,})`, nil),
		of("npm token", `\b(npm_[A-Za-z0-9]{36})\b`, nil),
		of("SendGrid key", `\b(SG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50})`, nil),
		of("AI service key", `\b(sk-(?:ant|proj|svcacct|admin)-[A-Za-z0-9_-]{30,})`, nil),
		of("password in a URL", `[A-Za-z][A-Za-z0-9+.-]*://[^\s:/@"']*:([^\s@/"']+)@`, nil),
	}, pair: regexp.MustCompile(`([A-Za-z0-9_.-]+)["']?\s*[=:]\s*["']?([^\s"'&;,}]+)`)}
}

// find returns what in a value looks like a secret, in order and without overlap. The
// name is that of the value, such as DB_PASSWORD.
func (d *detector) find(name, text string) (out []scan.Masked) {
	add := func(rule string, from, to int) {
		overlaps := func(m scan.Masked) bool { return from < m.Position+m.Length && m.Position < to }
		if !slices.ContainsFunc(out, overlaps) {
			out = append(out, scan.Masked{Rule: rule, Position: from, Length: to - from, Hash: d.hash(text[from:to])})
		}
	}
	for _, f := range d.forms {
		for _, at := range f.pattern.FindAllStringSubmatchIndex(text, -1) {
			from, to := at[len(at)-2], at[len(at)-1]
			if secret := text[from:to]; !placeholder(secret) && (f.fits == nil || f.fits(text, secret)) {
				add(f.rule, from, to)
			}
		}
	}
	if rule := namedSecret(name, text); rule != "" {
		add(rule, 0, len(text))
	}
	for _, at := range d.pair.FindAllStringSubmatchIndex(text, -1) {
		if rule := namedSecret(text[at[2]:at[3]], text[at[4]:at[5]]); rule != "" {
			add(rule, at[4], at[5])
		}
	}
	slices.SortFunc(out, func(a, b scan.Masked) int { return cmp.Compare(a.Position, b.Position) })
	return out
}

func (d *detector) hash(secret string) string {
	h := hmac.New(sha256.New, d.key)
	h.Write([]byte(secret))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// placeholder says whether a text stands in for a secret, or says where it is.
func placeholder(text string) bool {
	lower := strings.ToLower(text)
	for _, start := range []string{"$", "%", "<", "{{", "arn:", "ssm:", "secretsmanager:", "vault:", "file:", "env:", "enc[", "enc("} {
		if strings.HasPrefix(lower, start) {
			return true
		}
	}
	for _, part := range []string{"example", "changeme", "change-me", "change_me", "placeholder", "replaceme", "dummy", "redacted", "xxxx", "****", "${", "{{"} {
		if strings.Contains(lower, part) {
			return true
		}
	}
	// The encrypted data of KMS begin so, in base64.
	return strings.HasPrefix(text, "AQICAH") || strings.HasPrefix(text, "AQECAH")
}
