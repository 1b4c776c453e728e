package audit

import (
	"regexp"
	"slices"
	"strings"
)

// arns finds ARNs in a text, whole or with patterns in them.
func arns() *regexp.Regexp {
	return regexp.MustCompile(`arn:[a-z-]*:[a-z0-9*-]*:[a-z0-9*?-]*:[A-Za-z0-9*?-]*:[^\s"'\\,;<>()|]+`)
}

// ofAWS says of the account of an ARN whether it is a word of AWS: the policies that AWS
// manages, and what its services own. Elsewhere digits are there, a pattern, or nothing.
func ofAWS(account string) bool {
	return account != "" && !strings.ContainsAny(account, "0123456789*?$")
}

// untyped are the services before whose names no type stands, where the ARN has no account
// or always.
func untyped(service, account string) bool {
	return service == "sns" || service == "sqs" || service == "s3" && account == ""
}

// names calls back with every part of the ARN's end that may be somebody's name, and puts
// what comes back in its place. ok is false where the whole ARN is AWS's.
func names(arn string, account, name func(string) string) (out string, ok bool) {
	f := strings.SplitN(arn, ":", 6)
	if len(f) < 6 || ofAWS(f[4]) {
		return arn, false
	}
	end := strings.TrimRight(f[5], ".:/")
	dots := f[5][len(end):]
	var b strings.Builder
	cut := func(c rune) bool { return c == '/' || c == ':' || c == '#' }
	typed := !untyped(f[2], f[4]) && strings.ContainsFunc(end, cut)
	for first := true; end != ""; first = false {
		part := end
		if i := partEnd(end, cut); i >= 0 {
			part = end[:i]
		}
		rest := end[len(part):]
		if first && typed {
			b.WriteString(part)
		} else {
			b.WriteString(name(part))
		}
		if rest != "" {
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
		end = rest
	}
	f[4], f[5] = account(f[4]), b.String()+dots
	return strings.Join(f, ":"), true
}

// partEnd is where the first part ends, -1 where nothing is cut: not within a variable.
func partEnd(s string, cut func(rune) bool) int {
	variable := false
	return strings.IndexFunc(s, func(c rune) bool {
		variable = variable && c != '}' || c == '{'
		return !variable && cut(c)
	})
}

// arn redacts an ARN. Of a pattern what is fixed is redacted, each piece for itself: what
// it matched it matches no more, unless a piece is a whole name.
func (r *Redactor) arn(arn string) string {
	service := ""
	if f := strings.SplitN(arn, ":", 4); len(f) > 3 {
		service = f[2]
	}
	out, _ := names(arn, r.accountsIn, func(part string) string {
		if ofService(service, part) {
			return part
		}
		return r.pattern(part)
	})
	return out
}

// ofService says of a part of an ARN whether it is no name, but the service's own word.
func ofService(service, part string) bool {
	words := map[string][]string{
		"elasticloadbalancing": {"app", "net", "gwy"},
		"logs":                 {"log-stream"},
		"iam":                  {"aws-service-role", "aws-reserved"},
		"s3":                   {"AWSLogs", "object"},
		"execute-api":          {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"},
	}
	return slices.Contains(words[service], part)
}

// pattern redacts a name in which *, ? and ${variables} may stand.
func (r *Redactor) pattern(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "*?$")
		if i != 0 {
			if i < 0 {
				i = len(s)
			}
			b.WriteString(r.Name(s[:i]))
			s = s[i:]
			continue
		}
		end := 1
		if strings.HasPrefix(s, "${") && strings.Contains(s, "}") {
			end = strings.Index(s, "}") + 1
		}
		b.WriteString(s[:end])
		s = s[end:]
	}
	return b.String()
}
