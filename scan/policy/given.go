package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fob/scan/netx"
)

// given says whether a statement of an identity's policy holds, as far as its conditions
// go: each is met by what is known of the request, the keys in lower case, or asks for
// nothing that the identity could not do anyhow.
func (i *Identity) given(s *Statement, known map[string]string) bool {
	return !slices.ContainsFunc(s.Conditions, func(c Condition) bool {
		value, ok := known[c.Key]
		if !ok {
			value, ok = i.value(c.Key)
		}
		return !(ok && c.met(value) || i.absent(c.Key) && c.metWithout() || c.idle(i.Now))
	})
}

// value is what a key has in each of the identity's own requests.
func (i *Identity) value(key string) (value string, ok bool) {
	switch key {
	case "aws:securetransport":
		return "true", true
	case "aws:viaawsservice", "aws:principalisawsservice":
		return "false", true
	case "aws:principalaccount":
		value = i.Account
	case "aws:principalarn":
		if !strings.Contains(i.ARN, ":group/") {
			value = i.ARN
		}
	case "aws:username":
		value = i.User
	case "aws:principaltype":
		if i.users() {
			value = "User"
		} else if strings.Contains(i.ARN, ":role/") {
			value = "AssumedRole"
		}
	}
	return value, value != ""
}

// users says whether those who have the policies are users: one, or those of a group.
func (i *Identity) users() bool {
	return strings.Contains(i.ARN, ":user/") || strings.Contains(i.ARN, ":group/")
}

// absent says whether the identity may send a request without a key: one from the
// internet comes through no VPC, and one that a user signs with a long-lived key says
// nothing of a second factor.
func (i *Identity) absent(key string) bool {
	switch key {
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:referer":
		return true
	case "aws:multifactorauthpresent", "aws:multifactorauthage":
		return i.users()
	}
	return false
}

// met says whether the condition holds for a value of its key.
func (c *Condition) met(value string) bool {
	named := func(operator string) bool {
		return slices.ContainsFunc(c.Values, func(v string) bool { return matches(operator, v, value) })
	}
	if operator, negative := negatives(c.Operator); negative {
		return !named(operator)
	}
	switch {
	case c.Operator == "bool":
		return slices.ContainsFunc(c.Values, func(v string) bool { return strings.EqualFold(v, value) })
	case c.Operator == "null":
		return all(c.Values, isFalse)
	}
	return positive(c.Operator) && named(c.Operator)
}

func matches(operator, pattern, value string) bool {
	switch operator {
	case "stringequals":
		return pattern == value
	case "stringequalsignorecase":
		return strings.EqualFold(pattern, value)
	}
	return Match(pattern, value)
}

// metWithout says whether the condition holds for a request that has not its key.
func (c *Condition) metWithout() bool {
	_, negative := negatives(c.Operator)
	return (c.IfExists || c.ForAll || negative) && !c.ForAny || c.Operator == "null" && all(c.Values, isTrue)
}

// idle says whether the condition keeps nobody out, whoever asks.
func (c *Condition) idle(now time.Time) bool {
	_, negative := negatives(c.Operator)
	switch c.Key {
	case "aws:useragent", "aws:referer": // anybody can send what it takes
		return !negative || !slices.ContainsFunc(c.Values, anything)
	case "aws:sourceip":
		ranges, err := netx.Parse(c.Values...)
		wide := len(netx.Wide(ranges)) > 0
		return err == nil && (c.Operator == "ipaddress" && wide || c.Operator == "notipaddress" && !wide)
	case "aws:currenttime", "aws:epochtime":
		return c.past(now)
	case "aws:principalarn":
		return likes(c.Operator) && slices.ContainsFunc(c.Values, everyCaller)
	case "aws:principalaccount", "aws:principaltype", "aws:userid", "aws:requestedregion": // every request has them
		return likes(c.Operator) && slices.ContainsFunc(c.Values, anything)
	}
	return (c.IfExists || c.ForAll) && likes(c.Operator) && slices.ContainsFunc(c.Values, anything)
}

func likes(operator string) bool {
	return operator == "stringlike" || operator == "arnlike" || operator == "arnequals"
}

func anything(pattern string) bool { return pattern != "" && strings.Trim(pattern, "*") == "" }

// everyCaller: an ARN may say so part by part.
func everyCaller(pattern string) bool {
	return anything(pattern) || slices.ContainsFunc([]string{"aws", "aws-cn", "aws-us-gov"}, func(partition string) bool {
		return Within("arn:"+partition+":iam::*:*", pattern)
	})
}

// past says whether the condition has held since a time that is over, and will.
func (c *Condition) past(now time.Time) bool {
	switch c.Operator {
	case "dategreaterthan", "dategreaterthanequals", "numericgreaterthan", "numericgreaterthanequals":
		return slices.ContainsFunc(c.Values, func(v string) bool {
			t, ok := date(v)
			return ok && t.Before(now)
		})
	}
	return false
}

// date reads a date as IAM does: in one of the forms of ISO 8601, or in seconds.
func date(v string) (t time.Time, ok bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, v); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(v, 10, 64)
	return time.Unix(seconds, 0), err == nil
}
