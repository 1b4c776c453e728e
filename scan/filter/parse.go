package filter

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// ErrNotJSON says that a pattern is of another kind, for plain text or for columns.
var ErrNotJSON = errors.New("it is no pattern for JSON")

// deepest bounds the nesting of parentheses.
const deepest = 100

// Parse reads a pattern. An empty one matches everything.
func Parse(pattern string) (*Filter, error) {
	p := &parser{rest: strings.TrimSpace(pattern)}
	if p.rest == "" {
		return &Filter{everything{}}, nil
	}
	inner, ok := strings.CutPrefix(p.rest, "{")
	if ok {
		inner, ok = strings.CutSuffix(inner, "}")
	}
	if !ok {
		return nil, fmt.Errorf("parse filter pattern %.60q: %w", pattern, ErrNotJSON)
	}
	p.rest = inner
	root, err := p.either(0)
	if err == nil && p.blank() != "" {
		err = fmt.Errorf("%.20q is left over", p.rest)
	}
	if err != nil {
		return nil, fmt.Errorf("parse filter pattern %.60q: %w", pattern, err)
	}
	return &Filter{root}, nil
}

type parser struct{ rest string }

// blank skips blanks, and returns what is left.
func (p *parser) blank() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	return p.rest
}

// take skips a symbol if it comes next.
func (p *parser) take(symbol string) bool {
	rest, ok := strings.CutPrefix(p.blank(), symbol)
	if ok {
		p.rest = rest
	}
	return ok
}

// word skips a word in any letter case if it comes next.
func (p *parser) word(w string) bool {
	if len(p.blank()) < len(w) || !strings.EqualFold(p.rest[:len(w)], w) || len(p.rest) > len(w) && isPlain(p.rest[len(w)]) {
		return false
	}
	p.rest = p.rest[len(w):]
	return true
}

// either reads what || joins. && binds closer.
func (p *parser) either(depth int) (node, error) {
	left, err := p.both(depth)
	for err == nil && p.take("||") {
		var right node
		right, err = p.both(depth)
		left = or{left, right}
	}
	return left, err
}

func (p *parser) both(depth int) (node, error) {
	left, err := p.one(depth)
	for err == nil && p.take("&&") {
		var right node
		right, err = p.one(depth)
		left = and{left, right}
	}
	return left, err
}

func (p *parser) one(depth int) (node, error) {
	if !p.take("(") {
		return p.test()
	}
	if depth == deepest {
		return nil, errors.New("it is nested too deep")
	}
	inner, err := p.either(depth + 1)
	if err == nil && !p.take(")") {
		err = fmt.Errorf("a parenthesis is not closed before %.20q", p.rest)
	}
	return inner, err
}

// test reads one comparison: $.field, operator, value.
func (p *parser) test() (node, error) {
	field, err := p.field()
	if err != nil {
		return nil, err
	}
	t := test{field: field}
	switch {
	case p.word("NOT"):
		if !p.word("EXISTS") {
			return nil, fmt.Errorf("NOT EXISTS is expected at %.20q", p.rest)
		}
		t.op = Missing
		return t, nil
	case p.word("EXISTS"):
		t.op = Exist
		return t, nil
	case p.word("IS"):
		for _, op := range []Op{Null, True, False} {
			if p.word(strings.TrimPrefix(string(op), "IS ")) {
				t.op = op
				return t, nil
			}
		}
		return nil, fmt.Errorf("NULL, TRUE or FALSE is expected at %.20q", p.rest)
	}
	for _, op := range []Op{Differ, AtMost, AtLeast, Equal, Less, More} {
		if p.take(string(op)) {
			t.op = op
			return t, p.value(&t)
		}
	}
	return nil, fmt.Errorf("an operator is expected at %.20q", p.rest)
}

// field reads $.a.b[0] or $['a']['b'], and writes it with dots.
func (p *parser) field() (string, error) {
	if !p.take("$") {
		return "", fmt.Errorf("a field is expected at %.20q", p.rest)
	}
	var path []string
	for {
		switch {
		case strings.HasPrefix(p.rest, "["):
			in, rest, ok := strings.Cut(p.rest[1:], "]")
			if !ok {
				return "", errors.New("a bracket is not closed")
			}
			p.rest = rest
			path = append(path, strings.Trim(in, `'" `))
		case strings.HasPrefix(p.rest, "."):
			p.rest = p.rest[1:]
			n := plainLength(p.rest, isName)
			if n == 0 && !strings.HasPrefix(p.rest, "[") {
				return "", fmt.Errorf("a name is expected at %.20q", p.rest)
			}
			if n > 0 {
				path = append(path, p.rest[:n])
			}
			p.rest = p.rest[n:]
		case len(path) == 0:
			return "", fmt.Errorf("a name is expected at %.20q", p.rest)
		default:
			return strings.Join(path, "."), nil
		}
	}
}

// value reads what a field is compared with: in quotes, %regular expression%, or plain.
func (p *parser) value(t *test) error {
	if p.blank() == "" {
		return errors.New("a value is expected at the end")
	}
	switch quote := p.rest[0]; quote {
	case '"', '\'':
		in, rest, ok := quoted(p.rest[1:], quote)
		if !ok {
			return fmt.Errorf("the quote of %.20q is not closed", p.rest)
		}
		t.value, p.rest = in, rest
		return nil
	case '%':
		in, rest, ok := strings.Cut(p.rest[1:], "%")
		if !ok {
			return fmt.Errorf("the expression of %.20q is not closed", p.rest)
		}
		pattern, err := regexp.Compile(in)
		t.value, t.pattern, p.rest = in, pattern, rest
		return err
	}
	n := plainLength(p.rest, isPlain)
	if n == 0 {
		return fmt.Errorf("a value is expected at %.20q", p.rest)
	}
	t.value, p.rest = p.rest[:n], p.rest[n:]
	return nil
}

// quoted reads up to the closing quote; a backslash takes the next character as it is.
func quoted(s string, quote byte) (in, rest string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return out.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		out.WriteByte(s[i])
	}
	return "", "", false
}

func plainLength(s string, in func(byte) bool) int {
	for i := range len(s) {
		if !in(s[i]) {
			return i
		}
	}
	return len(s)
}

// isPlain says whether a byte can stand in a value without quotes.
func isPlain(c byte) bool { return !strings.ContainsRune(" \t\r\n()&|=!<>{}\"'", rune(c)) }

// isName says whether a byte can stand in the name of a field.
func isName(c byte) bool { return isPlain(c) && !strings.ContainsRune("$.[]%,", rune(c)) }
