package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// fail complains about this place.
func (v value) fail(fix, format string, args ...any) error {
	return &Error{File: v.file, Line: v.line, Problem: fmt.Sprintf(format, args...), Fix: fix}
}

// empty says whether nothing stands here.
func (v value) empty() bool { return v.node == nil || v.node.Type() == ast.NullType }

// below is a part of v, whose line is the part's own.
func (v value) below(n ast.Node) value {
	out := value{file: v.file, node: n, line: v.line}
	if n != nil {
		if line := lineOf(n); line > 0 {
			out.line = line
		}
	}
	return out
}

// pair is a key and what it has.
type pair struct {
	key   string
	at    value // the key's place
	value value
}

// pairs are the keys of a mapping, in the order of the file, each once.
func (v value) pairs(what string) ([]pair, error) {
	var values []*ast.MappingValueNode
	switch n := v.node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return nil, v.fail("", "%s has to be keys with values, not %s", what, v.kind())
	}
	var out []pair
	for _, n := range values {
		at := v.below(n.Key)
		key, err := at.text("a key")
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(p pair) bool { return p.key == key }) {
			return nil, at.fail("leave one of them", "the key %q is there twice", key)
		}
		p := pair{key: key, at: at, value: v.below(n.Value)}
		if p.value.empty() {
			p.value.line = at.line
		}
		out = append(out, p)
	}
	return out, nil
}

// object reads a mapping whose keys are known.
func (v value) object(what string, fields map[string]func(value) error) error {
	pairs, err := v.pairs(what)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		read, ok := fields[p.key]
		if !ok {
			return p.at.fail(oneOf(p.key, fields), "unknown key %q in %s", p.key, what)
		}
		if p.value.empty() {
			return p.value.fail("give it a value, or take it away", "%q in %s has no value", p.key, what)
		}
		if err := read(p.value); err != nil {
			return err
		}
	}
	return nil
}

// list is a sequence's elements. A single value is a list of one.
func (v value) list(what string) ([]value, error) {
	n, ok := v.node.(*ast.SequenceNode)
	if !ok {
		if _, err := v.text(what); err != nil {
			return nil, v.fail("", "%s has to be a list, not %s", what, v.kind())
		}
		return []value{v}, nil
	}
	return v.elements(what, n)
}

// items is a sequence's elements, which are mappings, so that a single one is no list.
func (v value) items(what string) ([]value, error) {
	n, ok := v.node.(*ast.SequenceNode)
	if !ok {
		return nil, v.fail("begin each with a dash", "%s has to be a list, not %s", what, v.kind())
	}
	return v.elements(what, n)
}

func (v value) elements(what string, n *ast.SequenceNode) ([]value, error) {
	if len(n.Values) == 0 {
		return nil, v.fail("name something, or take the key away", "%s is empty", what)
	}
	var out []value
	for _, e := range n.Values {
		at := v.below(e)
		if at.empty() {
			return nil, at.fail("", "%s has an empty element", what)
		}
		out = append(out, at)
	}
	return out, nil
}

// text is a single value as it is written, whatever YAML takes it for: 012345678901 and
// "012345678901" are the same, no is no, and 2027-03-31 is no time.
func (v value) text(what string) (string, error) {
	switch n := v.node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return strings.TrimSuffix(n.Value.Value, "\n"), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, nil
	case *ast.MergeKeyNode:
		return "<<", nil
	}
	return "", v.fail("", "%s has to be a single value, not %s", what, v.kind())
}

// filled is a text that is not blank.
func (v value) filled(what string) (string, error) {
	s, err := v.text(what)
	if err == nil && strings.TrimSpace(s) == "" {
		err = v.fail("", "%s is empty", what)
	}
	return s, err
}

// texts are the filled texts of a list.
func (v value) texts(what string) (out []string, err error) {
	list, err := v.list(what)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		s, err := e.filled("an element of " + what)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// any is a value as parameters have it: a text, a bool, an int, a float64, a []any or a
// map[string]any. A number that begins with a zero, as accounts do, is a text.
func (v value) any(what string) (any, error) {
	switch n := v.node.(type) {
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.IntegerNode:
		raw := n.GetToken().Value
		if i, err := strconv.Atoi(raw); err == nil && strconv.Itoa(i) == raw {
			return i, nil
		}
		return raw, nil
	case *ast.FloatNode:
		return n.Value, nil
	case *ast.SequenceNode:
		out := []any{}
		for _, e := range n.Values {
			x, err := v.below(e).any(what)
			if err != nil {
				return nil, err
			}
			out = append(out, x)
		}
		return out, nil
	case *ast.MappingNode, *ast.MappingValueNode:
		pairs, err := v.pairs(what)
		if err != nil {
			return nil, err
		}
		out := map[string]any{}
		for _, p := range pairs {
			if out[p.key], err = p.value.any(what); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v.text(what)
}

// kind names what stands here, for people.
func (v value) kind() string {
	if v.empty() {
		return "nothing"
	}
	switch v.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode:
		return "an anchor or alias: write it out"
	case *ast.TagNode:
		return "a tag: take it away"
	}
	if t := v.node.GetToken(); t != nil && t.Type != token.UnknownType {
		return fmt.Sprintf("%.40q", t.Value)
	}
	return "something else"
}
