package awsfile

import (
	"fmt"
	"slices"
	"strings"
)

// Profile returns the profile of a name, merged from both files.
//
// Errors: a [*SyntaxError] when a line of the profile cannot be read; [ErrNotFound]
// when there is no such profile, or instead a [*MissingFileError] when a variable
// names a file that does not exist and the profile might have been there. With a
// named file missing, a profile found in the other one has a warning.
func (f *Files) Profile(name string) (Section, error) {
	return f.lookup(kindProfile, name, f.sources())
}

// SSOSession returns an [sso-session] of the config file. Errors are those of
// [Files.Profile].
func (f *Files) SSOSession(name string) (Section, error) {
	return f.lookup(kindSSOSession, name, []*source{&f.config})
}

// Services returns a [services] section of the config file, whose values are
// nested blocks, see [Value.Nested]. Errors are those of [Files.Profile].
func (f *Files) Services(name string) (Section, error) {
	return f.lookup(kindServices, name, []*source{&f.config})
}

// Headers tells where the headers of a profile stand, config file first. It is
// empty when there is no such profile.
func (f *Files) Headers(name string) []Position {
	var positions []Position
	for _, s := range f.sources() {
		for _, p := range preferPrefixed(s.find(kindProfile, name, false)) {
			positions = append(positions, p.position())
		}
	}
	return positions
}

// Names lists the profiles of both files in the order in which they first
// appear, config file first; broken headers are left out. The names are as the
// files have them: they may hold any byte but a line break.
func (f *Files) Names() []string { return f.NamesWith("") }

// NamesWith is [Files.Names] for the names that begin with prefix.
func (f *Files) NamesWith(prefix string) []string {
	most := 0
	if prefix == "" {
		most = len(f.config.headers) + len(f.credentials.headers)
	}
	names, seen := make([]string, 0, most), make(map[string]bool, most)
	for _, s := range f.sources() {
		prefixed := s.hasPrefixedDefault(false)
		for p := range s.parts(false) {
			h := p.header
			if h.kind != kindProfile || h.broken != "" || !strings.HasPrefix(string(h.name), prefix) {
				continue
			}
			if prefixed && isPlainDefault(p) || seen[string(h.name)] {
				continue
			}
			name := string(h.name)
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// lookup finds and parses a section, once when many are asked for: profiles
// share their sources.
func (f *Files) lookup(k kind, name string, sources []*source) (Section, error) {
	if f.config.lookups.Load() < manyLookups {
		return f.parse(k, name, sources)
	}
	key := sectionKey{kind: k, name: name}
	known, ok := f.parsed.Load(key)
	if !ok {
		section, err := f.parse(k, name, sources)
		known, _ = f.parsed.LoadOrStore(key, parsed{section, err})
	}
	p := known.(parsed)
	return p.section, p.err
}

// parsed is what a lookup found.
type parsed struct {
	section Section
	err     error
}

func (f *Files) parse(k kind, name string, sources []*source) (Section, error) {
	section := Section{Name: name, values: map[string][]Value{}}
	var parts []part
	for _, s := range sources {
		found := s.find(k, name, false)
		section.Warnings = append(section.Warnings, partWarnings(s, found)...)
		parts = append(parts, preferPrefixed(found)...)
	}
	missing := missing(sources...)
	switch {
	case len(parts) == 0 && missing != nil:
		return Section{}, fmt.Errorf("%s %q: %w", k, name, missing)
	case len(parts) == 0:
		return Section{}, fmt.Errorf("%s %q: %w", k, name, ErrNotFound)
	case missing != nil:
		section.Warnings = append(section.Warnings, missingWarnings(sources)...)
	}
	if err := section.fill(parts); err != nil {
		return Section{}, err
	}
	return section, nil
}

// preferPrefixed drops [default] where there is [profile default].
func preferPrefixed(parts []part) []part {
	if !slices.ContainsFunc(parts, isPrefixed) {
		return parts
	}
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return !isPrefixed(p) })
}

func isPrefixed(p part) bool { return p.header.prefix != kindNone }

// fill reads the parts into the section.
func (s *Section) fill(parts []part) error {
	var properties []property
	var files []string
	for _, p := range parts {
		if p.header.broken != "" {
			return &SyntaxError{p.position(), p.header.broken}
		}
		s.Headers = append(s.Headers, p.position())
		body := parseBody(p.body, p.line, false)
		for _, problem := range body.problems {
			if problem.broken {
				return &SyntaxError{Position{p.source.path.Name, problem.line}, problem.text}
			}
			s.Warnings = append(s.Warnings, problem.in(p.source))
		}
		for _, property := range body.properties {
			if !property.ignored {
				properties = append(properties, property)
				files = append(files, p.source.path.Name)
			}
		}
	}
	pairs, err := readProperties(properties)
	if err != nil {
		return err
	}
	for i, pair := range pairs {
		s.add(pair.key, Value{pair.text, Position{files[i], properties[i].line}})
	}
	s.Warnings = append(s.Warnings, s.doubly()...)
	return nil
}
