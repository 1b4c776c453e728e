package policy

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"fob/scan/netx"
)

// Condition is one operator applied to one key. It holds if one of the values does.
type Condition struct {
	Operator string // lower case, without the parts below: stringequals, arnlike, ...
	ForAny   bool   // ForAnyValue:
	ForAll   bool   // ForAllValues:, which holds if the key is absent
	IfExists bool   // holds if the key is absent
	Key      string // lower case: aws:sourcearn
	Values   []string
}

// conditions is a Condition element: operator, then key, then values.
type conditions []Condition

func (c *conditions) UnmarshalJSON(raw []byte) error {
	var operators object
	if err := json.Unmarshal(raw, &operators); err != nil {
		return err
	}
	for operator, raw := range operators {
		var keys object
		if err := json.Unmarshal(raw, &keys); err != nil {
			return err
		}
		for key, raw := range keys {
			var values many[text]
			if err := json.Unmarshal(raw, &values); err != nil {
				return err
			}
			*c = append(*c, condition(operator, key, texts(values, strings.Clone)))
		}
	}
	slices.SortFunc(*c, func(a, b Condition) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.spelling(), b.spelling()))
	})
	return nil
}

// condition takes the operator, which is in lower case, apart.
func condition(operator, key string, values []string) Condition {
	c := Condition{Key: key, Values: values}
	operator, c.ForAny = strings.CutPrefix(operator, "foranyvalue:")
	operator, c.ForAll = strings.CutPrefix(operator, "forallvalues:")
	c.Operator, c.IfExists = strings.CutSuffix(operator, "ifexists")
	return c
}

// spelling tells conditions on one key apart.
func (c *Condition) spelling() string {
	for _, p := range [...]struct {
		set  bool
		name string
	}{{c.ForAny, "foranyvalue:"}, {c.ForAll, "forallvalues:"}, {c.IfExists, "ifexists:"}} {
		if p.set {
			return p.name + c.Operator
		}
	}
	return c.Operator
}

// negatives are the operators that hold where their counterpart does not.
func negatives(operator string) (positive string, ok bool) {
	switch operator {
	case "stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike":
		return strings.Replace(operator, "not", "", 1), true
	case "notipaddress":
		return "ipaddress", true
	}
	return "", false
}

func positive(operator string) bool {
	switch operator {
	case "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress":
		return true
	}
	return false
}

// Is says whether the condition holds only if the key has one of its values, all of
// which pass the test. Keys are in lower case.
func (c *Condition) Is(key string, test func(value string) bool) bool {
	return c.Key == key && positive(c.Operator) && all(c.Values, test)
}

// True says whether the condition holds only if a key is true.
func (c *Condition) True(key string) bool {
	return c.Key == key && c.Operator == "bool" && all(c.Values, isTrue)
}

func isTrue(v string) bool  { return strings.EqualFold(v, "true") }
func isFalse(v string) bool { return strings.EqualFold(v, "false") }

func all(values []string, test func(string) bool) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !test(v) })
}

// fixes says whether the condition says who may act or from where, with every value
// one party or one place. extra are keys of a service that do so there, in lower case.
//
// Not among the keys, on purpose: Referer and UserAgent, which anybody can send;
// SecureTransport, dates and MFA, which say how and not who; PrincipalType and
// PrincipalTag, which everyone sets for himself; ExternalId, which is no secret.
func (c *Condition) fixes(extra []string) bool {
	switch c.Key {
	case "aws:principalorgid", "aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid",
		"aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid":
		return c.Is(c.Key, Fixed)
	case "aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths":
		return c.Is(c.Key, func(v string) bool { return Fixed(before(v, "/")) })
	case "aws:userid":
		return c.Is(c.Key, func(v string) bool { return Fixed(before(v, ":")) })
	case "aws:principalarn", "aws:sourcevpcarn":
		return c.Is(c.Key, func(v string) bool { return isAccountID(arnAccount(ownAccount(v))) })
	case "aws:sourcearn":
		return c.Is(c.Key, fixedSource)
	case "aws:sourceip":
		return positive(c.Operator) && narrow(c.Values)
	}
	if !slices.Contains(extra, c.Key) {
		return false
	}
	return c.True(c.Key) || c.Is(c.Key, func(v string) bool { return Fixed(v) || strings.HasPrefix(v, "arn:") && fixedSource(v) })
}

// Fixed says whether a value stands for one thing: it has no wildcard, and no variable
// that the caller could set.
func Fixed(v string) bool {
	switch strings.ToLower(v) {
	case "${aws:resourceorgid}", "${aws:resourceaccount}": // those of what the policy is on
		return true
	}
	return v != "" && !strings.ContainsAny(v, "*?") && !strings.Contains(v, "${")
}

// fixedSource: an ARN names its account, or, as those of S3 have none, its bucket,
// which is the only one of that name.
func fixedSource(arn string) bool {
	arn = ownAccount(arn)
	if isAccountID(arnAccount(arn)) {
		return true
	}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[2] != "s3" {
		return false
	}
	bucket := parts[5]
	if parts[4] == "" {
		bucket = before(bucket, "/")
	}
	// With a wildcard for the account, what has a slash may be an access point.
	return Fixed(bucket) && !strings.ContainsAny(bucket, "/:")
}

// ownAccount puts some account in place of the variable for that of the resource, whose
// colon would get in the way.
func ownAccount(arn string) string {
	return variables{"${aws:resourceaccount}": "000000000000"}.in(arn)
}

func before(s, mark string) string {
	s, _, _ = strings.Cut(s, mark)
	return s
}

// narrow says whether ranges of addresses are less than the internet. What is no range
// is not known to be narrow.
func narrow(values []string) bool {
	ranges, err := netx.Parse(values...)
	return err == nil && len(netx.Wide(ranges)) == 0
}
