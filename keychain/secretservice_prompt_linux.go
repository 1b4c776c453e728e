package keychain

import (
	"fmt"

	"github.com/godbus/dbus/v5"
)

// needsPerson says that a call cannot go on before somebody has answered a
// dialog: to unlock objects, or one that the service asks for of its own accord.
// To a caller that may not show dialogs it is ErrLocked.
type needsPerson struct {
	objects []dbus.ObjectPath // to unlock
	prompt  dbus.ObjectPath   // else: the dialog
}

func (*needsPerson) Error() string { return ErrLocked.Error() }

func (*needsPerson) Unwrap() error { return ErrLocked }

// satisfy shows the dialog that is needed and waits for its end, which is
// success, ErrCancelled or a failure.
func (c *secretClient) satisfy(need *needsPerson) error {
	prompt := need.prompt
	if len(need.objects) > 0 {
		body, err := c.await(c.service("Unlock", need.objects))
		if err != nil {
			return err
		}
		if prompt, err = pathAt(body, 1); err != nil {
			return err
		}
	}
	if prompt == noObject {
		return nil
	}
	return c.show(prompt)
}

// show opens a dialog. It listens before it opens, so as to miss neither the
// answer nor the death of the service.
func (c *secretClient) show(prompt dbus.ObjectPath) error {
	var outcome error
	over := false
	c.heard = func(m *dbus.Message) {
		if !over {
			outcome, over = outcomeOf(m, prompt)
		}
	}
	defer func() { c.heard = nil }()
	calls := []uint32{
		c.match("type='signal',interface='" + secretsIface + "Prompt',member='Completed',path='" + string(prompt) + "'"),
		c.match("type='signal',sender='" + busName + "',member='NameOwnerChanged',arg0='" + secretsName + "'"),
		c.send(secretsName, prompt, secretsIface+"Prompt", "Prompt", ""),
	}
	for _, call := range calls {
		if _, err := c.await(call); err != nil {
			return err
		}
	}
	for !over {
		if err := c.receive(); err != nil {
			return err
		}
	}
	return outcome
}

// match queues a subscription to signals.
func (c *secretClient) match(rule string) uint32 {
	return c.send(busName, busPath, busName, "AddMatch", rule)
}

// outcomeOf says whether a signal ends the dialog, and how.
func outcomeOf(m *dbus.Message, prompt dbus.ObjectPath) (outcome error, over bool) {
	member, _ := m.Headers[dbus.FieldMember].Value().(string)
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	sender, _ := m.Headers[dbus.FieldSender].Value().(string)
	switch {
	case member == "Completed" && path == prompt:
		dismissed, err := valueAt[bool](m.Body, 0)
		if err == nil && dismissed {
			err = ErrCancelled
		}
		return err, true
	case member == "NameOwnerChanged" && sender == busName:
		name, err := valueAt[string](m.Body, 0)
		if err != nil || name != secretsName {
			return nil, false
		}
		return fmt.Errorf("%w: the Secret Service ended during the dialog", ErrUnavailable), true
	}
	return nil, false
}
