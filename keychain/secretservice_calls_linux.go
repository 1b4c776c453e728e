package keychain

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// The names of the Secret Service API, version 0.2, and of the bus itself.
const (
	secretsName     = "org.freedesktop.secrets"
	secretsPath     = dbus.ObjectPath("/org/freedesktop/secrets")
	secretsIface    = "org.freedesktop.Secret."
	busName         = "org.freedesktop.DBus"
	busPath         = dbus.ObjectPath("/org/freedesktop/DBus")
	propertiesIface = busName + ".Properties"
	// noObject is the path that stands for none: no prompt, no collection.
	noObject = dbus.ObjectPath("/")
)

// secretClient speaks the Secret Service API over a bus. Every value that comes back
// is checked before it is used.
type secretClient struct {
	*bus
	session dbus.ObjectPath
}

// matches are the items that a search found.
type matches struct{ open, locked []dbus.ObjectPath }

// none says whether nothing was found.
func (m matches) none() bool { return len(m.open)+len(m.locked) == 0 }

// wireSecret is the API's struct of that name, signature (oayays).
type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// start introduces the client, opens a session and searches.
func (c *secretClient) start(ctx context.Context, attrs map[string]string) (matches, error) {
	if err := c.greet(ctx); err != nil {
		return matches{}, err
	}
	session := c.service("OpenSession", "plain", dbus.MakeVariant(""))
	search := c.service("SearchItems", attrs)
	body, err := c.await(session)
	if err != nil {
		return matches{}, err
	}
	if c.session, err = pathAt(body, 1); err != nil {
		return matches{}, err
	}
	return c.found(search)
}

// greet introduces the client to the bus, which has to answer within
// probeTimeout, and then to the service.
//
// gnome-keyring registers a client on its first call, but may come to the call
// before the registration; OpenSession, SearchItems or the reading of a property
// then abort the daemon (GNOME/gnome-keyring#144, #190). The first call is
// therefore one that needs no registration, and the others follow its answer. It
// asks for a collection that nobody has; what the answer says does not matter.
func (c *secretClient) greet(ctx context.Context) error {
	hello := c.send(busName, busPath, busName, "Hello")
	first := c.service("ReadAlias", "fob")
	err := c.within(ctx, probeTimeout, "the session bus is silent", func(context.Context) error {
		if err := c.authenticate(); err != nil {
			return err
		}
		_, err := c.await(hello)
		return err
	})
	if err != nil {
		return err
	}
	var refusal *fault
	if _, err = c.await(first); errors.As(err, &refusal) {
		err = nil // if it matters, the next call is refused too
	}
	return err
}

// service queues a call of a method of the service itself.
func (c *secretClient) service(member string, args ...any) uint32 {
	return c.send(secretsName, secretsPath, secretsIface+"Service", member, args...)
}

// property queues the reading of a property.
func (c *secretClient) property(path dbus.ObjectPath, iface, name string) uint32 {
	return c.send(secretsName, path, propertiesIface, "Get", secretsIface+iface, name)
}

// search finds the items that have all these attributes.
func (c *secretClient) search(attrs map[string]string) (matches, error) {
	return c.found(c.service("SearchItems", attrs))
}

func (c *secretClient) found(search uint32) (m matches, err error) {
	body, err := c.await(search)
	if err != nil {
		return m, err
	}
	if m.open, err = pathsAt(body, 0); err != nil {
		return m, err
	}
	m.locked, err = pathsAt(body, 1)
	return m, err
}

// defaultCollection returns the collection that new items go to, and whether it
// is locked.
func (c *secretClient) defaultCollection() (path dbus.ObjectPath, locked bool, err error) {
	body, err := c.await(c.service("ReadAlias", "default"))
	if err != nil {
		return noObject, false, err
	}
	if path, err = pathAt(body, 0); err != nil {
		return noObject, false, err
	}
	if path == noObject {
		return noObject, false, fmt.Errorf("%w: the Secret Service has no default collection", ErrUnavailable)
	}
	body, err = c.await(c.property(path, "Collection", "Locked"))
	if err != nil {
		return noObject, false, err
	}
	locked, err = variantAt[bool](body, 0)
	return path, locked, err
}

// read returns the value of the one item among paths that fob wrote for account
// id: ErrNotFound without items, ErrCorrupt if none of them holds such a value.
func (c *secretClient) read(id string, paths []dbus.ObjectPath) ([]byte, error) {
	if len(paths) == 0 {
		return nil, ErrNotFound
	}
	body, err := c.await(c.service("GetSecrets", paths, c.session))
	if err != nil {
		return nil, err
	}
	secrets, err := valueAt[map[dbus.ObjectPath][]any](body, 0)
	if err != nil {
		return nil, err
	}
	return pick(id, paths, secrets)
}

