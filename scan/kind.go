package scan

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Global is the region of what has none.
const Global = "global"

// Resource is what all resources have in common.
type Resource struct {
	Account string            `json:"-"`
	Region  string            `json:"-"` // Global where there is none
	Type    string            `json:"-"` // CloudFormation's spelling where one exists
	ARN     string            `json:"-"` // unique within account and region
	Name    string            `json:"-"`
	Tags    map[string]string `json:"-"`
	At      time.Time         `json:"-"` // when it was read
}

func (r *Resource) resource() *Resource { return r }

// Kind is a type of resource: its form in Go, which call lists it, and which calls
// fill its fields. The form is a struct that embeds [Resource]. Its plain fields come
// with the list. A field of type [Val] comes from a call of its own, which its tag
// names: `op:"s3:GetBucketPolicy"`, or several, separated by blanks.
type Kind struct {
	Type    string
	Service string
	Scope   Scope
	List    []string // the operations that yield resources; none for the account and its regions
	fields  map[string][]string
	names   map[string]bool
	decode  func(r Resource, data []byte, missing func(field string) (State, *ReadError)) (any, error)
}

// Of is a kind together with its form in Go.
type Of[T any] struct{ *Kind }

// Scope says where the operations of a kind are called.
type Scope int

// The scopes.
const (
	Regional Scope = iota // in every region
	Once                  // once per account
)

// Operations are the calls that fill a field, nil for a field that the kind does not
// fill by calls of its own.
func (k *Kind) Operations(field string) []string { return k.fields[field] }

// Has says whether the Go form has a place for this field of a record.
func (k *Kind) Has(field string) bool { return k.names[field] }

// FilledBy returns the fields that an operation fills.
func (k *Kind) FilledBy(op string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(k.fields)) {
		if slices.Contains(k.fields[name], op) {
			out = append(out, name)
		}
	}
	return out
}

// newKind describes T, a struct that embeds Resource.
func newKind[T any](typ, service string, scope Scope, list ...string) Of[T] {
	k := &Kind{Type: typ, Service: service, Scope: scope, List: list, fields: map[string][]string{}, names: map[string]bool{}}
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			continue
		}
		k.names[f.Name] = true
		if op := f.Tag.Get("op"); op != "" {
			k.fields[f.Name] = strings.Fields(op)
		}
	}
	k.decode = func(r Resource, data []byte, missing func(string) (State, *ReadError)) (any, error) {
		out := new(T)
		if err := json.Unmarshal(data, out); err != nil {
			return nil, fmt.Errorf("decode %s %s: %w", r.Type, r.ARN, err)
		}
		v := reflect.ValueOf(out).Elem()
		v.FieldByName("Resource").Set(reflect.ValueOf(r))
		for name := range k.fields {
			val := v.FieldByName(name).Addr().Interface().(value)
			switch state, err := val.known(); {
			case state != Unread:
			case err == nil:
				val.mark(missing(name))
			default: // there, and not understood
				err.Op, err.Action, err.Resource, err.Region = k.fields[name][0], k.fields[name][0], r.ARN, r.Region
			}
		}
		return out, nil
	}
	return Of[T]{k}
}

// KindOf returns the kind of a resource type. It panics for a type that there is none
// of: the names stand in rows, and a test walks them all.
func KindOf(typ string) *Kind {
	for _, k := range Kinds() {
		if k.Type == typ {
			return k
		}
	}
	panic("no kind of resource has the type " + typ)
}

// field returns the state of a field of a decoded resource.
func field(r any, name string) (State, *ReadError) {
	return reflect.ValueOf(r).Elem().FieldByName(name).Addr().Interface().(value).known()
}
