package awsedit

import (
	"fmt"
	"slices"

	"fob/internal/awsfile"
)

// WiredKey is the property by which [Wire.Undo] knows what [Wire.Do] has added to
// the config file: the lines "line", or the whole section "section".
const WiredKey = awsfile.WiredPrefix + "wired"

const (
	wiredLine    = "line"
	wiredSection = "section"
	process      = "credential_process"
)

// Wire makes SDKs ask fob for a profile, and no longer: it works out the edits of
// both AWS files.
type Wire struct {
	// Section is the profile as the files have it. It has a name also where no file
	// has the profile.
	Section awsfile.Section
	Paths   awsfile.Paths
	// Own says whether a credential_process is fob for this profile.
	Own func(command string) bool
}

// Wiring is what happens to one profile. Edits that are zero do nothing.
type Wiring struct {
	Config, Credentials Edit
	Keys                []string // those that are put aside, or back, as SDKs know them
}

// Changes says whether there is anything to do.
func (w Wiring) Changes() bool { return !w.Config.IsZero() || !w.Credentials.IsZero() }

// IsZero says whether an edit does nothing.
func (e Edit) IsZero() bool {
	return !e.Drop && len(e.Remove)+len(e.Rename)+len(e.Set) == 0
}

// DoubleError is a key that a file has twice, by its name and put aside: which of
// them to keep is not for fob to say.
type DoubleError struct {
	Key           string
	Plain, Prefix awsfile.Position
}

// Error implements error.
func (e *DoubleError) Error() string {
	return fmt.Sprintf("%s is in %s, and %s in %s", e.Key, e.Plain, awsfile.WiredPrefix+e.Key, e.Prefix)
}

// Wired is the place of the credential_process that [Wire.Do] has set. It is false
// for one that somebody wrote.
func (w Wire) Wired() (awsfile.Value, bool) {
	here := w.Section.In(w.Paths.Config.Name)
	v, ok := here.Plain(process)
	_, marked := here.Plain(WiredKey)
	return v, ok && marked && w.Own(v.Text)
}

// Touched says whether anything in the files speaks of [Wire.Do].
func (w Wire) Touched() bool {
	aside := func(key string) bool { return len(w.Section.All(awsfile.WiredPrefix+key)) > 0 }
	return aside("wired") || slices.ContainsFunc(awsfile.WiredKeys(), aside)
}

// Do puts all keys but keep aside that win over a credential_process, another
// program's credential_process included, and sets line in the config file; "" leaves
// the one that is [Wire.Wired]. Doing it twice changes nothing. The error is a
// *[DoubleError].
func (w Wire) Do(line string, keep []string) (Wiring, error) {
	did := Wiring{}
	config := w.Section.In(w.Paths.Config.Name)
	_, wired := w.Wired()
	err := w.each(&did, func(here awsfile.Section, e *Edit) error {
		for _, key := range awsfile.WiredKeys() {
			isOurs := key == process && wired && e == &did.Config
			if slices.Contains(keep, key) || isOurs {
				continue
			}
			if err := did.rename(e, here, Rename{From: key, To: awsfile.WiredPrefix + key}, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Wiring{}, err
	}
	if line != "" {
		did.Config.Set = append(did.Config.Set, Property{process, line})
	}
	switch _, marked := config.Plain(WiredKey); {
	case marked:
	case len(config.Headers) == 0:
		did.Config.Set = append(did.Config.Set, Property{WiredKey, wiredSection})
	default:
		did.Config.Set = append(did.Config.Set, Property{WiredKey, wiredLine})
	}
	return did, nil
}

// Undo takes out what [Wire.Do] has added and gives the keys their names back: the
// sections are what they were, byte for byte, but for what others have changed
// since. The error is a *[DoubleError].
func (w Wire) Undo() (Wiring, error) {
	did := Wiring{}
	if !w.Touched() {
		return did, nil
	}
	config := w.Section.In(w.Paths.Config.Name)
	if v, ok := config.Plain(process); ok && w.Own(v.Text) {
		did.Config.Remove = append(did.Config.Remove, process)
	}
	if len(config.All(WiredKey)) > 0 {
		did.Config.Remove = append(did.Config.Remove, WiredKey)
	}
	err := w.each(&did, func(here awsfile.Section, e *Edit) error {
		for _, key := range awsfile.WiredKeys() {
			if err := did.rename(e, here, Rename{From: awsfile.WiredPrefix + key, To: key}, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Wiring{}, err
	}
	how, _ := config.Plain(WiredKey)
	did.Config.Prune = how.Text == wiredSection
	return did, nil
}

// each works on the profile as it stands in each file.
func (w Wire) each(did *Wiring, edit func(awsfile.Section, *Edit) error) error {
	did.Config.Profile, did.Credentials.Profile = w.Section.Name, w.Section.Name
	if err := edit(w.Section.In(w.Paths.Config.Name), &did.Config); err != nil {
		return err
	}
	if err := edit(w.Section.In(w.Paths.Credentials.Name), &did.Credentials); err != nil {
		return err
	}
	order := awsfile.WiredKeys()
	slices.SortFunc(did.Keys, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return nil
}

// rename adds a renaming of a key that is there.
func (did *Wiring) rename(e *Edit, here awsfile.Section, r Rename, key string) error {
	from, to := here.All(r.From), here.All(r.To)
	switch {
	case len(from) == 0:
		return nil
	case len(to) > 0 && !slices.Contains(e.Remove, r.To):
		d := &DoubleError{Key: key, Plain: from[0].Position, Prefix: to[0].Position}
		if r.To == key {
			d.Plain, d.Prefix = d.Prefix, d.Plain
		}
		return d
	}
	e.Rename = append(e.Rename, r)
	if !slices.Contains(did.Keys, key) {
		did.Keys = append(did.Keys, key)
	}
	return nil
}
