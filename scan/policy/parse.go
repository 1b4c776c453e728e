package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Parse reads a document as AWS hands it out: JSON, or JSON in URL encoding, as IAM
// writes it, or a JSON string that holds either.
//
// A document that says one thing twice, or says something that this package does not
// know, is an error: no verdict may rest on half of it.
func Parse(raw []byte) (*Document, error) {
	d, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("parse policy: %w", err)
	}
	return d, nil
}

func parse(raw []byte) (*Document, error) {
	raw, err := plain(raw)
	if err != nil {
		return nil, err
	}
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	var d Document
	var version text
	var statements many[object]
	if err := o.read(elements{"id": (*text)(&d.ID), "version": &version, "statement": &statements}); err != nil {
		return nil, err
	}
	if statements == nil {
		return nil, errors.New("it has no statements")
	}
	for i, s := range statements {
		parsed, err := s.statement(i)
		if err != nil {
			return nil, fmt.Errorf("statement %d: %w", i, err)
		}
		d.Statements = append(d.Statements, parsed)
	}
	return &d, nil
}

// plain takes away the wrappings of a document, each at most once.
func plain(raw []byte) ([]byte, error) {
	raw = bytes.TrimSpace(raw)
	if bytes.HasPrefix(raw, []byte(`"`)) {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		raw = bytes.TrimSpace([]byte(s))
	}
	if bytes.HasPrefix(raw, []byte("%")) {
		s, err := url.PathUnescape(string(raw)) // + stands for itself
		if err != nil {
			return nil, err
		}
		raw = []byte(s)
	}
	return raw, nil
}

// object is a JSON object, its names in lower case: AWS takes them in any case. A name
// that is there twice is an error.
type object map[string]json.RawMessage

func (o *object) UnmarshalJSON(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return fmt.Errorf("%.20s is no object", raw)
	}
	*o = object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		lower := strings.ToLower(name.(string))
		if _, twice := (*o)[lower]; twice {
			return fmt.Errorf("%.40q is there twice", name)
		}
		(*o)[lower] = value
	}
	return nil
}

// elements are where the members of an object go, by name.
type elements map[string]any

// read takes an object apart. A member with no place to go is an error.
func (o object) read(into elements) error {
	for name, raw := range o {
		place, ok := into[name]
		if !ok {
			return fmt.Errorf("%.40q is no known element", name)
		}
		if err := json.Unmarshal(raw, place); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// many is a list that may be written as its only element. It is nil if it is not there.
type many[T any] []T

func (m *many[T]) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '[' {
		return json.Unmarshal(raw, (*[]T)(m))
	}
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*m = many[T]{one}
	return nil
}

// text is a string, or what JSON writes without quotes: true, 5.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	switch {
	case len(raw) > 0 && raw[0] == '"':
		return json.Unmarshal(raw, (*string)(t))
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null":
		return fmt.Errorf("%.20s is no string", raw)
	}
	*t = text(raw)
	return nil
}

// statement gives a statement its one form.
func (o object) statement(index int) (Statement, error) {
	s := Statement{Index: index}
	var effect text
	var principals, notPrincipals principals
	var actions, notActions, resources, notResources many[text]
	var conditions conditions
	if err := o.read(elements{
		"sid": (*text)(&s.Sid), "effect": &effect, "principal": &principals, "notprincipal": &notPrincipals,
		"action": &actions, "notaction": &notActions, "resource": &resources, "notresource": &notResources, "condition": &conditions,
	}); err != nil {
		return s, err
	}
	switch {
	case effect != "Allow" && effect != "Deny":
		return s, fmt.Errorf("its effect is %.20q", effect)
	case (actions == nil) == (notActions == nil):
		return s, errors.New("it needs either Action or NotAction")
	case resources != nil && notResources != nil:
		return s, errors.New("it has both Resource and NotResource")
	case principals != nil && notPrincipals != nil:
		return s, errors.New("it has both Principal and NotPrincipal")
	}
	s.Allow = effect == "Allow"
	asWritten := func(s string) string { return s }
	s.Actions, s.NotActions, s.written = texts(actions, action), notActions != nil, texts(actions, asWritten)
	if s.NotActions {
		s.Actions, s.written = texts(notActions, action), texts(notActions, asWritten)
	}
	s.Resources, s.NotResources = texts(resources, canonical), notResources != nil
	if s.NotResources {
		s.Resources = texts(notResources, canonical)
	}
	s.Principals, s.NotPrincipals = principals, notPrincipals != nil
	if s.NotPrincipals {
		s.Principals = notPrincipals
	}
	s.Conditions = conditions
	return s, nil
}

// texts are a list's elements in their one form. What is not there stays nil.
func texts(list many[text], form func(string) string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, t := range list {
		out = append(out, form(string(t)))
	}
	return out
}

// action writes a pattern of actions in its one form.
func action(pattern string) string {
	pattern = canonical(strings.ToLower(pattern))
	if pattern == "*:*" {
		return "*"
	}
	return pattern
}
