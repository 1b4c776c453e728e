package keychain

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

func TestDialog(t *testing.T) {
	a := Account{KindKey, "dev"}
	for name, c := range map[string]struct {
		*fakeService
		want error
	}{
		"without a dialog":     {&fakeService{locked: true}, nil},
		"accepted":             {&fakeService{locked: true, dialog: "accept"}, nil},
		"accepted, was hidden": {&fakeService{locked: true, hides: true, dialog: "accept"}, nil},
		"still locked":         {&fakeService{locked: true, dialog: "keep"}, ErrLocked},
		"dismissed":            {&fakeService{locked: true, dialog: "dismiss"}, ErrCancelled},
		"never answered":       {&fakeService{locked: true, dialog: "never"}, ErrTimeout},
		"service dies":         {&fakeService{locked: true, dialog: "die"}, ErrUnavailable},
	} {
		f := c.fakeService
		s := f.hold(t, a, "value").store(t)
		s.Interactive, s.PromptTimeout = func() bool { return true }, 300*time.Millisecond
		var got []byte
		err := endsWithin(t, 2*time.Second, func() (err error) { got, err = s.Get(context.Background(), a); return err })
		if !errors.Is(err, c.want) || err == nil && string(got) != "value" {
			t.Errorf("%s: %q, %v; want %v", name, got, err, c.want)
		}
		if f.dialog == "" && f.count("Prompt") != 0 || f.dialog != "" && f.count("Prompt") != 1 {
			t.Errorf("%s: %d dialogs", name, f.count("Prompt"))
		}
	}
}

// Unattended, a locked keychain is never asked to unlock itself.
func TestNoDialogUnattended(t *testing.T) {
	a := Account{KindKey, "dev"}
	for _, hides := range []bool{false, true} {
		f := &fakeService{locked: true, hides: hides, dialog: "accept"}
		s := f.hold(t, a, "value").store(t)
		for _, interactive := range []func() bool{nil, func() bool { return false }} {
			s.Interactive = interactive
			_, err := s.Get(context.Background(), a)
			if !errors.Is(err, ErrLocked) || !strings.HasSuffix(err.Error(), ErrLocked.Error()) {
				t.Errorf("Get: %v", err)
			}
			if err := s.Set(context.Background(), a, nil); !errors.Is(err, ErrLocked) {
				t.Errorf("Set: %v", err)
			}
			if err := s.Delete(context.Background(), a); !errors.Is(err, ErrLocked) {
				t.Errorf("Delete: %v", err)
			}
		}
		s.Interactive = func() bool { return true }
		if _, err := s.List(context.Background()); !errors.Is(err, ErrLocked) {
			t.Errorf("List: %v", err)
		}
		if f.count("Unlock")+f.count("Prompt") != 0 {
			t.Errorf("hides %v: a dialog was asked for", hides)
		}
	}
}

// A service may ask a question of its own before it writes or deletes.
func TestDialogOfTheService(t *testing.T) {
	a := Account{KindKey, "dev"}
	for dialog, want := range map[string]error{"accept": nil, "dismiss": ErrCancelled} {
		f := &fakeService{asks: "CreateItem", dialog: dialog}
		s := f.store(t)
		s.Interactive = func() bool { return true }
		if err := s.Set(context.Background(), a, []byte("value")); !errors.Is(err, want) {
			t.Errorf("Set, %s: %v, want %v", dialog, err, want)
		}
		if _, err := s.Get(context.Background(), a); (err == nil) != (want == nil) {
			t.Errorf("Get, %s: %v", dialog, err)
		}
		f = (&fakeService{asks: "Delete", dialog: dialog}).hold(t, a, "value")
		s = f.store(t)
		s.Interactive = func() bool { return true }
		if err := s.Delete(context.Background(), a); !errors.Is(err, want) {
			t.Errorf("Delete, %s: %v, want %v", dialog, err, want)
		}
		if _, err := s.Get(context.Background(), a); (err == nil) != (want != nil) {
			t.Errorf("Get, %s: %v", dialog, err)
		}
	}
	f := &fakeService{asks: "CreateItem", dialog: "accept"}
	if err := f.store(t).Set(context.Background(), a, nil); !errors.Is(err, ErrLocked) || f.count("Prompt") != 0 {
		t.Errorf("Set unattended: %v", err)
	}
}

func TestNoDefaultCollection(t *testing.T) {
	a := Account{KindKey, "dev"}
	s := (&fakeService{alias: noObject}).store(t)
	_, getErr := s.Get(context.Background(), a)
	_, listErr := s.List(context.Background())
	for _, err := range []error{getErr, listErr, s.Set(context.Background(), a, nil), s.Delete(context.Background(), a), s.Probe(context.Background())} {
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "no default collection") {
			t.Errorf("%v", err)
		}
	}
}

// An item in a collection that is the default no longer is replaced all the same.
func TestSetRemovesOtherCopies(t *testing.T) {
	a := Account{KindKey, "dev"}
	f := &fakeService{}
	s := f.hold(t, a, "old").store(t)
	f.items[secretsPath+"/collection/other/5"] = &fakeItem{attributes(a), mustFrame(t, a.ID(), "older")}
	if _, err := s.Get(context.Background(), a); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("Get of two values: %v", err)
	}
	if err := s.Set(context.Background(), a, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(context.Background(), a); err != nil || string(got) != "new" || len(f.items) != 1 {
		t.Errorf("Get = %q, %v; %d items", got, err, len(f.items))
	}
}

// The hot path is three calls after the greeting, the first of which is safe for
// a service that does not know the client yet.
func TestGetCalls(t *testing.T) {
	a := Account{KindKey, "dev"}
	f := (&fakeService{}).hold(t, a, "value")
	if _, err := f.store(t).Get(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.calls, " "); got != "Hello ReadAlias OpenSession SearchItems GetSecrets" {
		t.Errorf("calls: %s", got)
	}
}

func TestListIsSorted(t *testing.T) {
	f := &fakeService{items: map[dbus.ObjectPath]*fakeItem{}}
	for i := range 150 {
		a := Account{KindKey, strings.Repeat("x", i)}
		f.items[fakeCollection+dbus.ObjectPath("/"+strings.Repeat("i", i+1))] = &fakeItem{attributes(a), nil}
	}
	ids, err := f.store(t).List(context.Background())
	if err != nil || len(ids) != 150 || ids[0] > ids[149] {
		t.Errorf("List: %d items, %v", len(ids), err)
	}
}
