package resolve

import (
	"fmt"
	"strings"
	"time"

	"fob/internal/secret"
)

// source is what a request starts from.
type source struct {
	chosen  string
	profile *Profile // nil when the source is no profile
	steps   func() ([]Step, error)
}

// choose picks the source: --csv-credentials, then -p, then the environment's
// keys, then its web-identity variables, then AWS_PROFILE, then default. A
// source that is named and cannot be used is an error; there is no sliding to
// the next one.
func (b *builder) choose() (source, error) {
	switch {
	case b.req.CSV != "":
		return source{"--csv-credentials", nil, b.csvSteps}, nil
	case b.req.Profile != "":
		return b.named(b.req.Profile, "-p")
	}
	keys, ok, err := b.environmentKeys()
	if err != nil {
		return source{}, err
	}
	name, variable := b.profileVariable()
	if ok {
		if name != "" {
			b.warn("the environment's keys (AWS_ACCESS_KEY_ID) win over %s; %q is not used, -p would be stronger", variable, name)
		}
		return source{"the environment's keys", nil, func() ([]Step, error) {
			return b.withSession([]Step{keys}, mfaDevice{}, DefaultSessionDuration, "")
		}}, nil
	}
	web, ok, err := b.webIdentityVariables()
	if err != nil {
		return source{}, err
	}
	if ok {
		if name != "" {
			b.warn("AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN win over %s; %q is not used, -p would be stronger", variable, name)
		}
		return source{"the web-identity variables", nil, web}, nil
	}
	if name != "" {
		return b.named(name, variable)
	}
	return b.fallback()
}

// profileVariable is the profile that the environment names, and the variable that does.
func (b *builder) profileVariable() (name, variable string) {
	for _, v := range []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE"} {
		if n := b.env(v); n != "" {
			return n, v
		}
	}
	return "", ""
}

func (b *builder) named(name, how string) (source, error) {
	p, err := b.find(name)
	if err != nil {
		return source{}, err
	}
	return source{how, p, func() ([]Step, error) { return b.profileSteps(p, false) }}, nil
}

// fallback is what is used when nobody named anything: the profile default, and
// when it says nothing of credentials the container, then the instance role.
func (b *builder) fallback() (source, error) {
	p, err := b.find("default")
	var missing *MissingProfileError
	if asMissing(err, &missing) {
		p, err = nil, nil
	}
	if err != nil {
		return source{}, err
	}
	if p != nil && b.hasCredentials(p) {
		return source{"the profile default", p, func() ([]Step, error) { return b.profileSteps(p, false) }}, nil
	}
	if c, ok, err := b.container(); ok || err != nil {
		return source{"the container's variables", p, b.noProfile(c)}, err
	}
	s, off, err := b.imds(p)
	if off != "" {
		err = fmt.Errorf("%w, and %s switches the instance role off", ErrNoCredentials, off)
	}
	s.At = Origin{Name: "the usual chain: nothing else gives credentials"}
	return source{"the instance role", p, b.noProfile(s)}, err
}

// noProfile is a source of one step that is not in the profile default, though
// the region may come from there.
func (b *builder) noProfile(s Step) func() ([]Step, error) {
	return func() ([]Step, error) {
		b.plan.Profile = ""
		return []Step{s}, nil
	}
}

// hasCredentials says whether a profile says anything of credentials.
func (b *builder) hasCredentials(p *Profile) bool {
	if b.hasKeys(p) || b.hasSSO(p) {
		return true
	}
	for _, k := range []string{"role_arn", "source_profile", "web_identity_token_file", "credential_process", "login_session"} {
		if b.text(p, k) != "" {
			return true
		}
	}
	return false
}

// environmentKeys reads the key pair of the environment. Half a pair, and a
// session that is over, are errors: other credentials than the ones that were
// meant would be used.
func (b *builder) environmentKeys() (StaticStep, bool, error) {
	id, key := b.env("AWS_ACCESS_KEY_ID"), b.env("AWS_SECRET_ACCESS_KEY")
	if id == "" && key == "" {
		return StaticStep{}, false, nil
	}
	if id == "" || key == "" {
		has, lacks := "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
		if id == "" {
			has, lacks = lacks, has
		}
		return StaticStep{}, false, &ConfigError{At: Origin{Name: "the environment"}, Fact: has + " is set without " + lacks, Fix: "set both, or unset " + has}
	}
	s := StaticStep{From: "the environment", At: Origin{Name: "AWS_ACCESS_KEY_ID"}, AccessKeyID: id, Secret: secret.New(key), AccountID: accountID(b.env("AWS_ACCOUNT_ID"))}
	token := b.env("AWS_SESSION_TOKEN")
	if token == "" {
		token = b.env("AWS_SECURITY_TOKEN")
	}
	s.Token = secret.New(token)
	if token == "" && isTemporary(id) {
		return s, false, &ConfigError{At: s.At, Fact: "the key " + id + " is temporary and AWS_SESSION_TOKEN is not set: AWS will refuse it", Fix: "set AWS_SESSION_TOKEN, or unset the keys"}
	}
	if end := b.env("AWS_CREDENTIAL_EXPIRATION"); end != "" {
		at := Origin{Name: "AWS_CREDENTIAL_EXPIRATION"}
		var ok bool
		if s.Expires, ok = parseTime(end); !ok {
			return s, false, &ConfigError{At: at, Fact: "not a time", Fix: "unset it, or write it as 2030-01-02T15:04:05Z"}
		}
		if !s.Expires.After(b.now()) {
			return s, false, &ConfigError{At: at, Fact: "the environment's credentials expired at " + s.Expires.Format(time.RFC3339), Fix: "unset AWS_ACCESS_KEY_ID, or get new ones"}
		}
	}
	return s, true, nil
}

// csvSteps is the source of --csv-credentials: nothing of it is stored but the
// session that it may start.
func (b *builder) csvSteps() ([]Step, error) {
	k, err := b.CSV(b.req.CSV, b.req.CSVUser)
	if err != nil {
		return nil, err
	}
	at := Origin{File: b.req.CSV, Line: k.Line}
	base := StaticStep{From: b.req.CSV, At: at, AccessKeyID: k.AccessKeyID, Secret: k.Secret}
	return b.withSession([]Step{base}, mfaDevice{serial: k.MFASerial, at: at}, DefaultSessionDuration, "")
}

// parseTime reads RFC 3339 and Python's str(datetime), which opinel wrote.
func parseTime(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05.999999Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(form, strings.TrimSpace(s)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func accountID(s string) string {
	if isAccountID(s) {
		return s
	}
	return ""
}

// MissingProfileError: a profile that was named is in neither file nor in the keychain.
type MissingProfileError struct {
	Profile string
	From    string // who names it: "" for the user, else the profile that has it as its source
	At      Origin // where From names it
	Hint    string // what comes closest, one sentence, may be ""
}

func (e *MissingProfileError) Error() string {
	s := fmt.Sprintf("there is no profile %q", e.Profile)
	if e.From != "" {
		s = fmt.Sprintf("%s: source_profile of %q is %q, which is no profile", e.At, e.From, e.Profile)
	}
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}
