package awsfile

import (
	"bytes"
	"iter"
	"sync/atomic"
)

// place tells the two files apart; their grammars differ in the headers.
type place int

const (
	inConfig place = iota
	inCredentials
)

func (p place) String() string {
	if p == inCredentials {
		return "credentials"
	}
	return "config"
}

// source is one of the files. Where it is absent it has no data.
type source struct {
	path    Path
	place   place
	absent  bool
	bom     bool   // data was preceded by a byte order mark
	data    []byte // without the byte order mark
	headers []int  // offsets of the lines that begin with '['

	lookups atomic.Int32
	index   func() map[sectionKey][]part // every section, made when it pays
}

// manyLookups is when an index of all sections pays: a profile and its sources
// are found by looking at a few bytes of each header.
const manyLookups = 16

// part is one section as it stands in one file: a header line and the lines up
// to the next one. A section can have several parts, in both files.
type part struct {
	source *source
	header header
	line   int    // of the header, from 1
	body   []byte // the lines below the header
}

func (p part) position() Position { return Position{File: p.source.path.Name, Line: p.line} }

// usualSection is about how long a section is. Counting the headers beforehand would
// take longer than finding them.
const usualSection = 128

// headerOffsets finds every line that begins with '['. No other line can open
// a section: an indented '[' continues the value above it, here and in the SDKs.
func headerOffsets(data []byte) []int {
	offsets := make([]int, 0, 1+len(data)/usualSection)
	for at := 0; ; at++ {
		next := bytes.IndexByte(data[at:], '[')
		if next < 0 {
			return offsets
		}
		at += next
		if at == 0 || data[at-1] == '\n' {
			offsets = append(offsets, at)
		}
	}
}

// preamble is what stands above the first header.
func (s *source) preamble() []byte {
	if len(s.headers) == 0 {
		return s.data
	}
	return s.data[:s.headers[0]]
}

// parts goes over all sections in the order of the file.
func (s *source) parts(strict bool) iter.Seq[part] {
	return func(yield func(part) bool) {
		line, from := 1, 0
		for i, at := range s.headers {
			line, from = line+countLines(s.data[from:at]), at
			if !yield(s.part(i, line, strict)) {
				return
			}
		}
	}
}

// find returns the parts of one section. Most headers are passed by with a
// comparison of a few bytes, see [mayName]; who looks up many sections gets an
// index of them.
func (s *source) find(k kind, name string, strict bool) []part {
	if !strict && s.lookups.Add(1) > manyLookups {
		return s.index()[sectionKey{kind: k, name: name}]
	}
	var found []part
	line, from := 1, 0
	for i, at := range s.headers {
		if !mayName(s.data[at+1:], k, name) {
			continue
		}
		line, from = line+countLines(s.data[from:at]), at
		p := s.part(i, line, strict)
		if p.header.kind == k && string(p.header.name) == name {
			found = append(found, p)
		}
	}
	return found
}

func (s *source) makeIndex() map[sectionKey][]part {
	index := make(map[sectionKey][]part, len(s.headers))
	for p := range s.parts(false) {
		key := sectionKey{kind: p.header.kind, name: string(p.header.name)}
		index[key] = append(index[key], p)
	}
	return index
}

func (s *source) part(i, line int, strict bool) part {
	end := len(s.data)
	if i+1 < len(s.headers) {
		end = s.headers[i+1]
	}
	first, body := cutLine(s.data[s.headers[i]:end])
	return part{source: s, header: parseHeader(first, s.place, strict), line: line, body: body}
}

func countLines(text []byte) int { return bytes.Count(text, []byte{'\n'}) }

// cutLine takes the first line off text, without its line break.
func cutLine(text []byte) (line, rest []byte) {
	line = text
	if at := bytes.IndexByte(text, '\n'); at >= 0 {
		line, rest = text[:at], text[at+1:]
	}
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line, rest
}

// isBlank knows the two characters that are white space in the grammar.
func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func trimLeft(text []byte) []byte {
	for len(text) > 0 && isBlank(text[0]) {
		text = text[1:]
	}
	return text
}

func hasBlank(text []byte) bool {
	return bytes.IndexByte(text, ' ') >= 0 || bytes.IndexByte(text, '\t') >= 0
}

func trimRight(text []byte) []byte {
	for len(text) > 0 && isBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

func trim(text []byte) []byte { return trimRight(trimLeft(text)) }
