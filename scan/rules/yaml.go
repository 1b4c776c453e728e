package rules

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of a file: what people write by hand is far below them.
const (
	maxFile  = 4 << 20
	maxDepth = 100
)

// value is a piece of a YAML file. It is read by its tree and not into Go values, so that
// every complaint has its line, and 012345678901 stays the account that it is.
type value struct {
	file string
	node ast.Node // nil for an empty file
	line int
}

// parse reads a YAML file, of which JSON is a part. Anchors and tags are refused where
// they are met: they make a file say something that cannot be seen in place.
func parse(file string, data []byte) (v value, err error) {
	v = value{file: file}
	switch {
	case len(data) > maxFile:
		return v, &Error{File: file, Problem: fmt.Sprintf("the file has %d bytes, at most %d are read", len(data), maxFile)}
	case deep(data):
		return v, &Error{File: file, Problem: "brackets or indentation go deeper than is read"}
	}
	defer func() {
		if fault := recover(); fault != nil { // the parser gave up on a file that is broken in a way it does not know
			err = &Error{File: file, Problem: fmt.Sprintf("this is no YAML: %v", fault)}
		}
	}()
	tree, err := parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0)
	if err != nil {
		return v, syntax(file, err)
	}
	for _, doc := range tree.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if v.node != nil {
			return v, &Error{File: file, Line: lineOf(doc.Body), Problem: "a second document begins", Fix: "put everything into one"}
		}
		v.node, v.line = doc.Body, lineOf(doc.Body)
	}
	return v, nil
}

// deep says whether a file nests so far that reading it could exhaust the stack.
func deep(data []byte) bool {
	for line := range bytes.Lines(data) {
		if len(line)-len(bytes.TrimLeft(line, " \t-?:")) > 20*maxDepth {
			return true
		}
	}
	depth := 0
	for _, b := range data {
		switch b {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}

func syntax(file string, err error) error {
	e := &Error{File: file, Problem: "this is no YAML: " + err.Error()}
	if known, ok := errors.AsType[yaml.Error](err); ok {
		e.Problem = known.GetMessage()
		if t := known.GetToken(); t != nil && t.Position != nil {
			e.Line = t.Position.Line
		}
	}
	return e
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}
