package awsfile

import "bytes"

// findRepeated notes the keys that stand twice.
func (p *bodyParser) findRepeated() {
	seen := keySet{}
	for i := range p.properties {
		if property := &p.properties[i]; !property.ignored && !seen.add(p.properties[:i], property.key) {
			p.problems = append(p.problems, problem{line: property.line, text: repeatedKey})
		}
	}
}

// keySet finds repeated keys: by comparing with all before, which costs nothing
// in a section of the usual size, and by a map in a large one.
type keySet map[string]bool

func (s *keySet) add(before []property, key []byte) (added bool) {
	if len(before) < 16 {
		for i := range before {
			if len(before[i].key) == len(key) && bytes.EqualFold(before[i].key, key) {
				return false
			}
		}
		return true
	}
	if len(*s) == 0 {
		*s = keySet{}
		for i := range before {
			(*s)[string(bytes.ToLower(before[i].key))] = true
		}
	}
	lower := string(bytes.ToLower(key))
	if (*s)[lower] {
		return false
	}
	(*s)[lower] = true
	return true
}
