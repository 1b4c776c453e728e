package keychain

import (
	"context"
	"testing"

	"github.com/godbus/dbus/v5"
)

// BenchmarkGet compares a read with the least that godbus's own connection needs
// for one: the greeting and three calls, one after another. Both connect anew,
// as each run of fob does.
func BenchmarkGet(b *testing.B) {
	d := startKeyring(b)
	s, a := d.store(), Account{KindKey, "dev"}
	plantItems(b, d.dial(b), "{}", foreignItems(300)...)
	if err := s.Set(context.Background(), a, make([]byte, 200)); err != nil {
		b.Fatal(err)
	}
	b.Run("fob", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Get(context.Background(), a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			if err := threeCalls(d.address, attributes(a)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func threeCalls(address string, attrs map[string]string) error {
	conn, err := dbus.Connect(address)
	if err != nil {
		return err
	}
	defer conn.Close()
	o := conn.Object(secretsName, secretsPath)
	var output dbus.Variant
	var session dbus.ObjectPath
	if err := o.Call(secretsIface+"Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&output, &session); err != nil {
		return err
	}
	var open, locked []dbus.ObjectPath
	if err := o.Call(secretsIface+"Service.SearchItems", 0, attrs).Store(&open, &locked); err != nil {
		return err
	}
	var secrets map[dbus.ObjectPath]wireSecret
	return o.Call(secretsIface+"Service.GetSecrets", 0, open, session).Store(&secrets)
}
