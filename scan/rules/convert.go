package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"fob/scan"
)

// Converted is a file of Scout2 or ScoutSuite in fob's form.
type Converted struct {
	Kind string // "configuration", or "exceptions"
	YAML string
	Left []Left // what is not in YAML, or is not quite the same there
}

// Left is something that was not converted, and why.
type Left struct {
	Place string // in the old file: "rules.iam-user-no-key-rotation.json[0]"
	Why   string
	// Partly says that it is in YAML, and does not mean quite the same there.
	Partly bool
}

// Convert reads a ruleset, a file of exceptions, or the file of a rule, as Scout2 and
// ScoutSuite have them, and writes it as fob reads it. What cannot be said in fob's form
// is left out and listed, never dropped in silence, and nothing that is written suppresses
// more than the old file did without being listed, too. name is the file's, for comments.
func Convert(name string, data []byte) (*Converted, error) {
	root, err := readOld(data)
	if err != nil {
		return nil, &Error{File: name, Problem: "this is no JSON of Scout2 or ScoutSuite: " + err.Error()}
	}
	c := converter{name: name, checks: scan.Checks()}
	out := &Converted{Kind: "configuration"}
	switch rules, conditions := root.get("rules"), root.get("conditions"); {
	case conditions != nil:
		out.YAML = c.rule(root)
	case rules != nil && rules.members != nil:
		out.YAML = c.ruleset(rules)
	case root.members != nil && (root.get("services") != nil || allMembers(root)):
		out.Kind, out.YAML = "exceptions", c.exceptions(root)
	default:
		return nil, &Error{File: name, Problem: "this is neither a ruleset, nor exceptions, nor a rule of Scout2 or ScoutSuite"}
	}
	out.Left = c.left
	return out, nil
}

// allMembers says whether every member of an object is an object, as of exceptions.
func allMembers(o *old) bool {
	return !slices.ContainsFunc(o.members, func(m member) bool { return m.value.members == nil })
}

// converter gathers what it cannot convert.
type converter struct {
	name   string
	left   []Left
	checks []scan.Check
	places []place // made when they are needed
}

func (c *converter) leave(place, format string, args ...any) {
	c.left = append(c.left, Left{Place: place, Why: fmt.Sprintf(format, args...)})
}

// note lists what was converted and does not mean quite the same.
func (c *converter) note(place, format string, args ...any) {
	c.left = append(c.left, Left{Place: place, Why: fmt.Sprintf(format, args...), Partly: true})
}

// old is a value of JSON that keeps the order of its members, the order of what is made
// of them. Objects have members, not nil; arrays have elements, not nil.
type old struct {
	members  []member
	elements []*old
	value    any // a string, a json.Number, a bool, or nil
}

type member struct {
	name  string
	value *old
}

// readOld reads JSON, with or without a name that it is given to in the first line, as
// the old tools save what a browser loads.
func readOld(data []byte) (*old, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if at := regexp.MustCompile(`^\s*[A-Za-z_]+\s*=`).FindIndex(data); at != nil {
		data = data[at[1]:]
	}
	data = bytes.TrimRight(data, " \t\r\n;")
	if len(data) > maxFile {
		return nil, fmt.Errorf("it has %d bytes, at most %d are read", len(data), maxFile)
	}
	if !json.Valid(data) {
		var v any
		return nil, json.Unmarshal(data, &v)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return decodeOld(d, 0)
}

func decodeOld(d *json.Decoder, depth int) (*old, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errors.New("it goes deeper than is read")
	}
	switch t {
	case json.Delim('{'):
		o := &old{members: []member{}}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := decodeOld(d, depth+1)
			if err != nil {
				return nil, err
			}
			o.members = append(o.members, member{name.(string), v})
		}
		_, err = d.Token()
		return o, noEOF(err)
	case json.Delim('['):
		o := &old{elements: []*old{}}
		for d.More() {
			v, err := decodeOld(d, depth+1)
			if err != nil {
				return nil, err
			}
			o.elements = append(o.elements, v)
		}
		_, err = d.Token()
		return o, noEOF(err)
	}
	return &old{value: t}, nil
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// get is a member, nil where there is none. The last of a name counts.
func (o *old) get(name string) *old {
	for _, m := range slices.Backward(o.members) {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// text is a single value as a text, "" for anything else.
func (o *old) text() string {
	if o == nil || o.value == nil {
		return ""
	}
	return fmt.Sprint(o.value)
}

// texts are the texts of a list, or of a single value.
func (o *old) texts() (out []string) {
	if o == nil {
		return nil
	}
	for _, e := range o.elements {
		out = append(out, e.text())
	}
	if o.value != nil {
		out = []string{o.text()}
	}
	return out
}

// quote writes a text so that YAML reads the same.
func quote(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "?") {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfff0 && r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// flow writes texts as a list in brackets. Names of checks and the like need no quotes.
func flow(list []string) string {
	plain := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	words := slices.Clone(list)
	for i, s := range words {
		if !plain.MatchString(s) {
			words[i] = quote(s)
		}
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// comment writes a text as a line of comment.
func comment(s string) string {
	return "# " + strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), " ") + "\n"
}
