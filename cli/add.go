package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"fob/internal/display"
	"fob/internal/keycsv"
	"fob/internal/tty"
	"fob/keychain"
	"fob/resolve"
)

type addCmd struct {
	Name     string `arg:"" optional:"" name:"profile" help:"Name to store the key under. Without it: the user's name in the CSV file."`
	CSV      string `name:"csv" placeholder:"FILE" xor:"source" help:"Read the key from a CSV file that AWS made."`
	Stdin    bool   `xor:"source" help:"Read the key from stdin: CSV, JSON of 'aws iam create-access-key', or key id and secret on two lines."`
	User     string `placeholder:"NAME" help:"Which user of a CSV file with several."`
	Force    bool   `help:"Replace a stored key without asking."`
	NoVerify bool   `name:"no-verify" help:"Do not ask AWS whether the key works."`
}

func (addCmd) Help() string {
	return `Asks for the key without showing it, checks it with AWS and stores it in the
keychain. There is no flag for a secret: arguments are readable by others and
stay in the shell's history.

Examples:
  fob add dev
  fob add dev --csv ~/Downloads/ann_accessKeys.csv
  fob add dev --mfa-serial arn:aws:iam::123456789012:mfa/ann
  aws iam create-access-key --user-name ann | fob add dev --stdin`
}

func (c *addCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	if c.Name == "" && c.CSV == "" && !c.Stdin {
		return &failure{code: exitUsage, what: "add takes the name of a profile", why: "nothing proposes one", next: "fob add dev"}
	}
	backend, keys, err := a.keysForAdding(ctx)
	if err != nil {
		return err
	}
	key, err := c.read(ctx, a)
	if err != nil {
		return err
	}
	if c.Name, err = c.name(ctx, a, key); err != nil {
		return err
	}
	if err := c.mayReplace(ctx, a, keys, key); err != nil {
		return err
	}
	stored := keychain.LongLived{AccessKeyID: key.AccessKeyID, Secret: key.Secret, MFASerial: key.MFASerial, Added: a.sys.Now().UTC().Truncate(time.Second)}
	if a.g.MFASerial != "" {
		stored.MFASerial = a.g.MFASerial
	}
	who, err := c.verify(ctx, a, stored)
	if err != nil {
		return err
	}
	stored.AccountID = who.Account
	if err := keys.Put(ctx, c.Name, stored); err != nil {
		return fmt.Errorf("store the key of %q: %w", c.Name, err)
	}
	if err := a.record(backend); err != nil {
		return err
	}
	a.p.say(fmt.Sprintf("%s: stored %s in the %s%s", display.Text(c.Name), key.AccessKeyID, keys.Store.Name(), owner(who)))
	return c.offerToDelete(ctx, a)
}

func owner(who resolve.Identity) string {
	if who.ARN == "" {
		return ""
	}
	return ", the key of " + who.ARN
}

// read gets the key from a CSV file, from stdin or from a person.
func (c *addCmd) read(ctx context.Context, a *app) (keycsv.Key, error) {
	switch {
	case c.CSV != "":
		found, err := readKeyFile(ctx, c.CSV)
		if err != nil {
			return keycsv.Key{}, err
		}
		return a.pickKey(ctx, found, c.CSV, c.User)
	case c.Stdin:
		found, err := within(ctx, func() ([]keycsv.Key, error) { return parseKeyInput(a.sys.Stdin) })
		if err != nil {
			return keycsv.Key{}, err
		}
		return a.pickKey(ctx, found, "stdin", c.User)
	}
	return c.typed(ctx, a)
}

// typed asks a person, secrets without echo.
func (c *addCmd) typed(ctx context.Context, a *app) (keycsv.Key, error) {
	var key keycsv.Key
	err := a.ask(func(t *tty.Terminal) error {
		id, err := t.Line(ctx, "AWS Access Key ID: ")
		if err != nil {
			return err
		}
		secret, err := t.Secret(ctx, "AWS Secret Access Key: ")
		if err != nil {
			return err
		}
		found, err := keyFromText(id, secret.Reveal())
		if err != nil {
			return err
		}
		key = found
		return nil
	})
	return key, needing(err, "the access key")
}

