package cli

import (
	"errors"
	"fmt"
	"slices"

	"fob/internal/awsfile"
	"fob/internal/display"
	"fob/resolve"
)

// find looks for the keys that the command line asks for.
func (c *importCmd) find(a *app) ([]*foundKey, error) {
	names := c.Names
	if len(names) == 0 && a.g.Profile != "" {
		names = []string{a.g.Profile}
	}
	files, err := a.awsFiles()
	if err != nil {
		return nil, err
	}
	f := &keyFinder{files: files}
	switch {
	case c.All == (len(names) > 0):
		return nil, &failure{code: exitUsage, what: "import takes profiles, or --all", why: "which keys are meant is not clear", next: "fob import --all --dry-run"}
	case c.All && a.g.MFASerial != "":
		return nil, oneSerialForMany()
	case c.All:
		return f.all(a)
	}
	return f.named(a, names)
}

func (f *keyFinder) named(a *app, names []string) (found []*foundKey, err error) {
	for _, name := range names {
		k, err := f.key(name)
		var none *noKeyError
		switch {
		case errors.As(err, &none):
			return nil, a.nothingToImport(none)
		case errors.Is(err, awsfile.ErrNotFound):
			return nil, &resolve.MissingProfileError{Profile: name, Hint: f.files.NotFoundHint(name)}
		case err != nil:
			return nil, &failure{code: exitConfig, what: fmt.Sprintf("profile %q cannot be read", name), why: err.Error(), next: "correct it, then: fob import " + word(name), err: err}
		}
		if !slices.ContainsFunc(found, func(other *foundKey) bool { return other.name == k.name }) {
			found = append(found, k)
		}
	}
	if a.g.MFASerial == "" {
		return found, nil
	}
	if len(found) > 1 {
		return nil, oneSerialForMany()
	}
	found[0].key.MFASerial = a.g.MFASerial
	return found, nil
}

func oneSerialForMany() error {
	return &failure{code: exitUsage, what: "--mfa-serial goes with one profile", why: "each key has a device of its own", next: "fob import NAME --mfa-serial ARN"}
}

func (a *app) nothingToImport(none *noKeyError) error {
	why := none.reason
	if e, ok, err := a.storedKey(none.profile); err == nil && ok {
		why += fmt.Sprintf("; the keychain holds its key %s", e.AccessKeyID)
	}
	return &failure{code: exitConfig, what: fmt.Sprintf("profile %q has no long-lived key in clear", none.profile), why: why, next: "fob explain " + word(none.profile), err: none}
}

// all goes over all profiles. What looks like a key and cannot be taken is told.
func (f *keyFinder) all(a *app) (found []*foundKey, err error) {
	if err := f.files.Missing(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, name := range f.files.Names() {
		k, err := f.key(name)
		var none *noKeyError
		switch {
		case errors.As(err, &none) && !none.half:
		case err != nil:
			a.p.warn(fmt.Sprintf("%s is left out: %v", display.Text(name), err))
		case !seen[k.name]:
			seen[k.name] = true
			found = append(found, k)
		}
	}
	return found, nil
}
