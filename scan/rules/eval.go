package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"fob/scan"

	"github.com/expr-lang/expr/vm"
)

// run is the evaluation of a rule for one resource.
type run struct {
	*scan.Raw
	params  *scan.Params
	decoded map[string]any // fields, as far as they were looked at
	steps   int
}

// mode says what becomes of a path that leads nowhere.
type mode int

const (
	strict   mode = iota // the rule is unknown
	optional             // it is nil
	peek                 // it is missing, which has asks for
)

// missing is what a peek finds where there is nothing.
type missing struct{}

// unknownError ends an evaluation: what decides is not known.
type unknownError struct{ *scan.ReadError }

// Error implements error.
func (e *unknownError) Error() string { return e.ReadError.Error() }

// absent says that a path leads nowhere. Nobody refused anything, so that the scan is
// complete without it.
func (r *run) absent(path string) error {
	op := r.ListedBy()
	return &unknownError{&scan.ReadError{Op: op, Action: op, Resource: r.ARN, Region: r.Region, Why: scan.Context, Code: path + " is not in the record"}}
}

var errSteps = errors.New("it takes more steps than a rule may")

// charge counts a step, and what it made.
func (r *run) charge(v any) error {
	r.steps++
	switch v := v.(type) {
	case string:
		r.steps += len(v) / 16
	case []any:
		r.steps += len(v) / 16
	case map[string]any:
		r.steps += len(v) / 16
	}
	if r.steps > maxSteps {
		return errSteps
	}
	return nil
}

// get follows one step of a path.
func (r *run) get(base, key any, m mode, path string) (any, error) {
	v, there, err := r.look(base, key, path)
	if err == nil && there {
		err = r.charge(v)
	}
	switch {
	case err != nil:
		return nil, err
	case there:
		return v, nil
	case m == optional:
		return nil, nil
	case m == peek:
		return missing{}, nil
	}
	return nil, r.absent(path)
}

func (r *run) look(base, key any, path string) (v any, there bool, err error) {
	switch b := base.(type) {
	case *scan.Raw:
		return r.field(key)
	case map[string]string: // tags: all are known, so that one that is not there is nil
		name, ok := key.(string)
		if !ok {
			return nil, false, fmt.Errorf("%s: the name of a tag is a text", path)
		}
		if tag, ok := b[name]; ok {
			return tag, true, nil
		}
		return nil, true, nil
	case map[string]any:
		name, ok := key.(string)
		if !ok {
			return nil, false, nil
		}
		v, there = b[name]
		return v, there, nil
	case []any:
		i, ok := index(key, len(b))
		if !ok {
			return nil, false, nil
		}
		return b[i], true, nil
	}
	return nil, false, nil // nothing, or a value that has no parts
}

func index(key any, n int) (int, bool) {
	i, ok := key.(int)
	if i < 0 {
		i += n
	}
	return i, ok && 0 <= i && i < n
}

// field is a field of the record. One that AWS says there is none of is nil, and one that
// AWS left out is not there.
func (r *run) field(key any) (v any, there bool, err error) {
	name, ok := key.(string)
	if !ok {
		return nil, false, errors.New("a field has a name")
	}
	if v, ok := r.decoded[name]; ok {
		return v, true, nil
	}
	raw, state, unread := r.Field(name)
	switch {
	case unread != nil:
		return nil, false, &unknownError{unread}
	case state == scan.Absent:
		return nil, !r.LeftOut(name), nil
	}
	if v, err = decode(raw); err != nil {
		return nil, false, err
	}
	if r.decoded == nil {
		r.decoded = map[string]any{}
	}
	r.decoded[name] = v
	return v, true, nil
}

// decode reads JSON. Whole numbers are ints.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return whole(v), nil
}

func whole(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i)
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = whole(v[name])
		}
	}
	return v
}

// eval evaluates an expression. An error is an [*unknownError], or a fault of the rule.
func (e *expression) eval(r *run, params map[string]any) (out any, err error) {
	machine := vm.VM{MemoryBudget: maxMemory}
	return machine.Run(e.program, map[string]any{
		runName: r, "resource": r.Raw, "tags": map[string]string(nil), "params": params,
		"arn": r.ARN, "name": r.Name, "account": r.Account, "region": r.Region, "now": r.params.Now,
	})
}

// holds evaluates an expression that says yes or no.
func (e *expression) holds(r *run, params map[string]any) (bool, error) {
	v, err := e.eval(r, params)
	if err != nil {
		return false, err
	}
	yes, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("%s is %T, not true or false", e.source, v)
	}
	return yes, nil
}
