package awsfile

import "bytes"

// kind is what a section describes.
type kind int

const (
	kindNone kind = iota // a section that no SDK reads, or whose name is not valid
	kindProfile
	kindSSOSession
	kindServices
)

// String is the word that stands before the name in a header, and in messages.
func (k kind) String() string {
	switch k {
	case kindProfile:
		return "profile"
	case kindSSOSession:
		return "sso-session"
	case kindServices:
		return "services"
	}
	return ""
}

// header is the first line of a section, read. A broken one has the kind and
// the name that it seems to be meant for.
type header struct {
	text    []byte // between the brackets
	prefix  kind   // the word before the name; kindNone without one of the three
	name    []byte // without quotes and blanks around it
	quoted  bool
	spaced  bool   // the name has blanks inside and no quotes around it
	kind    kind   // what the section is in its file
	broken  string // why the line is no header, or empty
	differs string // how the AWS CLI reads it differently, or empty
}

// parseHeader reads a line that begins with '['.
//
// In the config file a profile is [profile name] or [default]; in the credentials
// file it is [name]. The strict reading takes comment characters anywhere as a
// comment, knows no quotes, and ignores names with characters outside the SDKs' set.
func parseHeader(line []byte, in place, strict bool) header {
	var h header
	var after []byte
	if strict {
		h.text, h.broken = cutStrictHeader(line)
	} else {
		h.text, after, h.broken = cutHeader(line)
	}
	h.prefix, h.name, h.quoted, h.spaced = splitName(trim(h.text), strict)
	h.kind = h.kindIn(in)
	if strict && (h.spaced || !isIdentifier(h.name)) {
		h.kind = kindNone
	}
	if !strict && h.kind != kindNone {
		h.differs = h.cliDifference(in, after)
	}
	return h
}

// The ways in which a line that begins with '[' is no header.
const (
	noBracket   = "the section header has no closing ]"
	textBehind  = "there is text after the ] of the section header"
	cliBlanks   = "the AWS CLI does not find this section: it takes the blanks in the header as part of the name"
	cliQuotes   = "the AWS CLI does not find this section by this name: it reads the quotes or backslashes in the header differently"
	cliBrackets = "the AWS CLI does not find this section: it reads the header up to the last ] of the line"
)

// cutStrictHeader takes the comment off and wants the brackets around the rest.
func cutStrictHeader(line []byte) (text []byte, broken string) {
	if i := bytes.IndexAny(line, "#;"); i >= 0 {
		line = line[:i]
	}
	line = trim(line)
	text, found := bytes.CutSuffix(line[1:], []byte{']'})
	if !found {
		return text, noBracket
	}
	return text, ""
}

// cutHeader finds the first ] with nothing or a comment behind it.
func cutHeader(line []byte) (text, after []byte, broken string) {
	line = trimRight(line[1:])
	for at := 0; ; at++ {
		next := bytes.IndexByte(line[at:], ']')
		if next < 0 {
			break
		}
		at += next
		after = trim(line[at+1:])
		if len(after) == 0 || isComment(after) {
			return line[:at], after, ""
		}
	}
	text, _, found := bytes.Cut(line, []byte{']'})
	text, _ = cutComment(text)
	if found {
		return text, nil, textBehind
	}
	return text, nil, noBracket
}

// splitName takes the prefix and the quotes off the text of a header.
func splitName(text []byte, strict bool) (prefix kind, name []byte, quoted, spaced bool) {
	name = text
	for _, k := range [...]kind{kindProfile, kindSSOSession, kindServices} {
		if rest, found := cutPrefix(text, k); found {
			prefix, name = k, rest
			break
		}
	}
	if !strict {
		name, quoted = unquote(name)
	}
	return prefix, name, quoted, !quoted && hasBlank(name)
}

// cutPrefix takes the word of a kind off; it has to be followed by a blank.
func cutPrefix(text []byte, k kind) (rest []byte, found bool) {
	rest, found = bytes.CutPrefix(text, []byte(k.String()))
	if !found || len(rest) == 0 || !isBlank(rest[0]) {
		return text, false
	}
	return trimLeft(rest), true
}

// kindIn applies the rules of the file. A name with blanks needs quotes in the
// config file; in the credentials file the AWS CLI itself writes it without.
func (h header) kindIn(in place) kind {
	switch {
	case len(h.name) == 0:
		return kindNone
	case in == inCredentials && h.prefix == kindNone:
		return kindProfile
	case in == inCredentials || h.spaced:
		return kindNone
	case h.prefix == kindNone && string(h.name) == "default":
		return kindProfile
	}
	return h.prefix
}

// cliDifference compares with the AWS CLI, which takes a name in the credentials
// file as it stands, and splits a header of the config file like a shell.
func (h header) cliDifference(in place, after []byte) string {
	asIs := in == inCredentials || h.prefix == kindNone
	switch {
	case bytes.IndexByte(after, ']') >= 0:
		return cliBrackets
	case asIs && h.quoted:
		return cliQuotes
	case asIs && len(h.text) != len(h.name):
		return cliBlanks
	case !asIs && isBlank(h.text[0]):
		return cliBlanks
	case !asIs && (bytes.IndexByte(h.name, '\\') >= 0 || !h.quoted && bytes.ContainsAny(h.name, `"'`)):
		return cliQuotes
	}
	return ""
}

// mayName says whether the text behind a '[' can be the header of a section:
// false is certain, true calls for [parseHeader]. It is all that a lookup pays
// for a section of another name.
func mayName(text []byte, k kind, name string) bool {
	text = trimLeft(text)
	rest, _ := cutPrefix(text, k)
	// The word of a kind is a name itself where nothing follows it: "[profile ]".
	return mayBegin(rest, name) || mayBegin(text, name)
}

func mayBegin(text []byte, name string) bool {
	return len(text) > 0 && isQuote(text[0]) || len(text) >= len(name) && string(text[:len(name)]) == name
}

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// unquote takes a pair of quotes off that stands around the whole text.
func unquote(text []byte) (inner []byte, quoted bool) {
	if len(text) < 2 || !isQuote(text[0]) || text[len(text)-1] != text[0] {
		return text, false
	}
	inner = text[1 : len(text)-1]
	if bytes.IndexByte(inner, text[0]) >= 0 {
		return text, false
	}
	return inner, true
}

// isIdentifier knows the names that all SDKs accept, for sections and properties.
func isIdentifier(name []byte) bool {
	for _, c := range name {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '_', c == '-', c == '/', c == '.', c == '%', c == '@', c == ':', c == '+':
		default:
			return false
		}
	}
	return len(name) > 0
}
