package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// expression is a compiled piece of a rule.
type expression struct {
	source  string
	program *vm.Program
	fields  []string // of the record that it looks at, sorted
	paths   []string // into the record, the whole ones, in the order of the source
	params  []string // that it names, sorted
	tags    bool     // whether it looks at tags
}

// Limits of an expression. They are there for accidents: a rule is as trusted as the
// rest of the configuration.
const (
	maxSource = 10_000
	maxNodes  = 2_000
	maxMemory = 1_000_000
	maxSteps  = 1_000_000
)

// Names that the language cannot write: what the expression is rewritten to.
const (
	runName    = "run!"
	getName    = "get!"
	tagsName   = "tags!"
	chargeName = "charge!"
)

// compile checks an expression and makes it ready to run. It fails with what is wrong
// with it, in a sentence.
func compile(source string, options ...expr.Option) (*expression, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("it has %d characters, at most %d are read", len(source), maxSource)
	}
	e, err := analyse(source)
	if err != nil {
		return nil, plain(err)
	}
	env := map[string]any{
		runName: (*run)(nil), "resource": map[string]any{}, "tags": map[string]string{}, "params": map[string]any{},
		"arn": "", "name": "", "account": "", "region": "", "now": time.Time{},
	}
	options = append(append([]expr.Option{
		expr.Env(env), expr.Optimize(false), expr.MaxNodes(maxNodes), expr.DisableBuiltin("now"), expr.Patch(rewrite{}),
	}, functions()...), options...)
	if e.program, err = expr.Compile(source, options...); err != nil {
		return nil, plain(err)
	}
	return e, nil
}

// plain takes the drawing out of an error of the language.
func plain(err error) error {
	if e, ok := errors.AsType[*file.Error](err); ok {
		where := fmt.Sprintf(" (column %d)", e.Column+1)
		if e.Line > 1 {
			where = fmt.Sprintf(" (line %d, column %d)", e.Line, e.Column+1)
		}
		return errors.New(strings.ReplaceAll(e.Message, "\n", " ") + where)
	}
	return err
}

// sorted adds a name to a sorted list, once.
func sorted(list []string, name string) []string {
	if i, there := slices.BinarySearch(list, name); !there {
		return slices.Insert(list, i, name)
	}
	return list
}
