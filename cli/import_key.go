package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fob/internal/awsedit"
	"fob/internal/awsfile"
	"fob/internal/secret"
	"fob/keychain"
	"fob/resolve"
)

const (
	propKeyID  = "aws_access_key_id"
	propSecret = "aws_secret_access_key"
)

// sessionProperties are what opinel wrote into a profile beside its serial.
var sessionProperties = []string{propKeyID, propSecret, "aws_session_token", "aws_security_token", "expiration"}

// foundKey is a long-lived key that lies in clear in the AWS files.
type foundKey struct {
	name   string // it is stored under this one
	from   string // the section that it stands in: name, or name-nomfa
	at     awsfile.Position
	key    keychain.LongLived
	edits  []fileEdit // what takes it out
	inUse  string     // why it cannot be taken out, or ""
	who    resolve.Identity
	failed *failure // why it was not imported, or nil
}

// fileEdit is an edit and the file that it is for.
type fileEdit struct {
	place awsedit.Place
	edit  awsedit.Edit
}

// noKeyError says why a profile has no key to import.
type noKeyError struct {
	profile, reason string
	half            bool // there is something of a key, which should be looked at
}

func (e *noKeyError) Error() string {
	return fmt.Sprintf("profile %q has no long-lived key in clear: %s", e.profile, e.reason)
}

// keyFinder looks for keys in the AWS files.
type keyFinder struct {
	files   *awsfile.Files
	sources map[string]string // see sourceOf
}

// key finds the long-lived key of a profile: its own, or the one that opinel put
// into [profile-nomfa]. Asking for that section is asking for the profile.
func (f *keyFinder) key(name string) (*foundKey, error) {
	k, err := f.own(name)
	if base, isNomfa := strings.CutSuffix(name, nomfaEnd); isNomfa && base != "" {
		if _, berr := f.own(base); err != nil || berr == nil {
			return k, err // both have a key: no pair
		}
		return f.pair(base, k)
	}
	var none *noKeyError
	if errors.As(err, &none) && none.half || err == nil {
		return k, err
	}
	nomfa, nerr := f.own(name + nomfaEnd)
	if nerr != nil {
		return nil, err
	}
	return f.pair(name, nomfa)
}

// own finds the key in the profile itself. The error is a *noKeyError or awsfile's.
func (f *keyFinder) own(name string) (*foundKey, error) {
	section, err := f.files.Profile(name)
	if err != nil {
		return nil, err
	}
	id, hasID := section.Get(propKeyID)
	text, hasText := section.Get(propSecret)
	here := section.In(id.File)
	half := func(reason string) (*foundKey, error) { return nil, &noKeyError{name, reason, true} }
	switch {
	case !hasID && !hasText:
		return nil, &noKeyError{name, "it has no " + propKeyID, false}
	case strings.HasPrefix(id.Text, "ASIA"):
		return nil, &noKeyError{name, "its key is temporary", false}
	case !hasID || !hasText:
		return half("half of the key pair is missing")
	case id.File != text.File:
		return half("the key id and the secret stand in two files")
	case !strings.HasPrefix(id.Text, "AKIA"):
		return half("the key id does not begin with AKIA")
	case sectionHas(here, "aws_session_token") || sectionHas(here, "aws_security_token"):
		return half("a session token stands beside it")
	case ambiguous(here, propKeyID) || ambiguous(here, propSecret):
		return half("there are two keys in it, of which one would be lost")
	}
	if _, err := keyFromText(id.Text, text.Text); err != nil {
		return half("the key id or the secret has another form than AWS's")
	}
	return &foundKey{
		name: name, from: name, at: id.Position,
		key: keychain.LongLived{AccessKeyID: id.Text, Secret: secret.New(text.Text)},
		edits: []fileEdit{{f.place(id.File), awsedit.Edit{
			Profile: name,
			Expect:  map[string]secret.Text{propKeyID: secret.New(id.Text), propSecret: secret.New(text.Text)},
			Remove:  []string{propKeyID, propSecret},
		}}},
	}, nil
}

func sectionHas(s awsfile.Section, key string) bool {
	_, ok := s.Get(key)
	return ok
}

// ambiguous says whether a key has two different values in a file.
func ambiguous(s awsfile.Section, key string) bool {
	last, _ := s.Get(key)
	return slices.ContainsFunc(s.All(key), func(v awsfile.Value) bool { return v.Text != "" && v.Text != last.Text })
}

func (f *keyFinder) place(file string) awsedit.Place {
	if file == f.files.Paths().Credentials.Name {
		return awsedit.Credentials
	}
	return awsedit.Config
}

// pair makes the key of [name-nomfa] the one of name. Its section goes, and the
// session in [name]; the section's serial is stored with the key.
func (f *keyFinder) pair(name string, k *foundKey) (*foundKey, error) {
	k.name = name
	k.edits[0].edit.Remove, k.edits[0].edit.Drop = nil, true
	section, err := f.files.Profile(k.from)
	if err != nil {
		return nil, err
	}
	k.key.MFASerial = serialOf(section)
	if by := f.sourceOf(k.from); by != "" {
		k.inUse = fmt.Sprintf("source_profile of %q names %q; write %q there", by, k.from, name)
	}
	session, err := f.files.Profile(name)
	if errors.Is(err, awsfile.ErrNotFound) {
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	if id, ok := session.Get(propKeyID); ok && strings.HasPrefix(id.Text, "ASIA") {
		k.edits = append(k.edits, fileEdit{f.place(id.File), awsedit.Edit{
			Profile: name, Expect: map[string]secret.Text{propKeyID: secret.New(id.Text)}, Remove: sessionProperties,
		}})
	}
	return k, nil
}

func serialOf(s awsfile.Section) string {
	for _, key := range []string{"mfa_serial", "aws_mfa_serial"} {
		if v, ok := s.Get(key); ok {
			return v.Text
		}
	}
	return ""
}

// sourceOf is a profile whose source_profile is this one, or "".
func (f *keyFinder) sourceOf(name string) string {
	if f.sources == nil {
		f.sources = map[string]string{}
		for _, other := range f.files.Names() {
			if s, err := f.files.Profile(other); err == nil {
				if v, ok := s.Get("source_profile"); ok && v.Text != other {
					f.sources[v.Text] = other
				}
			}
		}
	}
	return f.sources[name]
}
