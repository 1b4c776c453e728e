// Package policy reads IAM policy documents and says whom they let do what: who is
// everyone, which conditions bind, what a deny takes away, who is an administrator. It
// is the one place where that is decided; most wrong verdicts of audit tools come from
// policies judged twice in two ways.
//
// Where the rules of AWS leave a doubt, an answer says more access rather than less.
package policy

// Document is a policy in one form, whatever spelling it came in. The zero Document
// says nothing about anybody.
type Document struct {
	ID         string
	Statements []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Index int // its place in the document
	Sid   string
	Allow bool

	// Principals are the names that the statement has, nil in an identity policy.
	// NotPrincipals turns them around.
	Principals    []Principal
	NotPrincipals bool
	// Actions are patterns such as "s3:get*", in lower case; "*:*" is "*". NotActions
	// turns them around.
	Actions    []string
	NotActions bool
	written    []string // Actions as the document writes them
	// Resources are patterns; NotResources turns them around. nil where there are none,
	// as in trust policies.
	Resources    []string
	NotResources bool
	// Conditions all have to hold.
	Conditions []Condition
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *Document) UnmarshalJSON(raw []byte) error {
	parsed, err := Parse(raw)
	if err != nil {
		return err
	}
	*d = *parsed
	return nil
}
