package awsfile

import (
	"fmt"
	"slices"
	"strings"
)

// NotFoundHint explains why there may be no profile of this name: a header that
// seems to be meant for it, else names that are near, in one sentence without a
// full stop. It is empty when nothing comes close. Names in it are quoted as Go
// strings, so that no byte of a file reaches a terminal raw.
func (f *Files) NotFoundHint(name string) string {
	if hint := f.misplaced(name); hint != "" {
		return hint
	}
	if f.config.path.Name == "" && f.credentials.path.Name == "" {
		return "there is no home directory (HOME is not set) in which to look for .aws/config"
	}
	names := f.Names()
	if near := nearest(name, names); len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "? Letter case counts"
	}
	if len(names) == 0 {
		return "there are no profiles at all"
	}
	return ""
}

// misplaced looks for a header with this name that is not one of a profile.
func (f *Files) misplaced(name string) string {
	for _, s := range f.sources() {
		for p := range s.parts(false) {
			h := p.header
			if h.kind == kindProfile || string(h.name) != name {
				continue
			}
			where := fmt.Sprintf("%s has %q", p.position(), "["+string(h.text)+"]")
			switch {
			case h.prefix != kindProfile && h.prefix != kindNone:
				return fmt.Sprintf("%s, which is not a profile", where)
			case s.place == inCredentials:
				return fmt.Sprintf("%s: in the credentials file the name has no prefix, write %q", where, "["+name+"]")
			case h.prefix == kindProfile:
				return fmt.Sprintf(`%s: a name with blanks needs quotes, write "[profile '...']"`, where)
			}
			return fmt.Sprintf("%s without the prefix \"profile \": write %q", where, configHeader(name))
		}
	}
	return ""
}

func configHeader(name string) string {
	if strings.ContainsAny(name, " \t") {
		name = "'" + name + "'"
	}
	return "[profile " + name + "]"
}

const (
	maxNear    = 3   // names that a hint offers
	maxCompare = 100 // bytes of a name; longer ones are not compared
)

// nearest returns the quoted names that differ from name in letter case only,
// else those with the smallest edit distance, if that is small enough.
func nearest(name string, names []string) []string {
	var near []string
	best := min(2, len(name)/2)
	for _, candidate := range names {
		distance := best + 1
		switch {
		case strings.EqualFold(candidate, name):
			distance = 0
		case len(candidate) <= maxCompare && len(name) <= maxCompare:
			distance = editDistance(strings.ToLower(candidate), strings.ToLower(name))
		}
		if distance < best {
			best, near = distance, nil
		}
		if distance == best && len(near) < maxNear {
			near = append(near, fmt.Sprintf("%q", candidate))
		}
	}
	slices.Sort(near)
	return near
}

// editDistance counts the bytes to insert, delete or replace that lead from a to b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
