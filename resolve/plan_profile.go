package resolve

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fob/internal/awsfile"
	"fob/internal/secret"
)

// nomfa is the end of the name that opinel gave a profile's long-lived key when
// it put a session in the profile itself (LINEAGE.md 4).
const nomfa = "-nomfa"

// profileSteps resolves one profile. As the source of a role (asSource) its keys
// come before its own role, as botocore and the Rust SDK have it.
func (b *builder) profileSteps(p *Profile, asSource bool) ([]Step, error) {
	if slices.Contains(b.path, p.Name) {
		return nil, b.fault(p, "source_profile", "the profiles form a cycle: "+cycle(append(b.path[slices.Index(b.path, p.Name):], p.Name)), "")
	}
	b.path = append(b.path, p.Name)
	defer func() { b.path = b.path[:len(b.path)-1] }()

	if role, ok := b.value(p, "role_arn"); ok {
		if !asSource || !b.hasKeys(p) {
			return b.roleSteps(p, role)
		}
		b.warn("%s: as a source, profile %q gives its keys; its role_arn is ignored", at(role), p.Name)
		return b.ownSteps(p)
	}
	b.warnRoleless(p)
	if src, ok := b.value(p, "source_profile"); ok {
		if _, process := b.process(p); !b.hasKeys(p) && !b.hasSSO(p) && !process && b.text(p, "login_session") == "" {
			return nil, b.fault(p, "source_profile", "source_profile is there without role_arn", "add role_arn, or take source_profile away")
		}
		b.warn("%s: source_profile without role_arn is ignored", at(src))
	}
	return b.ownSteps(p)
}

// cycle names the profiles of a loop, the first few and the last of a long one.
func cycle(names []string) string {
	const most = 8
	if n := len(names); n > most {
		left := fmt.Sprintf("… (%d more)", n-most)
		names = slices.Concat(names[:most-2], []string{left}, names[n-2:])
	}
	return strings.Join(names, " -> ")
}

// ownSteps are the credentials that a profile has itself: from SSO (a key
// beside it is one that was left behind), else its keys, else its
// credential_process, else its login_session.
func (b *builder) ownSteps(p *Profile) ([]Step, error) {
	process, hasProcess := b.process(p)
	unused := func(winner string) {
		if hasProcess {
			b.warn("%s: credential_process of %q is not used: the profile has %s, and they win", at(process), p.Name, winner)
		}
	}
	if b.hasSSO(p) {
		if b.hasKeys(p) {
			b.warn("%s: the key of %q is not used: the profile has SSO keys, and they win (take the key out)", b.keyPlace(p), p.Name)
		}
		unused("SSO keys")
		return b.ssoSteps(p)
	}
	key, ok, err := b.keys(p)
	switch {
	case err != nil:
		return nil, err
	case ok:
		unused("keys")
		return b.keySteps(p, key)
	case hasProcess:
		return b.processSteps(p, process)
	}
	if login, ok := b.value(p, "login_session"); ok {
		return b.loginSteps(p, login)
	}
	return nil, b.noCredentials(p)
}

// keyPlace is where a profile's key stands.
func (b *builder) keyPlace(p *Profile) Origin {
	for _, k := range []string{"aws_access_key_id", "aws_secret_access_key"} {
		if v, ok := b.value(p, k); ok {
			return at(v)
		}
	}
	return Origin{Name: "keychain"}
}

// noCredentials says what a profile lacks, naming what comes closest.
func (b *builder) noCredentials(p *Profile) error {
	if cp, ok := b.value(p, "credential_process"); ok && b.isSelf(cp.Text, p.Name) {
		return b.fault(p, "credential_process", fmt.Sprintf("credential_process of %q calls fob for the profile itself, which has no other credentials: a loop", p.Name),
			"fob add "+p.Name)
	}
	if v, ok := b.value(p, "web_identity_token_file"); ok {
		return &ConfigError{p.Name, at(v), "web_identity_token_file is there, role_arn was missing", "add role_arn"}
	}
	return &ConfigError{Profile: p.Name, At: b.place(p), Fact: fmt.Sprintf("profile %q has no credentials: no key in the keychain, no aws_access_key_id, no role_arn with a source", p.Name)}
}

// process is the other program that a profile names. fob for the profile itself is
// passed over, for the line that `fob wire` put aside for it.
func (b *builder) process(p *Profile) (awsfile.Value, bool) {
	for _, key := range []string{"credential_process", awsfile.WiredPrefix + "credential_process"} {
		if v, ok := p.section.Plain(key); ok && !b.isSelf(v.Text, p.Name) {
			return v, true
		}
	}
	return awsfile.Value{}, false
}

func (b *builder) isSelf(command, profile string) bool {
	return b.ProcessIsSelf != nil && b.ProcessIsSelf(command, profile)
}

// place is where a profile stands.
func (b *builder) place(p *Profile) Origin {
	if h := p.section.Headers; len(h) > 0 {
		return Origin{File: h[0].File, Line: h[0].Line}
	}
	return Origin{Name: "keychain"}
}

// fault is a ConfigError at a key of a profile.
func (b *builder) fault(p *Profile, key, fact, fix string) error {
	e := &ConfigError{Profile: p.Name, At: b.place(p), Fact: fact, Fix: fix}
	if v, ok := b.value(p, key); ok {
		e.At = at(v)
	}
	return e
}

// hasKeys says whether a profile has a key pair, or a part of one, of its own.
func (b *builder) hasKeys(p *Profile) bool {
	return p.isKept || b.text(p, "aws_access_key_id") != "" || b.text(p, "aws_secret_access_key") != ""
}

