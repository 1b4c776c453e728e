package scan

import "fmt"

// Masked stands in a record for a secret that was found while the account was read. The
// secret itself is in no snapshot.
type Masked struct {
	Rule     string // what it looks like: "GitHub token"
	Position int    // where it begins in the value, in bytes
	Length   int    // in bytes
	// Hash tells equal secrets of one snapshot: it is made with a key that the snapshot
	// does not have.
	Hash string
}

// String says what was seen, without the hash, which is another in every snapshot.
func (m Masked) String() string { return fmt.Sprintf("%s of %d characters", m.Rule, m.Length) }

// maskedEvidence are masked secrets as evidence shows them.
func maskedEvidence(found []Masked) []string {
	var out []string
	for _, m := range found {
		out = append(out, m.String())
	}
	return out
}
