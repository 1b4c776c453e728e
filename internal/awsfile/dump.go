package awsfile

import "slices"

// Dump returns all profiles and SSO sessions of both files, merged, as key and
// value with the keys in lower case. Empty values are "", a section without
// properties is an empty map, a nested block is "\nkey = value". The values
// include secrets; the caller masks them.
//
// The strict reading is the SDKs' grammar to the letter: the first line that
// breaks it, wherever it is, is a [*SyntaxError], and what fob tolerates otherwise
// is an error or ignored. Without strict, lines that cannot be read are left
// out, and there is no error for them. A file that is missing is as if empty in
// both readings; see [Files.Missing].
func (f *Files) Dump(strict bool) (profiles, ssoSessions map[string]map[string]string, err error) {
	d := dump{sections: map[kind]map[string]map[string]string{kindProfile: {}, kindSSOSession: {}}}
	for _, s := range f.sources() {
		if strict {
			if err := s.firstError(); err != nil {
				return nil, nil, err
			}
		}
		d.collect(s, strict)
	}
	pairs, err := readProperties(d.properties)
	if err != nil {
		return nil, nil, err
	}
	for i, pair := range pairs {
		d.owners[i][pair.key] = pair.text
	}
	return d.sections[kindProfile], d.sections[kindSSOSession], nil
}

// dump gathers the properties of all sections, so that ini.v1 reads them at once.
type dump struct {
	sections   map[kind]map[string]map[string]string
	properties []property
	owners     []map[string]string // the section of each property
}

func (d *dump) collect(s *source, strict bool) {
	prefixed := s.hasPrefixedDefault(strict)
	for p := range s.parts(strict) {
		h := p.header
		sections, wanted := d.sections[h.kind]
		if !wanted || h.broken != "" || prefixed && isPlainDefault(p) {
			continue
		}
		section := sections[string(h.name)]
		if section == nil {
			section = map[string]string{}
			sections[string(h.name)] = section
		}
		for _, property := range parseBody(p.body, p.line, strict).properties {
			if !property.ignored {
				d.properties = append(d.properties, property)
				d.owners = append(d.owners, section)
			}
		}
	}
}

// hasPrefixedDefault looks for [profile default], beside which [default] does
// not count.
func (s *source) hasPrefixedDefault(strict bool) bool {
	return slices.ContainsFunc(s.find(kindProfile, "default", strict), isPrefixed)
}

func isPlainDefault(p part) bool { return !isPrefixed(p) && string(p.header.name) == "default" }

// firstError is the first line of the file that breaks the SDKs' grammar, or nil.
func (s *source) firstError() error {
	if s.bom {
		return s.syntaxError(1, "expected a section header, found a byte order mark")
	}
	if line := strayLine(s.preamble(), true); line > 0 {
		return s.syntaxError(line, stray)
	}
	for p := range s.parts(true) {
		if p.header.broken != "" {
			return s.syntaxError(p.line, p.header.broken)
		}
		for _, problem := range parseBody(p.body, p.line, true).problems {
			if problem.broken {
				return s.syntaxError(problem.line, problem.text)
			}
		}
	}
	return nil
}

func (s *source) syntaxError(line int, text string) error {
	return &SyntaxError{Position{s.path.Name, line}, text}
}
