package resolve

import (
	"fmt"
	"strings"

	"fob/internal/awsfile"
)

// The keys of a profile that say what its role's session is given. aws-vault
// has source_identity and the tags without the prefix; SDKs know none of them.
func sourceIdentityKeys() []string { return []string{"source_identity"} }
func tagKeys() []string            { return []string{"fob_session_tags", "session_tags"} }
func transitiveKeys() []string     { return []string{"fob_transitive_tag_keys", "transitive_session_tags"} }
func policyARNKeys() []string      { return []string{"fob_policy_arns", "policy_arns"} }
func policyKeys() []string         { return []string{"fob_policy", "policy"} }

// maxPolicyFile of an inline policy's file, in bytes: blanks take most of it, as
// the policy itself has 2,048 characters at most.
const maxPolicyFile = 64 << 10

// said is a setting in parts, and where it stands.
type said struct {
	at    Origin
	parts []string
}

// sessionWords is what a profile or the flags say of a role's session.
type sessionWords struct{ identity, tags, transitive, arns, policy said }

// roleSession reads what a profile says of its role's session.
func (b *builder) roleSession(p *Profile) (RoleSession, error) {
	one := func(keys []string) said {
		v, ok := b.value(p, keys...)
		if !ok {
			return said{}
		}
		return said{at(v), []string{v.Text}}
	}
	many := func(keys []string) said {
		s := one(keys)
		if len(s.parts) > 0 {
			s.parts = list(s.parts[0])
		}
		return s
	}
	return b.session(p.Name, sessionWords{one(sourceIdentityKeys()), many(tagKeys()), many(transitiveKeys()), many(policyARNKeys()), one(policyKeys())})
}

// requestedSession reads the flags that go with --role-arn.
func (b *builder) requestedSession() (RoleSession, error) {
	flag := func(name string, parts ...string) said { return said{Origin{Name: name}, parts} }
	one := func(name, value string) said {
		if value == "" {
			return said{}
		}
		return flag(name, value)
	}
	r := b.req
	return b.session(b.plan.Profile, sessionWords{
		identity: one("--source-identity", r.SourceIdentity), tags: flag("--session-tag", r.SessionTags...),
		transitive: flag("--transitive-tag", r.TransitiveTags...), arns: flag("--policy-arn", r.PolicyARNs...), policy: one("--policy", r.Policy),
	})
}

// session turns words into a session, within the limits of AssumeRole.
func (b *builder) session(profile string, w sessionWords) (r RoleSession, err error) {
	fault := func(s said, err error) error {
		return &ConfigError{Profile: profile, At: s.at, Fact: err.Error()}
	}
	if len(w.identity.parts) > 0 {
		if r.SourceIdentity = w.identity.parts[0]; !isSessionName(r.SourceIdentity) {
			return r, fault(w.identity, errSourceIdentity)
		}
	}
	if r.Tags, err = readTags(w.tags.parts); err != nil {
		return r, fault(w.tags, err)
	}
	if r.TransitiveTags, err = readTransitive(w.transitive.parts, r.Tags); err != nil {
		return r, fault(w.transitive, err)
	}
	if r.PolicyARNs, err = readPolicyARNs(w.arns.parts); err != nil {
		return r, fault(w.arns, err)
	}
	last := w.arns
	if len(w.policy.parts) > 0 {
		last = w.policy
		text, err := b.policyText(w.policy.parts[0], w.policy.at)
		if err != nil {
			return r, err
		}
		if r.Policy, err = readPolicy(text); err != nil {
			return r, fault(w.policy, err)
		}
	}
	if err := r.checkPolicyText(); err != nil {
		return r, fault(last, err)
	}
	return r, nil
}

// policyText is an inline policy as it is, or the content of the file that it names.
func (b *builder) policyText(s string, from Origin) (string, error) {
	path, isFile := strings.CutPrefix(s, "file://")
	if !isFile {
		return s, nil
	}
	path, err := b.filePath(path, "the policy", from)
	if err != nil {
		return "", err
	}
	read := b.ReadFile
	if read == nil {
		read = func(path string) ([]byte, error) { return readSmall(path, maxPolicyFile) }
	}
	text, err := read(path)
	if err != nil {
		return "", &ConfigError{At: from, Fact: fmt.Sprintf("the policy's file %q cannot be read: %v", path, err)}
	}
	return string(text), nil
}

// warnRoleless tells of settings for a role's session in a profile without a
// role: policies above all, which would be missed.
func (b *builder) warnRoleless(p *Profile) {
	for _, keys := range [][]string{sourceIdentityKeys(), tagKeys(), transitiveKeys(), policyARNKeys(), policyKeys()} {
		for _, key := range keys {
			if v, ok := b.value(p, key); ok {
				b.warn("%s: %s is for a role's session, and %q has no role_arn: it is not used", at(v), key, p.Name)
			}
		}
	}
}

// warnTokenOwn tells of settings that a web identity brings in its token.
func (b *builder) warnTokenOwn(p *Profile) {
	var v awsfile.Value
	var ok bool
	for _, keys := range [][]string{sourceIdentityKeys(), tagKeys(), transitiveKeys()} {
		if v, ok = b.value(p, keys...); ok {
			b.warn("%s: source identity and session tags are not sent: a web identity has them in its token", at(v))
			return
		}
	}
}

// list splits a value at its commas, without the blanks around its parts.
func list(s string) []string {
	var parts []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