// pick chooses among the secrets of paths; those of other paths are ignored.
func pick(id string, paths []dbus.ObjectPath, secrets map[dbus.ObjectPath][]any) (value []byte, err error) {
	err = malformedReply("no value")
	found := false
	for _, path := range paths {
		fields, given := secrets[path]
		if !given {
			continue
		}
		text, fieldErr := valueAt[[]byte](fields, 2)
		if fieldErr != nil {
			return nil, fieldErr
		}
		payload, frameErr := unframe(id, text)
		switch {
		case frameErr != nil:
			err = frameErr
		case found && !bytes.Equal(payload, value):
			return nil, fmt.Errorf("%w: two items with different values", ErrCorrupt)
		default:
			value, found = payload, true
		}
	}
	if !found {
		return nil, err
	}
	return value, nil
}

// create makes or replaces an item. A prompt other than noObject has to be gone
// through before the item is there.
func (c *secretClient) create(collection dbus.ObjectPath, label string, attrs map[string]string, value []byte) (item, prompt dbus.ObjectPath, err error) {
	properties := map[string]dbus.Variant{
		secretsIface + "Item.Label":      dbus.MakeVariant(label),
		secretsIface + "Item.Attributes": dbus.MakeVariant(attrs),
	}
	sealed := wireSecret{c.session, []byte{}, value, "text/plain"}
	body, err := c.await(c.send(secretsName, collection, secretsIface+"Collection", "CreateItem", properties, sealed, true))
	if err != nil {
		return noObject, noObject, err
	}
	if item, err = pathAt(body, 0); err != nil {
		return noObject, noObject, err
	}
	prompt, err = pathAt(body, 1)
	if err == nil && item == noObject && prompt == noObject {
		err = malformedReply("no item")
	}
	return item, prompt, err
}

// remove deletes an item. One that is gone already counts as deleted.
func (c *secretClient) remove(item dbus.ObjectPath) (prompt dbus.ObjectPath, err error) {
	body, err := c.await(c.send(secretsName, item, secretsIface+"Item", "Delete"))
	var refusal *fault
	if errors.As(err, &refusal) && refusal.gone() {
		return noObject, nil
	}
	if err != nil {
		return noObject, err
	}
	return pathAt(body, 0)
}

// accounts reads the attribute "account" of each item, "" where there is none.
func (c *secretClient) accounts(items []dbus.ObjectPath) ([]string, error) {
	const atOnce = 64 // so that neither side's buffers fill up
	ids := make([]string, 0, len(items))
	for len(items) > 0 {
		batch := items[:min(atOnce, len(items))]
		items = items[len(batch):]
		first := c.serial + 1
		for _, item := range batch {
			c.property(item, "Item", "Attributes")
		}
		for i := range batch {
			body, err := c.await(first + uint32(i))
			if err != nil {
				return nil, err
			}
			attrs, err := variantAt[map[string]string](body, 0)
			if err != nil {
				return nil, err
			}
			ids = append(ids, attrs["account"])
		}
	}
	return ids, nil
}

// valueAt returns element i of a reply, if it is there and of type T.
func valueAt[T any](body []any, i int) (T, error) {
	var zero T
	if i >= len(body) {
		return zero, malformedReply("too short")
	}
	v, ok := body[i].(T)
	if !ok {
		return zero, malformedReply("wrong type")
	}
	return v, nil
}

// variantAt is valueAt for a value in a variant.
func variantAt[T any](body []any, i int) (T, error) {
	v, err := valueAt[dbus.Variant](body, i)
	if err != nil {
		var zero T
		return zero, err
	}
	return valueAt[T]([]any{v.Value()}, 0)
}

// pathAt is valueAt for a path, which the decoder does not check.
func pathAt(body []any, i int) (dbus.ObjectPath, error) {
	path, err := valueAt[dbus.ObjectPath](body, i)
	if err == nil && !path.IsValid() {
		err = malformedReply("invalid path")
	}
	return path, err
}

// pathsAt is pathAt for a list.
func pathsAt(body []any, i int) ([]dbus.ObjectPath, error) {
	paths, err := valueAt[[]dbus.ObjectPath](body, i)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if !path.IsValid() {
			return nil, malformedReply("invalid path")
		}
	}
	return paths, nil
}
