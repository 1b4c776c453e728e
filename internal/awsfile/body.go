package awsfile

import "bytes"

// property is one key with its value, before ini.v1 has read it.
type property struct {
	line    int
	key     []byte
	value   []byte   // of the first line, without comment and blanks
	more    [][]byte // the lines that continue it, without blanks
	nested  bool     // the first line has no value: what follows is a block of key = value
	ignored bool     // the name is not one that SDKs read
}

// problem is what is wrong or read differently elsewhere in a line.
type problem struct {
	line   int
	text   string
	broken bool // the line cannot be read, not even in a tolerant way
}

// maxLines is the longest section that is read: a file that is no AWS file at
// all must not cost minutes and gigabytes.
const maxLines = 20_000

// What can be said about the lines of a section.
const (
	tooLong         = "the section has more than 20,000 lines"
	notProperty     = "expected key = value"
	noName          = "the property has no name"
	notNested       = "expected key = value in the block above"
	noNestedName    = "the property in the block has no name"
	strayContinued  = "expected key = value, found a line that continues one"
	indentedKeys    = "the keys are indented, which AWS SDKs refuse"
	inlineComment   = "the text after the blank is a comment; the AWS CLI takes it as part of the value"
	colonForEquals  = "read as key = value; AWS SDKs want = instead of the colon"
	colonInKey      = "the key has a colon in it; the AWS CLI reads the key only up to there"
	ignoredProperty = "the line is ignored: a property name may hold letters, digits and - _ / . % @ : + only"
	quotedKey       = "quotes around a key are not part of it; they are taken off here, other tools send them"
	repeatedKey     = "the key stands twice in the section, the last one counts; the AWS CLI refuses the file"
)

// body is what the lines below a header say.
type body struct {
	properties []property
	problems   []problem
}

// bodyParser reads bodies line by line, one after the other into the same memory.
type bodyParser struct {
	body
	strict bool

	line    int  // the line that is being read
	open    bool // an indented line continues the one before
	current int  // the property that it continues; -1 when that line is broken
	indent  int  // of the line before: only a deeper line continues it
}

// parseBody reads the lines below a header that stands in the given line.
func parseBody(text []byte, line int, strict bool) body {
	p := bodyParser{strict: strict}
	p.parse(text, line)
	return p.body
}

// parse replaces what the parser holds by what text says.
func (p *bodyParser) parse(text []byte, line int) {
	p.properties, p.problems = p.properties[:0], p.problems[:0]
	p.line, p.open, p.indent = line, false, 0
	for len(text) > 0 {
		if p.line == line+maxLines {
			p.fail(tooLong)
			break
		}
		var next []byte
		next, text = cutLine(text)
		p.line++
		p.read(next)
	}
	p.findRepeated()
}

func (p *bodyParser) read(line []byte) {
	text := trimLeft(line)
	indent := len(line) - len(text)
	text = trim(text)
	switch {
	case len(text) == 0:
	case isComment(text) && (indent == 0 || !p.strict):
		// The SDKs part ways over an indented comment: some continue the value
		// above with it. Nobody means that.
	case p.open && indent > p.indent:
		p.readContinued(text)
	case p.strict && indent > 0:
		p.fail(strayContinued)
	default:
		p.readProperty(text, indent)
	}
}

func (p *bodyParser) readProperty(text []byte, indent int) {
	p.open, p.current, p.indent = true, -1, indent
	text, comment := cutComment(text)
	key, value, colon, found := p.split(text)
	switch {
	case !found:
		p.fail(notProperty)
		return
	case len(key) == 0:
		p.fail(noName)
		return
	}
	next := property{line: p.line, key: key, value: value, nested: len(value) == 0, ignored: !isIdentifier(key)}
	p.note(indent > 0 && !p.noted(indentedKeys), indentedKeys)
	p.note(comment, inlineComment)
	p.note(colon, colonForEquals)
	p.note(next.ignored, ignoredProperty)
	p.note(!colon && !next.ignored && bytes.IndexByte(key, ':') >= 0, colonInKey)
	if !p.strict && isKeyMaterial(key) {
		var quoted bool
		next.value, quoted = unquote(value)
		p.note(quoted, quotedKey)
	}
	p.current = len(p.properties)
	p.properties = append(p.properties, next)
}

// split finds key and value. The tolerant reading takes a colon where = is
// missing, or where the text before = could not be a key ("token: abc==").
func (p *bodyParser) split(text []byte) (key, value []byte, colon, found bool) {
	equals := bytes.IndexByte(text, '=')
	if equals >= 0 {
		key, value = trim(text[:equals]), trim(text[equals+1:])
		if p.strict || len(key) == 0 || isIdentifier(key) {
			return key, value, false, true
		}
	}
	if at := bytes.IndexByte(text, ':'); !p.strict && at >= 0 && (equals < 0 || at < equals) {
		if name := trim(text[:at]); isIdentifier(name) {
			return name, trim(text[at+1:]), true, true
		}
	}
	return key, value, false, equals >= 0
}

func (p *bodyParser) readContinued(text []byte) {
	if p.current < 0 {
		return // the line that it continues is reported already
	}
	current := &p.properties[p.current]
	if current.nested {
		bare, _ := cutComment(text)
		key, _, found := bytes.Cut(bare, []byte{'='})
		switch {
		case !found:
			p.fail(notNested)
			return
		case len(trim(key)) == 0:
			p.fail(noNestedName)
			return
		}
	}
	current.more = append(current.more, text)
}

func (p *bodyParser) fail(text string) {
	p.problems = append(p.problems, problem{line: p.line, text: text, broken: true})
}

func (p *bodyParser) note(applies bool, text string) {
	if applies {
		p.problems = append(p.problems, problem{line: p.line, text: text})
	}
}

func (p *bodyParser) noted(text string) bool {
	for _, problem := range p.problems {
		if problem.text == text {
			return true
		}
	}
	return false
}

// isKeyMaterial knows the properties whose value is never quoted.
func isKeyMaterial(key []byte) bool {
	for _, name := range [...]string{"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"} {
		if len(key) == len(name) && bytes.EqualFold(key, []byte(name)) {
			return true
		}
	}
	return false
}

func isComment(text []byte) bool { return text[0] == '#' || text[0] == ';' }

// cutComment takes off a comment, which begins with # or ; after a blank, and
// the blanks before it.
func cutComment(text []byte) (bare []byte, found bool) {
	for at := 1; at < len(text); at++ {
		if (text[at] == '#' || text[at] == ';') && isBlank(text[at-1]) {
			return trim(text[:at]), true
		}
	}
	return trim(text), false
}
