package resolve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// RoleSession is what a role's session is given beside its name: who asked for
// it, tags, and policies that take rights away. The zero value is nothing.
type RoleSession struct {
	SourceIdentity string
	Tags           []Tag    // by key, each once
	TransitiveTags []string // keys of Tags that go on to the next role of a chain
	PolicyARNs     []string // managed session policies
	Policy         string   // inline session policy, JSON without blanks
}

// Tag is a session tag.
type Tag struct{ Key, Value string }

// String is the session as it follows a role in `fob explain`, "" for nothing.
func (r RoleSession) String() string {
	var b strings.Builder
	if r.SourceIdentity != "" {
		b.WriteString(", source identity " + r.SourceIdentity)
	}
	for i, t := range r.Tags {
		b.WriteString([]string{", tags ", " "}[min(i, 1)] + t.Key + "=" + t.Value)
		if slices.Contains(r.TransitiveTags, t.Key) {
			b.WriteString(" (transitive)")
		}
	}
	if len(r.PolicyARNs) > 0 {
		b.WriteString(", limited by " + strings.Join(r.PolicyARNs, " "))
	}
	if r.Policy != "" {
		fmt.Fprintf(&b, ", limited by an inline policy of %d characters", utf8.RuneCountInString(r.Policy))
	}
	return b.String()
}

func (r RoleSession) inputs(w *keyWriter) {
	w.add("source identity", r.SourceIdentity)
	for _, t := range r.Tags {
		w.add("tag", t.Key)
		w.add("tag value", t.Value)
	}
	for _, k := range r.TransitiveTags {
		w.add("transitive tag", k)
	}
	for _, arn := range r.PolicyARNs {
		w.add("policy arn", arn)
	}
	w.add("policy", r.Policy)
}

// The limits of AssumeRole, from the STS API reference.
const (
	maxTags       = 50
	maxTagKey     = 128
	maxTagValue   = 256
	maxPolicyARNs = 10
	maxPolicyText = 2048 // of the inline policy and the ARNs together
)

// The errors state the fact; who calls knows the place.
var (
	errSourceIdentity = errors.New("the source identity has other characters than A-Z a-z 0-9 _ + = , . @ - or not 2 to 64 of them")
	errTooManyTags    = errors.New("more than 50 session tags")
	errTooManyARNs    = errors.New("more than 10 session policies")
	errPolicyText     = errors.New("the inline policy and the ARNs of the session policies have more than 2048 characters together")
)

// readTags reads tags, each Key=Value. The first = ends the key.
func readTags(items []string) ([]Tag, error) {
	var tags []Tag
	seen := map[string]string{}
	for _, item := range items {
		key, value, ok := strings.Cut(item, "=")
		t := Tag{strings.TrimSpace(key), strings.TrimSpace(value)}
		if !ok {
			return nil, fmt.Errorf("the session tag %.40q is not Key=Value", item)
		}
		if err := checkTagKey(t.Key); err != nil {
			return nil, err
		}
		if n := utf8.RuneCountInString(t.Value); n > maxTagValue || !isTagText(t.Value) {
			return nil, fmt.Errorf("the value of session tag %q has other characters than letters, numbers, blanks and _ . : / = + - @, or more than 256", t.Key)
		}
		low := strings.ToLower(t.Key)
		if other, twice := seen[low]; twice {
			return nil, fmt.Errorf("the session tags %q and %q are one to AWS, which ignores the case of keys", other, t.Key)
		}
		seen[low] = t.Key
		tags = append(tags, t)
	}
	if len(tags) > maxTags {
		return nil, errTooManyTags
	}
	slices.SortFunc(tags, func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
	return tags, nil
}

func checkTagKey(key string) error {
	n := utf8.RuneCountInString(key)
	switch {
	case n == 0:
		return errors.New("a session tag has no key")
	case n > maxTagKey || !isTagText(key):
		return fmt.Errorf("the key of session tag %.40q has other characters than letters, numbers, blanks and _ . : / = + - @, or more than 128", key)
	case strings.HasPrefix(strings.ToLower(key), "aws:"):
		return fmt.Errorf("the key of session tag %.40q begins with aws:, which is AWS's own", key)
	}
	return nil
}

// isTagText is the pattern of the API reference, [\p{L}\p{Z}\p{N}_.:/=+\-@]*.
func isTagText(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || !unicode.In(r, unicode.L, unicode.Z, unicode.N) && !strings.ContainsRune("_.:/=+-@", r)
	})
}

// readTransitive reads the keys of tags that go on to the next role.
func readTransitive(keys []string, tags []Tag) ([]string, error) {
	var found []string
	for _, key := range keys {
		i := slices.IndexFunc(tags, func(t Tag) bool { return strings.EqualFold(t.Key, key) })
		if i < 0 {
			return nil, fmt.Errorf("the transitive tag %.40q is none of the session tags", key)
		}
		found = append(found, tags[i].Key)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// readPolicyARNs reads the ARNs of managed policies.
func readPolicyARNs(arns []string) ([]string, error) {
	for _, arn := range arns {
		part := strings.SplitN(arn, ":", 6)
		if len(part) < 6 || part[0] != "arn" || part[2] != "iam" || !strings.HasPrefix(part[5], "policy/") ||
			len(arn) > maxPolicyText || strings.ContainsFunc(arn, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil, fmt.Errorf("%.60q is not the ARN of a managed policy", arn)
		}
	}
	arns = slices.Clone(arns)
	slices.Sort(arns)
	arns = slices.Compact(arns)
	if len(arns) > maxPolicyARNs {
		return nil, errTooManyARNs
	}
	return arns, nil
}

// readPolicy reads an inline policy and takes the blanks out of it, as they
// count against its limit.
func readPolicy(text string) (string, error) {
	f, err := readFields([]byte(text))
	switch {
	case err != nil:
		return "", fmt.Errorf("the inline policy is %w", policyFault(err))
	case f["Statement"] == nil:
		return "", errors.New("the inline policy has no Statement")
	}
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		return "", err
	}
	policy := b.String()
	if strings.ContainsFunc(policy, func(r rune) bool { return r < ' ' || r > 0xff }) {
		return "", errors.New("the inline policy has characters above U+00FF")
	}
	return policy, nil
}

// policyFault is readFields' error in a sentence about the policy.
func policyFault(err error) error {
	if errors.Is(err, errNotObject) {
		return err
	}
	return fmt.Errorf("no policy: %w", err)
}

// checkPolicyText holds inline policy and ARNs against their common limit.
func (r RoleSession) checkPolicyText() error {
	n := utf8.RuneCountInString(r.Policy)
	for _, arn := range r.PolicyARNs {
		n += len(arn)
	}
	if n > maxPolicyText {
		return errPolicyText
	}
	return nil
}
