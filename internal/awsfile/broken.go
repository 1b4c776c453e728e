package awsfile

import "bytes"

// brokenLines reports what cannot be read. Sections that are plain, which is
// nearly all of them, are passed over without being parsed.
func (s *source) brokenLines() []Warning {
	found := s.strayWarning()
	parser := bodyParser{}
	line, from := 1, 0
	for i, at := range s.headers {
		if len(found) > maxWarnings {
			return s.shorten(found)
		}
		end := len(s.data)
		if i+1 < len(s.headers) {
			end = s.headers[i+1]
		}
		if isPlain(s.data[at:end]) {
			continue
		}
		line, from = line+countLines(s.data[from:at]), at
		p := s.part(i, line, false)
		if p.header.broken != "" {
			found = append(found, problem{line, p.header.broken, true}.in(s))
		}
		parser.parse(p.body, line)
		for _, problem := range parser.problems {
			if problem.broken {
				found = append(found, problem.in(s))
			}
		}
	}
	return s.shorten(found)
}

// isPlain says whether a section, header included, is certain to be readable: a
// header that ends with its only ], comments and key = value at the left margin.
func isPlain(section []byte) bool {
	if len(section) > maxLines {
		return false // it may have too many lines
	}
	line, rest := cutLine(section)
	if bytes.IndexByte(line, ']') != len(line)-1 {
		return false
	}
	for len(rest) > 0 {
		if !isPlainLine(rest) {
			return false
		}
		at := bytes.IndexByte(rest, '\n')
		if at < 0 {
			return true
		}
		rest = rest[at+1:]
	}
	return true
}

// isPlainLine looks at the first line of a text: an empty one, a comment, or a key
// at the left margin with a = behind it and no comment before that.
func isPlainLine(text []byte) bool {
	switch text[0] {
	case '\n', '#', ';':
		return true
	case '\r':
		return len(text) > 1 && text[1] == '\n'
	case ' ', '\t', '=':
		return false
	}
	for _, c := range text {
		switch c {
		case '=':
			return true
		case '\n', '#', ';':
			return false
		}
	}
	return false
}
