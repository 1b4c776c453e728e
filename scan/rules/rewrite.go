package rules

import "github.com/expr-lang/expr/ast"

// rewrite makes every look into data strict: what is not there ends the evaluation, as
// not known. In has(path), and before ??, it is asked for and so may be missing; what was
// not read ends the evaluation there, too.
//
// A node is visited after its parts.
type rewrite struct{}

// Visit implements ast.Visitor.
func (rewrite) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.MemberNode:
		mode := strict
		if n.Optional {
			mode = optional
		}
		ast.Patch(node, hidden(getName, n.Node, n.Property, &ast.IntegerNode{Value: int(mode)}, &ast.StringNode{Value: pathOf(n)}))
	case *ast.IdentifierNode:
		if n.Value == "tags" {
			ast.Patch(node, hidden(tagsName))
		}
	case *ast.CallNode:
		callee, _ := n.Callee.(*ast.IdentifierNode)
		switch {
		case callee == nil || len(n.Arguments) != 1:
		case callee.Value == "has":
			relax(n.Arguments[0], peek)
		case callee.Value == "days_since":
			n.Arguments = append([]ast.Node{&ast.IdentifierNode{Value: runName}}, n.Arguments...)
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "??":
			relax(n.Left, optional)
		case "in":
			n.Right = hidden(chargeName, n.Right)
		case "+":
			ast.Patch(node, hidden(chargeName, n))
		}
	case *ast.PredicateNode:
		n.Node = hidden(chargeName, n.Node)
	}
}

// hidden is a call that the language cannot write, with the state of the run.
func hidden(name string, args ...ast.Node) ast.Node {
	return &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: name},
		Arguments: append([]ast.Node{&ast.IdentifierNode{Value: runName}}, args...),
	}
}

// relax changes how a path is followed, all along. It says whether there is one.
func relax(node ast.Node, mode mode) bool {
	found := false
	for {
		switch n := node.(type) {
		case *ast.ChainNode:
			node = n.Node
			continue
		case *ast.CallNode:
			if callee, ok := n.Callee.(*ast.IdentifierNode); ok && callee.Value == getName {
				n.Arguments[3] = &ast.IntegerNode{Value: int(mode)}
				node, found = n.Arguments[1], true
				continue
			}
		}
		return found
	}
}

// rewritten is the path of a member that has become a call.
func rewritten(n *ast.CallNode) (string, bool) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	switch {
	case !ok:
		return "", false
	case callee.Value == tagsName:
		return "tags", true
	case callee.Value == getName:
		return n.Arguments[4].(*ast.StringNode).Value, true
	}
	return "", false
}
