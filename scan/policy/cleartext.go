package policy

import "strconv"

// DeniesCleartext says whether a policy denies everyone all of actions on each of the
// resources when the request comes without TLS, and by which statements. Actions and
// resources are patterns, actions in lower case: "s3:*", "arn:aws:s3:::uploads/*".
func (d *Document) DeniesCleartext(action string, resources ...string) (statements []int, ok bool) {
	for _, r := range resources {
		found := false
		for i := range d.Statements {
			s := &d.Statements[i]
			if found = s.deniesCleartext() && s.coversAction(action) && s.coversResource(r); found {
				statements = append(statements, s.Index)
				break
			}
		}
		if !found {
			return nil, false
		}
	}
	return statements, true
}

// deniesCleartext: no other condition may stand beside the one, since it would spare
// somebody.
func (s *Statement) deniesCleartext() bool {
	if s.Allow || s.NotPrincipals || !s.Everyone() || len(s.Conditions) > 1 {
		return false
	}
	return len(s.Conditions) == 0 || s.Conditions[0].holdsInCleartext()
}

// holdsInCleartext: aws:SecureTransport is always there, s3:TlsVersion with TLS only.
// So a floor under the version holds for plain HTTP in its IfExists form alone.
func (c *Condition) holdsInCleartext() bool {
	if c.ForAny || c.ForAll {
		return false
	}
	switch c.Key {
	case "aws:securetransport":
		return c.Operator == "bool" && !all(c.Values, func(v string) bool { return !isFalse(v) })
	case "s3:tlsversion":
		return c.IfExists && len(c.Values) > 0 && (c.Operator == "numericlessthan" || c.Operator == "numericlessthanequals") && all(c.Values, isNumber)
	}
	return false
}

func isNumber(v string) bool {
	_, err := strconv.ParseFloat(v, 64)
	return err == nil
}
