package awsedit

import (
	"bytes"
	"slices"
)

// section is one header and the lines below it, up to the next header.
type section struct {
	header     int // its line
	top        int // the last line that must stay above the first property
	properties []property
}

// property is a key with the lines that continue it.
type property struct {
	line int
	more []int // deeper lines below it, comments among them included
}

// last is the last line of a property.
func (p property) last() int {
	if len(p.more) == 0 {
		return p.line
	}
	return p.more[len(p.more)-1]
}

// section reads the section whose header stands in line n. A line continues the
// property above it when it is indented deeper; comments and blank lines end
// nothing. awsfile has found every line readable, so that all others are properties.
//
// An indented comment goes with the property above: some SDKs read it as a part of
// the value, and would join it to another one if it stayed behind. Where there is
// no property above, none is put there.
func (t *text) section(n int) section {
	s := section{header: n, top: n}
	for n++; n < len(t.lines) && !isHeader(t.lines[n].old); n++ {
		l := t.bare(n)
		at := len(s.properties) - 1
		switch {
		case isBlank(l):
		case at >= 0 && indent(l) > indent(t.bare(s.properties[at].line)):
			s.properties[at].more = append(s.properties[at].more, n)
		case isComment(l) && at < 0 && indent(l) > 0:
			s.top = n
		case !isComment(l):
			s.properties = append(s.properties, property{line: n})
		}
	}
	return s
}

// last is the last line that is surely the section's own.
func (s section) last() int {
	if len(s.properties) == 0 {
		return s.top
	}
	return s.properties[len(s.properties)-1].last()
}

// at finds the property that begins in line n.
func (s section) at(n int) (property, bool) {
	i, found := slices.BinarySearchFunc(s.properties, n, func(p property, n int) int { return p.line - n })
	if !found {
		return property{}, false
	}
	return s.properties[i], true
}

// remove takes a property out.
func (t *text) remove(p property) {
	t.lines[p.line].gone = true
	for _, n := range p.more {
		t.lines[n].gone = true
	}
}

// rename changes the key of a property and no other byte of its line.
func (t *text) rename(p property, r Rename) {
	old := t.lines[p.line].old
	from := indent(old)
	key := old[from : from+len(r.From)] // found in another letter case, it is as long
	t.lines[p.line].new = slices.Concat(old[:from], renamed(key, r), old[from+len(key):])
}

func renamed(key []byte, r Rename) []byte {
	if before, found := bytes.CutSuffix([]byte(r.To), []byte(r.From)); found {
		return slices.Concat(before, key)
	}
	if before, found := bytes.CutSuffix([]byte(r.From), []byte(r.To)); found {
		return key[len(before):]
	}
	return []byte(r.To)
}

// replace gives a property another value.
func (t *text) replace(p property, set Property) {
	old := t.lines[p.line].old
	from := indent(old)
	key := old[from : from+len(set.Key)]
	t.remove(p)
	t.lines[p.line].new = slices.Concat(old[:from], key, []byte(" = "+set.Value), t.end(p.line))
}

// add puts a property behind all others of the section, indented as they are.
func (t *text) add(s section, set Property) {
	var margin []byte
	if n := len(s.properties); n > 0 {
		l := t.bare(s.properties[n-1].line)
		margin = l[:indent(l)]
	}
	t.put(s.last(), slices.Concat(margin, []byte(set.Key+" = "+set.Value)))
}

// put inserts a line behind line n.
func (t *text) put(n int, l []byte) {
	t.lines[n].below = append(t.lines[n].below, slices.Concat(l, t.end(n)))
}

// drop takes a section out, with the blank line above it or, where there is none,
// the one below: sections that [Edit.Set] made leave nothing behind, in whatever
// order they go.
func (t *text) drop(s section) {
	last := s.last()
	for n := s.header; n <= last; n++ {
		t.lines[n].gone = true
	}
	switch {
	case s.header > 1 && isBlank(t.bare(s.header-1)):
		t.lines[s.header-1].gone = true
	case last+1 < len(t.lines) && isBlank(t.bare(last+1)):
		t.lines[last+1].gone = true
	}
}

// holds says whether anything but blank lines is left in a section, up to the last
// property that it had.
func (t *text) holds(s section) bool {
	for n := s.header; n <= s.last(); n++ {
		l := t.lines[n]
		if n > s.header && !l.gone && !isBlank(t.bare(n)) || len(l.below) > 0 {
			return true
		}
	}
	return false
}

// make appends a section to the file, behind a blank line.
func (t *text) make(header string, properties []Property) {
	n := len(t.lines) - 1
	put := func(l string) { t.made = append(t.made, slices.Concat([]byte(l), t.end(n))) }
	if !t.lines[n].isAbove || len(t.made) > 0 {
		put("")
	}
	put(header)
	for _, p := range properties {
		put(p.Key + " = " + p.Value)
	}
}
