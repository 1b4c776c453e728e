package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// analysis walks over an expression as it was written and notes what it looks at. The
// record itself may be used only to name a field of it, so that what is not read is
// never taken for what is not there.
type analysis struct {
	out    *expression
	named  map[ast.Node]bool // what a field is named of
	inner  map[ast.Node]bool // what is part of a longer path
	callee map[ast.Node]bool // what is called
	found  []ast.Node        // members that lead into the record
	err    *file.Error
}

// analyse says what an expression looks at.
func analyse(source string) (*expression, error) {
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, err
	}
	a := &analysis{out: &expression{source: source}, named: map[ast.Node]bool{}, inner: map[ast.Node]bool{}, callee: map[ast.Node]bool{}}
	ast.Walk(&tree.Node, first{a}) // what is named
	ast.Walk(&tree.Node, a)
	if a.err != nil {
		return nil, a.err.Bind(tree.Source)
	}
	for _, n := range a.found {
		if path := pathOf(n); !a.inner[n] && !slices.Contains(a.out.paths, path) {
			a.out.paths = append(a.out.paths, path)
		}
	}
	return a.out, nil
}

// first notes what a node makes of its parts, which the parts do not know.
type first struct{ *analysis }

// Visit implements ast.Visitor.
func (a first) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.MemberNode:
		a.inner[n.Node] = true
		if _, constant := n.Property.(*ast.StringNode); constant {
			a.named[n.Node] = true
		}
	case *ast.CallNode:
		a.callee[n.Callee] = true
	}
}

// Visit implements ast.Visitor.
func (a *analysis) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		a.identifier(n)
	case *ast.MemberNode:
		if a.callee[n] {
			a.fail(n, "there are no methods")
		}
		a.member(n)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok && callee.Value == "has" && len(n.Arguments) == 1 && !isPath(n.Arguments[0]) {
			a.fail(n, "has takes a path: has(resource.Name)")
		}
	case *ast.BuiltinNode:
		if !slices.Contains(allowed(), n.Name) {
			a.fail(n, fmt.Sprintf("there is no function %s here", n.Name))
		}
	}
}

func (a *analysis) identifier(n *ast.IdentifierNode) {
	switch n.Value {
	case "$env":
		a.fail(n, "$env is not there")
	case "resource":
		if !a.named[n] {
			a.fail(n, "resource is looked at field by field: resource.Name, has(resource.Name)")
		}
	case "tags":
		a.out.tags = true
	}
}

// member notes a path into the record or the parameters.
func (a *analysis) member(n *ast.MemberNode) {
	if base, ok := n.Node.(*ast.IdentifierNode); ok {
		name, _ := n.Property.(*ast.StringNode)
		switch {
		case base.Value == "resource" && name != nil:
			a.out.fields = sorted(a.out.fields, name.Value)
		case base.Value == "params" && name != nil:
			a.out.params = sorted(a.out.params, name.Value)
		}
	}
	if strings.HasPrefix(pathOf(n), "resource.") {
		a.found = append(a.found, n)
	}
}

func (a *analysis) fail(n ast.Node, message string) {
	if a.err == nil {
		a.err = &file.Error{Location: n.Location(), Message: message}
	}
}

func isPath(n ast.Node) bool {
	if chain, ok := n.(*ast.ChainNode); ok {
		n = chain.Node
	}
	_, ok := n.(*ast.MemberNode)
	return ok
}

// pathOf writes a path of members: resource.Rules[0].Port. What is not constant in it is
// written as [*], and where it begins elsewhere, as (…).
func pathOf(node ast.Node) string {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.PointerNode:
		return "#" + n.Name
	case *ast.ChainNode:
		return pathOf(n.Node)
	case *ast.MemberNode:
		return pathOf(n.Node) + step(n.Property)
	case *ast.CallNode:
		if path, ok := rewritten(n); ok {
			return path
		}
	}
	return "(…)"
}

func step(property ast.Node) string {
	switch p := property.(type) {
	case *ast.StringNode:
		return "." + p.Value
	case *ast.IntegerNode:
		return "[" + strconv.Itoa(p.Value) + "]"
	}
	return "[*]"
}

// allowed are the functions of the language that rules have: those whose work and result
// are no bigger than what they are given.
func allowed() []string {
	return []string{
		"all", "none", "any", "one", "filter", "map", "find", "findIndex", "findLast", "findLastIndex", "count", "sum",
		"len", "abs", "ceil", "floor", "round", "int", "float", "string", "max", "min",
		"trim", "trimPrefix", "trimSuffix", "upper", "lower", "split", "join", "indexOf", "lastIndexOf", "hasPrefix", "hasSuffix",
		"first", "last", "keys", "values", "sort", "reverse",
	}
}
