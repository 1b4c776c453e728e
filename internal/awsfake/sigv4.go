package awsfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	timeFormat = "20060102T150405Z"
	window     = 5 * time.Minute // how far a signature's time may be off
)

// signature is what a request says about its AWS Signature Version 4, in the
// Authorization header or, presigned, in the query.
type signature struct {
	keyID, date, region, service string // the credential scope
	headers                      []string
	value                        string // hex
	at                           time.Time
	token                        string
	presigned                    bool
	valid                        time.Duration // of a presigned request
}

func parseSignature(r *http.Request) (signature, *apiError) {
	if q := r.URL.Query(); q.Has("X-Amz-Signature") {
		return parsePresigned(q)
	}
	sig, err := parseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return sig, err
	}
	sig.token = r.Header.Get("X-Amz-Security-Token")
	return sig, sig.setTime(r.Header.Get("X-Amz-Date"))
}

func parsePresigned(q url.Values) (signature, *apiError) {
	sig := signature{
		headers:   strings.Split(q.Get("X-Amz-SignedHeaders"), ";"),
		value:     q.Get("X-Amz-Signature"),
		token:     q.Get("X-Amz-Security-Token"),
		presigned: true,
	}
	lifetime, err := strconv.ParseUint(q.Get("X-Amz-Expires"), 10, 16)
	if err != nil && q.Has("X-Amz-Expires") {
		return sig, errIncomplete("X-Amz-Expires should be a number")
	}
	sig.valid = max(window, time.Duration(lifetime)*time.Second)
	if err := sig.setScope(q.Get("X-Amz-Credential")); err != nil {
		return sig, err
	}
	return sig, sig.setTime(q.Get("X-Amz-Date"))
}

// parseAuthorization reads an Authorization header:
// AWS4-HMAC-SHA256 Credential=…/date/region/service/aws4_request, SignedHeaders=a;b, Signature=…
func parseAuthorization(h string) (signature, *apiError) {
	var sig signature
	if h == "" {
		return sig, refuse("MissingAuthenticationToken", "Request is missing Authentication Token")
	}
	list, ok := strings.CutPrefix(h, algorithm+" ")
	if !ok {
		return sig, errIncomplete("Unsupported AWS 'algorithm': '" + strings.SplitN(h, " ", 2)[0] + "'.")
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(list, ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[k] = v
	}
	for _, need := range []string{"Credential", "SignedHeaders", "Signature"} {
		if fields[need] == "" {
			return sig, errIncomplete("Authorization header requires '" + need + "' parameter.")
		}
	}
	sig.headers = strings.Split(fields["SignedHeaders"], ";")
	sig.value = fields["Signature"]
	return sig, sig.setScope(fields["Credential"])
}

func (sig *signature) setScope(credential string) *apiError {
	part := strings.Split(credential, "/")
	if len(part) != 5 || part[4] != "aws4_request" {
		return errIncomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + credential + "'")
	}
	sig.keyID, sig.date, sig.region, sig.service = part[0], part[1], part[2], part[3]
	return nil
}

func (sig *signature) setTime(s string) *apiError {
	var err error
	if sig.at, err = time.Parse(timeFormat, s); err != nil {
		return errIncomplete("Date must be in ISO-8601 'basic format'. Got '" + s + "'.")
	}
	return nil
}

func errIncomplete(message string) *apiError {
	return &apiError{http.StatusBadRequest, "IncompleteSignature", message}
}

var regionPattern = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$`)

// check holds what can be known without the secret against the service called
// and the server's clock.
func (sig *signature) check(service string, now time.Time) *apiError {
	bad := func(format string, args ...any) *apiError {
		return refuse("SignatureDoesNotMatch", fmt.Sprintf(format, args...))
	}
	stamp := func(t time.Time) string { return t.UTC().Format(timeFormat) }
	valid := window
	if sig.presigned {
		valid = sig.valid
	}
	switch {
	case !slices.Contains(sig.headers, "host"):
		return bad("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	case sig.service != service:
		return bad("Credential should be scoped to correct service: '%s'. ", service)
	case !regionPattern.MatchString(sig.region):
		return bad("Credential should be scoped to a valid region. ")
	case sig.date != sig.at.Format("20060102"):
		return bad("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.", sig.date, sig.at.Format("20060102"), stamp(sig.at))
	case sig.at.Before(now.Add(-valid).Truncate(time.Second)):
		return bad("Signature expired: %s is now earlier than %s (%s - %d min.)", stamp(sig.at), stamp(now.Add(-valid)), stamp(now), int(valid.Minutes()))
	case sig.at.After(now.Add(window)):
		return bad("Signature not yet current: %s is still later than %s (%s + %d min.)", stamp(sig.at), stamp(now.Add(window)), stamp(now), int(window.Minutes()))
	}
	return nil
}

// matches says whether the request was signed with secret.
func (sig *signature) matches(secret string, r *http.Request, body []byte) bool {
	scope := strings.Join([]string{sig.date, sig.region, sig.service, "aws4_request"}, "/")
	text := strings.Join([]string{algorithm, sig.at.Format(timeFormat), scope, digest([]byte(sig.canonical(r, body)))}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range strings.Split(scope, "/") {
		key = sum(key, part)
	}
	return hmac.Equal([]byte(hex.EncodeToString(sum(key, text))), []byte(sig.value))
}

// canonical is the canonical request of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (sig *signature) canonical(r *http.Request, body []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%s\n", r.Method, canonicalPath(r.URL), canonicalQuery(r.URL.Query()))
	for _, name := range sig.headers {
		fmt.Fprintf(&b, "%s:%s\n", name, headerValue(r, name))
	}
	fmt.Fprintf(&b, "\n%s\n%s", strings.Join(sig.headers, ";"), digest(body))
	return b.String()
}

func canonicalPath(u *url.URL) string {
	if u.Path == "" {
		return "/"
	}
	parts := strings.Split(u.EscapedPath(), "/")
	for i, p := range parts {
		parts[i] = escape(p)
	}
	return strings.Join(parts, "/")
}

func canonicalQuery(q url.Values) string {
	var pairs []string
	for k, values := range q {
		if k == "X-Amz-Signature" {
			continue
		}
		for _, v := range values {
			pairs = append(pairs, escape(k)+"="+escape(v))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// escape keeps A-Za-z0-9-_.~ and writes a blank as %20.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// headerValue is a header as it was sent; Go keeps two of them elsewhere.
func headerValue(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := slices.Clone(r.Header.Values(name))
	for i, v := range values {
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(values, ",")
}

func digest(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