// name is the profile's: the argument, else what the file proposes and a person accepts.
func (c *addCmd) name(ctx context.Context, a *app, key keycsv.Key) (string, error) {
	if c.Name != "" {
		return c.Name, nil
	}
	if key.User == "" {
		return "", &failure{code: exitUsage, what: "add takes the name of a profile", why: "the key comes without one", next: "fob add dev"}
	}
	ok, err := a.confirm(ctx, fmt.Sprintf("Store the key as profile %q?", display.Text(key.User)))
	if nobody(err) {
		return "", &failure{code: exitUsage, what: "add takes the name of a profile", why: "the file proposes " + display.Text(key.User), next: "fob add " + word(key.User) + " --csv " + word(c.CSV), err: err}
	}
	if err == nil && !ok {
		err = resolve.ErrCancelled
	}
	return key.User, err
}

// mayReplace asks before another key of the same name is lost.
func (c *addCmd) mayReplace(ctx context.Context, a *app, keys *keychain.Keys, key keycsv.Key) error {
	old, ok, err := keys.Index.Lookup(c.Name)
	if err != nil || !ok || c.Force || old.AccessKeyID == key.AccessKeyID {
		return err
	}
	yes, err := a.confirm(ctx, fmt.Sprintf("%s has the key %s. Replace it by %s?", display.Text(c.Name), old.AccessKeyID, key.AccessKeyID))
	if nobody(err) {
		return &failure{code: exitPerson, what: fmt.Sprintf("%q has the key %s already", c.Name, old.AccessKeyID), why: "replacing it needs a yes", next: "fob add " + word(c.Name) + " --force", err: err}
	}
	if err == nil && !yes {
		err = resolve.ErrCancelled
	}
	return err
}

// verify asks AWS whose key it is. A key that AWS refuses is not stored; when
// AWS cannot be reached it is, with a warning.
func (c *addCmd) verify(ctx context.Context, a *app, key keychain.LongLived) (resolve.Identity, error) {
	if c.NoVerify {
		return resolve.Identity{}, nil
	}
	pl, err := a.planner()
	if err != nil {
		return resolve.Identity{}, err
	}
	service, err := pl.ServiceFor(resolve.Request{Profile: c.Name, Region: a.g.Region})
	if err != nil {
		return resolve.Identity{}, err
	}
	r := &resolve.Resolver{Now: a.sys.Now, HTTP: a.httpClient}
	who, err := r.WhoAmI(ctx, service, resolve.Credentials{AccessKeyID: key.AccessKeyID, Secret: key.Secret})
	var aws *resolve.AWSError
	if !errors.As(err, &aws) {
		return who, err
	}
	switch aws.Cause {
	case resolve.BadKey, resolve.Expired:
		return who, &failure{code: exitAWS, what: "AWS refuses this key, it was not stored", why: aws.Error(), next: "check key id and secret; fob add " + word(c.Name) + " --no-verify stores it all the same", err: err}
	}
	a.p.warn("the key could not be checked: " + aws.Error())
	return resolve.Identity{}, nil
}

// offerToDelete: the file holds the key in clear, and is deleted only by a yes.
func (c *addCmd) offerToDelete(ctx context.Context, a *app) error {
	if c.CSV == "" {
		return nil
	}
	yes, err := a.offer(ctx, fmt.Sprintf("%s holds the key in clear. Delete it?", display.Text(c.CSV)))
	switch {
	case err != nil:
		a.p.say(fmt.Sprintf("%s still holds the key in clear: delete it", display.Text(c.CSV)))
		return nil
	case !yes:
		return nil
	}
	return os.Remove(c.CSV)
}

// keysForAdding opens the store, choosing one the first time: the system's
// keychain when there is one, never silently anything else.
func (a *app) keysForAdding(ctx context.Context) (backend string, keys *keychain.Keys, err error) {
	if backend, err = a.backend(); err != nil {
		return "", nil, err
	}
	if backend == "" {
		if a.env("FOB_KEYCHAIN") == backendFile {
			return "", nil, noStoreYet("FOB_KEYCHAIN is file, and there is no vault yet")
		}
		ks, err := a.openOS()
		if err == nil {
			err = ks.Probe(ctx)
		}
		if err != nil {
			return "", nil, noStoreYet(err.Error())
		}
		a.chosen, backend = backendOS, backendOS
	}
	keys, err = a.keys()
	return backend, keys, err
}

func noStoreYet(why string) error {
	return &failure{code: exitKeychain, what: "there is no keychain to store the key in", why: why, next: "fob vault create"}
}