// keys reads a profile's own key: from the keychain, else from the files.
func (b *builder) keys(p *Profile) (Step, bool, error) {
	id, hasID := b.value(p, "aws_access_key_id")
	key, hasKey := b.value(p, "aws_secret_access_key")
	if p.isKept {
		if hasID && hasKey && !isTemporary(id.Text) {
			b.warn("%s: a key of %q lies here in clear too; the one in the keychain is used (take this one out)", at(id), p.Name)
		}
		return KeyStep{Profile: p.Name, AccessKeyID: p.stored.AccessKeyID, AccountID: b.accountOf(p)}, true, nil
	}
	switch {
	case !hasID && !hasKey:
		return nil, false, nil
	case !hasKey:
		return nil, false, b.fault(p, "aws_access_key_id", fmt.Sprintf("profile %q has aws_access_key_id without aws_secret_access_key", p.Name), "add aws_secret_access_key, or store the key with: fob add "+p.Name)
	case !hasID:
		return nil, false, b.fault(p, "aws_secret_access_key", fmt.Sprintf("profile %q has aws_secret_access_key without aws_access_key_id", p.Name), "add aws_access_key_id, or store the key with: fob add "+p.Name)
	case id.File != key.File:
		return nil, false, b.fault(p, "aws_access_key_id", fmt.Sprintf("aws_access_key_id of %q is here and its aws_secret_access_key in %s: a pair is never mixed from two files", p.Name, at(key)), "keep both in one file")
	}
	s := StaticStep{From: fmt.Sprintf("profile %q", p.Name), At: at(id), AccessKeyID: id.Text, Secret: secret.New(key.Text), AccountID: b.accountOf(p)}
	return b.withToken(p, id, s)
}

// withToken adds the token and the end of a session that another tool wrote
// into the profile. The token of another file belongs to another key.
func (b *builder) withToken(p *Profile, id awsfile.Value, s StaticStep) (Step, bool, error) {
	beside := &Profile{Name: p.Name, section: p.section.In(id.File)}
	token, ok := b.value(beside, "aws_session_token", "aws_security_token")
	if !ok {
		if token, ok = b.value(p, "aws_session_token", "aws_security_token"); ok {
			b.warn("%s: the session token of %q is not used: its key is in %s", at(token), p.Name, at(id))
		}
		return s, true, nil
	}
	s.Token = secret.New(token.Text)
	if end, ok := b.value(beside, "expiration", "aws_expiration", "x_security_token_expires"); ok {
		var readable bool
		if s.Expires, readable = parseTime(end.Text); !readable {
			b.warn("%s: the expiration of %q is no time", at(end), p.Name)
		}
	}
	return s, true, nil
}

func (b *builder) accountOf(p *Profile) string {
	if id := accountID(b.text(p, "aws_account_id")); id != "" {
		return id
	}
	return p.stored.AccountID
}

// keySteps turns a profile's key into steps: the key alone, the key and an MFA
// session, or, where opinel put a session in the profile, that session or the
// key beside it.
func (b *builder) keySteps(p *Profile, key Step) ([]Step, error) {
	s, isStatic := key.(StaticStep)
	if !isStatic || !isTemporary(s.AccessKeyID) && s.Token.Empty() {
		if strings.HasSuffix(p.Name, nomfa) && b.req.MFASerial == "" {
			return []Step{key}, nil // the name asks for the key as it is
		}
		d, err := b.sessionDuration(p)
		if err != nil {
			return nil, err
		}
		return b.withSession([]Step{key}, b.device(p), d, p.Name)
	}
	switch {
	case s.Token.Empty():
		return b.pair(p, s, "the token of the session in it was never written")
	case !s.Expires.IsZero() && s.Expires.Sub(b.now()) <= 0:
		return b.pair(p, s, "the session in it expired at "+s.Expires.Format("2006-01-02 15:04 MST"))
	}
	if s.Expires.IsZero() {
		b.warn("%s: cannot tell when the session of %q ends; later calls may fail", s.At, p.Name)
	}
	return []Step{s}, nil
}

// pair takes the long-lived key of [p-nomfa] when the session in [p] is no good.
func (b *builder) pair(p *Profile, s StaticStep, why string) ([]Step, error) {
	fact := fmt.Sprintf("profile %q: %s", p.Name, why)
	base, err := b.find(p.Name + nomfa)
	var missing *MissingProfileError
	if asMissing(err, &missing) {
		return nil, &ConfigError{Profile: p.Name, At: s.At, Fact: fact + ", and AWS will refuse its key " + s.AccessKeyID, Fix: "fob add " + p.Name}
	}
	if err != nil {
		return nil, err
	}
	key, ok, err := b.keys(base)
	if err != nil {
		return nil, err
	}
	if static, isStatic := key.(StaticStep); !ok || isStatic && isTemporary(static.AccessKeyID) {
		return nil, &ConfigError{Profile: p.Name, At: b.place(base), Fact: fact + fmt.Sprintf(", and %q holds no long-lived key", base.Name), Fix: "fob add " + p.Name}
	}
	b.warn("%s; the key of %q is used (fob import %s stores it and ends the pair)", fact, base.Name, p.Name)
	device := b.device(p)
	if device.serial == "" {
		device = b.device(base)
	}
	life, err := b.sessionDuration(p)
	if err != nil {
		return nil, err
	}
	return b.withSession([]Step{key}, device, life, p.Name)
}

// sessionDuration of a profile whose answer is an MFA session.
func (b *builder) sessionDuration(p *Profile) (time.Duration, error) {
	if b.text(p, "role_arn") != "" {
		return DefaultSessionDuration, nil // it belongs to the role
	}
	d, err := b.seconds(p, "duration_seconds", maxSessionDuration)
	if d == 0 {
		d = DefaultSessionDuration
	}
	return d, err
}
