package awsedit

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"fob/internal/awsfile"
)

// check refuses what could break out of its line.
func (e Edit) check() error {
	texts := append([]string{e.Profile}, e.Remove...)
	for _, r := range e.Rename {
		texts = append(texts, r.From, r.To)
	}
	for _, p := range e.Set {
		texts = append(texts, p.Key, p.Value)
	}
	for _, s := range texts {
		if strings.ContainsAny(s, "\r\n]\x00") {
			return fmt.Errorf("%w: a line break, NUL or ] in a name or value", ErrInvalid)
		}
	}
	for _, p := range e.Set {
		if p.Key != strings.ToLower(p.Key) || p.Value == "" {
			return fmt.Errorf("%w: the key %q is not in lower case or has no value", ErrInvalid, p.Key)
		}
	}
	return nil
}

// verify reads the new text and compares: profiles that no edit names are as
// before, the others are what the edits ask for.
func (d *Draft) verify(before *awsfile.Files, edits []Edit) error {
	after, err := d.parse(d.after)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	edited := make(map[string]bool, len(edits))
	for _, e := range edits {
		edited[e.Profile] = true
		if err := verifyEdit(before, after, e); err != nil {
			return fmt.Errorf("edit profile %q: %w", e.Profile, err)
		}
	}
	return verifyOthers(before, after, edited)
}

// errReadsOtherwise says that the new text does not mean what the edit asked for.
func errReadsOtherwise() error {
	return fmt.Errorf("%w: it would read otherwise than meant", ErrInvalid)
}

func verifyEdit(before, after *awsfile.Files, e Edit) error {
	got, err := after.Profile(e.Profile)
	if e.Drop {
		if errors.Is(err, awsfile.ErrNotFound) {
			return nil
		}
		return errReadsOtherwise()
	}
	old, oerr := before.Profile(e.Profile)
	if oerr != nil && !errors.Is(oerr, awsfile.ErrNotFound) {
		return oerr
	}
	wanted := e.wanted(texts(old))
	if err != nil && (!e.Prune || len(wanted) > 0 || !errors.Is(err, awsfile.ErrNotFound)) {
		return errReadsOtherwise()
	}
	if !reflect.DeepEqual(texts(got), wanted) {
		return errReadsOtherwise()
	}
	return nil
}

// texts are all values of all keys, in their order.
func texts(s awsfile.Section) map[string][]string {
	all := map[string][]string{}
	for _, key := range s.Keys() {
		for _, v := range s.All(key) {
			all[key] = append(all[key], v.Text)
		}
	}
	return all
}

// wanted is what the edit makes of a profile, worked out without its lines.
func (e Edit) wanted(values map[string][]string) map[string][]string {
	for _, key := range e.Remove {
		delete(values, key)
	}
	for _, r := range e.Rename {
		if v, ok := values[r.From]; ok {
			delete(values, r.From)
			values[r.To] = v
		}
	}
	for _, p := range e.Set {
		values[p.Key] = []string{p.Value}
	}
	return values
}

func verifyOthers(before, after *awsfile.Files, edited map[string]bool) error {
	wasProfiles, wasSessions, err := before.Dump(false)
	if err != nil {
		return err
	}
	isProfiles, isSessions, err := after.Dump(false)
	if err != nil {
		return err
	}
	named := func(name string, _ map[string]string) bool { return edited[name] }
	maps.DeleteFunc(wasProfiles, named)
	maps.DeleteFunc(isProfiles, named)
	if !reflect.DeepEqual(wasProfiles, isProfiles) || !reflect.DeepEqual(wasSessions, isSessions) {
		return fmt.Errorf("%w: another section would read otherwise", ErrInvalid)
	}
	names := slices.DeleteFunc(before.Names(), func(name string) bool { return edited[name] })
	if !slices.Equal(names, slices.DeleteFunc(after.Names(), func(name string) bool { return edited[name] })) {
		return fmt.Errorf("%w: the order of the profiles would change", ErrInvalid)
	}
	return nil
}
