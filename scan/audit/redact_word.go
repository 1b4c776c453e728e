package audit

import (
	"slices"
	"strings"

	"fob/scan"
)

// word redacts one, with what may stand at its end in a sentence or a pattern.
func (r *Redactor) word(w string) string {
	bare := strings.TrimRight(w, ".")
	end := w[len(bare):]
	if name := strings.TrimLeft(bare, ".@"); r.words[name] { // behind a *
		return bare[:len(bare)-len(name)] + r.Name(name) + end
	}
	switch {
	case r.words[w]:
		return r.Name(w)
	case isAccountID(bare):
		return r.Name(bare) + end
	case strings.Contains(strings.Trim(bare, "@"), "@") && strings.Contains(bare, "."):
		return r.Name(bare) + end
	case r.inDomain(bare):
		host := strings.TrimLeft(bare, ".") // behind a *
		return bare[:len(bare)-len(host)] + r.Name(host) + end
	}
	return r.within(w)
}

// inDomain says whether a word is a host in a domain that is known.
func (r *Redactor) inDomain(w string) bool {
	for hostOf := strings.Contains(w, ".") && !hostOfAWS(w); hostOf; {
		_, w, hostOf = strings.Cut(w, ".")
		if hostOf && strings.Contains(w, ".") && r.words[w] {
			return true
		}
	}
	return false
}

// ownName says whether AWS itself gave a name. Twelve digits at its end are an account's
// id behind somebody's word: logs-123456789012.
func (r *Redactor) ownName(name string) bool {
	_, tail, _ := strings.Cut(name, "-")
	return r.own.MatchString(name) && !isAccountID(tail) || hostOfAWS(name) || slices.Contains(r.shared, name) || scan.DeliversLogs(name)
}

// within redacts what is a part of a word: the names in a host of AWS, and the ids of
// accounts. An id of AWS stays, whatever its digits.
func (r *Redactor) within(w string) string {
	if r.id.MatchString(w) {
		return w
	}
	for _, front := range []string{"AWSReservedSSO_", "AWSServiceRole"} {
		name, ok := strings.CutPrefix(w, front)
		if front == "AWSServiceRole" {
			_, name, ok = strings.Cut(name, "_") // of several roles for a service
		}
		if ok && name != "" && strings.HasPrefix(w, front) {
			return strings.TrimSuffix(w, name) + r.Name(name)
		}
	}
	if strings.Contains(w, ".amazonaws.com") {
		w = r.host(w)
	}
	return r.accountsIn(w)
}

// accountsIn redacts every run of twelve digits.
func (r *Redactor) accountsIn(w string) string {
	out, isDigit := "", func(c rune) bool { return c >= '0' && c <= '9' }
	for len(w) >= 12 {
		start := strings.IndexFunc(w, isDigit)
		if start < 0 {
			break
		}
		digits := w[start:]
		if end := strings.IndexFunc(digits, func(c rune) bool { return !isDigit(c) }); end >= 0 {
			digits = digits[:end]
		}
		out, w = out+w[:start], w[start+len(digits):]
		if isAccountID(digits) && !scan.DeliversLogs(digits) {
			digits = r.Account(digits)
		}
		out += digits
	}
	return out + w
}

// host redacts the names that AWS puts before the service in a host:
// acme-data.s3.amazonaws.com, internal-acme-1234567890.eu-west-1.elb.amazonaws.com. A
// service's own name is nobody's: logs.eu-west-1.amazonaws.com.
func (r *Redactor) host(w string) string {
	bare := strings.TrimSuffix(w, ".")
	if bucket, _, ok := scan.BucketOfHost(bare); ok && len(bucket) > 2 && bucket != "logging" {
		return r.Name(bucket) + strings.TrimPrefix(w, bucket)
	}
	labels := strings.Split(w, ".")
	names := slices.Index(labels, "amazonaws") - 1 // the service is before it, or its region
	if names > 0 && r.region.MatchString(labels[names]) {
		names--
	}
	names = max(names, 0)
	if whole := strings.Join(labels[:names], "."); r.words[whole] { // of a bucket, with dots in it
		return r.Name(whole) + strings.TrimPrefix(w, whole)
	}
	for i := range names {
		labels[i] = r.label(labels[i])
	}
	return strings.Join(labels, ".")
}

// label redacts a name with what AWS puts around it.
func (r *Redactor) label(l string) string {
	for _, front := range []string{"", "internal-", "search-", "vpc-"} {
		name, ok := strings.CutPrefix(l, front)
		cut := max(strings.LastIndex(name, "-"), 0)
		switch {
		case ok && r.words[name]:
			return front + r.Name(name)
		case ok && r.words[name[:cut]]:
			return front + r.Name(name[:cut]) + name[cut:]
		}
	}
	return l
}
