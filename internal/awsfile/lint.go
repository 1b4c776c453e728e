package awsfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
)

// maxWarnings is the most that is said about one file: one that has more is no
// AWS file.
const maxWarnings = 1000

// What can be said about headers and whole files.
const (
	stray           = "expected a section header above this line"
	hasBOM          = "the file begins with a byte order mark; the AWS CLI refuses it, and some SDKs do not see the first section"
	hasCRLF         = "lines end with CR LF; AWS tools accept that, programs that read the file line by line may not"
	notUTF8         = "the file is not valid UTF-8; the AWS CLI refuses it"
	repeatedSection = "the section has a header twice, both are read and the last value of a key counts; the AWS CLI refuses the file or reads one of them only"
	twoDefaults     = "[default] is not read because there is a [profile default]; the AWS CLI takes the one that comes last"
	unprefixed      = "not a profile: the header has no \"profile \" before the name"
	prefixedInFile  = "not a profile: the credentials file has profile names without a prefix, everything else belongs in the config file"
	unquotedBlanks  = "the section is ignored: a name with blanks needs quotes"
	emptyName       = "the section is ignored: it has no name"
	oddName         = "some AWS SDKs ignore this section: its name has characters other than letters, digits and - _ / . % @ : +"
	pythonDefault   = "the AWS CLI adds what stands in [DEFAULT] to every section of the file"
)

// Lint goes over both files and reports what cannot be read or what other tools
// read differently, in the order of the files, a thousand lines of each at most. It is what fob doctor
// shows; a lookup has the warnings of its own section.
func (f *Files) Lint() []Warning {
	stronger := f.credentials.profileKeys()
	var all []Warning
	for _, s := range f.sources() {
		all = append(all, missingWarnings([]*source{s})...)
		found := s.lint(stronger)
		slices.SortStableFunc(found, func(a, b Warning) int { return cmp.Compare(a.Line, b.Line) })
		all = append(all, found...)
	}
	return all
}

// Broken reports the lines and headers of both files that cannot be read, and
// nothing else, with the same limit. It is the part of [Files.Lint] for a command that wants another
// section, and several times as fast.
func (f *Files) Broken() []Warning {
	var all []Warning
	for _, s := range f.sources() {
		all = append(all, s.brokenLines()...)
	}
	return all
}

func (s *source) lint(stronger profileKeys) []Warning {
	found := s.fileWarnings()
	names := make(map[sectionKey]int, len(s.headers))
	prefixed := s.hasPrefixedDefault(false)
	parser := bodyParser{}
	for p := range s.parts(false) {
		if len(found) > maxWarnings {
			break
		}
		found = append(found, headerWarnings(p)...)
		if p.header.kind != kindNone && p.header.broken == "" {
			key := p.header.key()
			if first, again := names[key]; again {
				found = append(found, repeatedWarning(p, first))
			} else {
				names[key] = p.line
			}
		}
		parser.parse(p.body, p.line)
		for _, problem := range parser.problems {
			found = append(found, problem.in(s))
		}
		if s.place == inConfig && !(prefixed && isPlainDefault(p)) {
			found = append(found, stronger.override(p, parser.properties)...)
		}
	}
	return s.shorten(append(found, s.defaultWarnings(names)...))
}

// shorten leaves out what is too much, and says so.
func (s *source) shorten(found []Warning) []Warning {
	if len(found) <= maxWarnings {
		return found
	}
	return append(found[:maxWarnings], s.warning(0, "there are more lines like these, only the first are listed"))
}

// sectionKey tells sections apart that a file holds.
type sectionKey struct {
	kind, prefix kind
	name         string
}

func (h header) key() sectionKey { return sectionKey{h.kind, h.prefix, string(h.name)} }

// fileWarnings is what concerns a file as a whole.
func (s *source) fileWarnings() []Warning {
	var found []Warning
	if s.bom {
		found = append(found, s.warning(1, hasBOM))
	}
	if at := bytes.Index(s.data, []byte("\r\n")); at >= 0 {
		found = append(found, s.warning(1+countLines(s.data[:at]), hasCRLF))
	}
	if !utf8.Valid(s.data) {
		found = append(found, s.warning(0, notUTF8))
	}
	return append(found, s.strayWarning()...)
}

// strayWarning reports the first line above all headers that says something.
func (s *source) strayWarning() []Warning {
	if line := strayLine(s.preamble(), false); line > 0 {
		return []Warning{problem{line, stray, true}.in(s)}
	}
	return nil
}

// strayLine is the first line of a text that is neither blank nor a comment,
// from 1; 0 when there is none. Strictly, a comment begins at the left margin.
func strayLine(text []byte, strict bool) int {
	for line := 1; len(text) > 0; line++ {
		var next []byte
		next, text = cutLine(text)
		bare := trim(next)
		if len(bare) > 0 && (!isComment(bare) || strict && isBlank(next[0])) {
			return line
		}
	}
	return 0
}

// headerWarnings is what a header calls for by itself.
func headerWarnings(p part) []Warning {
	text, broken := p.header.differs, false
	switch h := p.header; {
	case h.broken != "":
		text, broken = h.broken, true
	case string(h.text) == "DEFAULT":
		text = pythonDefault
	case h.kind == kindNone:
		text = ignoredBecause(h, p.source.place)
	case text == "" && !isIdentifier(h.name):
		text = oddName
	}
	if text == "" {
		return nil
	}
	return []Warning{problem{p.line, text, broken}.in(p.source)}
}

// ignoredBecause explains a section that is not read. Sections that the AWS CLI
// knows besides the documented ones need no explanation.
func ignoredBecause(h header, in place) string {
	switch {
	case len(h.name) == 0:
		return emptyName
	case in == inCredentials:
		return prefixedInFile
	case h.prefix != kindNone:
		return unquotedBlanks
	case string(h.name) == "plugins" || string(h.name) == "preview":
		return ""
	}
	return unprefixed
}

// partWarnings is what the headers of one section in one file call for.
func partWarnings(s *source, parts []part) []Warning {
	var found []Warning
	if s.bom && len(parts) > 0 {
		found = append(found, s.warning(1, hasBOM))
	}
	names := map[sectionKey]int{}
	for _, p := range parts {
		if p.header.differs != "" {
			found = append(found, s.warning(p.line, p.header.differs))
		}
		if first, again := names[p.header.key()]; again {
			found = append(found, repeatedWarning(p, first))
		} else {
			names[p.header.key()] = p.line
		}
	}
	return append(found, s.defaultWarnings(names)...)
}

func repeatedWarning(p part, first int) Warning {
	return p.source.warning(p.line, fmt.Sprintf("%s (first in line %d)", repeatedSection, first))
}

// defaultWarnings looks for [default] beside [profile default].
func (s *source) defaultWarnings(names map[sectionKey]int) []Warning {
	plain, hasPlain := names[sectionKey{kindProfile, kindNone, "default"}]
	_, hasPrefixed := names[sectionKey{kindProfile, kindProfile, "default"}]
	if !hasPlain || !hasPrefixed {
		return nil
	}
	return []Warning{s.warning(plain, twoDefaults)}
}

func missingWarnings(sources []*source) []Warning {
	var found []Warning
	for _, s := range sources {
		if err := s.missingError(); err != nil {
			found = append(found, s.warning(0, err.Error()))
		}
	}
	return found
}

func (s *source) warning(line int, text string) Warning { return problem{line: line, text: text}.in(s) }

func (p problem) in(s *source) Warning {
	return Warning{Position{s.path.Name, p.line}, p.text, p.broken}
}
