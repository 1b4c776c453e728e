package awsedit

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fob/internal/awsfile"
)

// Draft is a file with edits applied to it, not written yet.
type Draft struct {
	name   string
	place  Place
	before []byte
	after  []byte
	text   *text
}

// New applies edits to the text of a file, whose name is for messages; a file that
// does not exist is an empty one. At most one edit names the same profile.
//
// Errors name the profile: [ErrInvalid]; [ErrChanged] when a value is not the
// expected one; [awsfile.ErrNotFound] for a profile that is not in the file, unless
// the edit sets a key; [*awsfile.SyntaxError] for a line of the profile that cannot
// be read.
func New(name string, data []byte, place Place, edits ...Edit) (*Draft, error) {
	d := &Draft{name: name, place: place, before: data, text: split(data)}
	files, err := d.parse(data)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, e := range edits {
		if seen[e.Profile] {
			return nil, fmt.Errorf("edit profile %q: %w: two edits name it", e.Profile, ErrInvalid)
		}
		seen[e.Profile] = true
		if err := d.apply(files, e); err != nil {
			return nil, fmt.Errorf("edit profile %q: %w", e.Profile, err)
		}
	}
	d.after = d.text.join()
	return d, d.verify(files, edits)
}

// Changed says whether the edits change anything.
func (d *Draft) Changed() bool { return !bytes.Equal(d.before, d.after) }

// Bytes is the new text of the file. It may hold secrets.
func (d *Draft) Bytes() []byte { return d.after }

// Format implements fmt.Formatter, so that no verb reaches the text.
func (d Draft) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "draft of %q", d.name) }

// parse reads the text alone, as awsfile reads the file.
func (d *Draft) parse(data []byte) (*awsfile.Files, error) {
	paths := awsfile.Paths{Config: awsfile.Path{Name: d.name}}
	if d.place == Credentials {
		paths = awsfile.Paths{Credentials: awsfile.Path{Name: d.name}}
	}
	return awsfile.Read(paths, func(string) ([]byte, error) { return data, nil })
}

func (d *Draft) apply(files *awsfile.Files, e Edit) error {
	if err := e.check(); err != nil {
		return err
	}
	found, err := files.Profile(e.Profile)
	switch {
	case errors.Is(err, awsfile.ErrNotFound) && len(e.Set) > 0 && len(e.Expect) == 0:
		d.text.make(d.header(e.Profile), e.Set)
		return nil
	case err != nil:
		return err
	}
	if err := e.expected(found); err != nil {
		return err
	}
	s := sections{d.text, found, nil}
	for _, h := range found.Headers {
		s.parts = append(s.parts, d.text.section(h.Line))
	}
	return s.apply(e)
}

// expected compares the values that the edit was made for.
func (e Edit) expected(found awsfile.Section) error {
	for _, key := range slices.Sorted(maps.Keys(e.Expect)) {
		if v, _ := found.Get(key); v.Text != e.Expect[key].Reveal() {
			return fmt.Errorf("%s is not what it was: %w", key, ErrChanged)
		}
	}
	return nil
}

// header is how a profile is called in this file.
func (d *Draft) header(name string) string {
	if d.place == Credentials || name == "default" {
		return "[" + name + "]"
	}
	switch quote := `'`; {
	case !strings.ContainsAny(name, " \t"):
		return "[profile " + name + "]"
	case strings.Contains(name, quote):
		return `[profile "` + name + `"]`
	default:
		return "[profile " + quote + name + quote + "]"
	}
}

// sections are all parts of one profile.
type sections struct {
	text  *text
	found awsfile.Section
	parts []section
}

func (s sections) apply(e Edit) error {
	if e.Drop {
		for _, p := range s.parts {
			s.text.drop(p)
		}
		return nil
	}
	free := map[string]bool{} // names that removing and renaming leave unused
	for _, key := range e.Remove {
		free[key] = true
		for _, p := range s.all(key) {
			s.text.remove(p)
		}
	}
	for _, r := range e.Rename {
		if _, known := s.values(r.To); known && !free[r.To] && len(s.all(r.From)) > 0 {
			return fmt.Errorf("%w: it has %s and %s", ErrInvalid, r.From, r.To)
		}
		for _, p := range s.all(r.From) {
			s.text.rename(p, r)
		}
		free[r.From] = true
	}
	for _, set := range e.Set {
		s.set(set, free[set.Key])
	}
	if e.Prune {
		s.prune()
	}
	return nil
}

// prune drops the parts that are empty by now.
func (s sections) prune() {
	for _, p := range s.parts {
		if !s.text.holds(p) {
			s.text.drop(p)
		}
	}
}

// set writes a property over the last one of its name, or adds it.
func (s sections) set(set Property, free bool) {
	old := s.all(set.Key)
	if free || len(old) == 0 {
		s.text.add(s.parts[len(s.parts)-1], set)
		return
	}
	for _, p := range old[:len(old)-1] {
		s.text.remove(p)
	}
	s.text.replace(old[len(old)-1], set)
}

func (s sections) values(key string) ([]awsfile.Value, bool) {
	all := s.found.All(key)
	return all, len(all) > 0
}

// all are the properties of a name.
func (s sections) all(key string) (found []property) {
	for _, v := range s.found.All(key) {
		for _, part := range s.parts {
			if p, ok := part.at(v.Line); ok {
				found = append(found, p)
			}
		}
	}
	return found
}
