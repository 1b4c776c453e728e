package keychain

import (
	"bufio"
	"encoding/binary"
	"io"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

const fakeCollection = secretsPath + "/collection/login"

// fakeService is a bus with a Secret Service in one: it does what the API says, and at
// one method what misbehave says.
type fakeService struct {
	items     map[dbus.ObjectPath]*fakeItem
	locked    bool              // the default collection and its items
	hides     bool              // a locked collection shows no items
	alias     dbus.ObjectPath   // the default collection; "" is fakeCollection
	dialog    string            // what comes of it: accept, keep (locked), dismiss, never, die
	asks      string            // method that answers with a prompt: CreateItem, Delete
	at        string            // method that misbehaves
	misbehave func(r fakeReply) // answers in place of the service

	mu    sync.Mutex
	calls []string
	asked func() // what the answered prompt does
}

type fakeItem struct {
	attrs map[string]string
	value []byte
}

// fakeReply is a call that waits for its answer.
type fakeReply struct {
	conn net.Conn
	call *dbus.Message
}

// store starts the fake and returns a store that uses it.
func (f *fakeService) store(t testing.TB) *SecretService {
	t.Helper()
	if f.items == nil {
		f.items = map[dbus.ObjectPath]*fakeItem{}
	}
	if f.alias == "" {
		f.alias = fakeCollection
	}
	return &SecretService{Address: listenUnix(t, f.serve), UID: os.Getuid()}
}

// hold puts an item of fob's into the fake.
func (f *fakeService) hold(t testing.TB, a Account, value string) *fakeService {
	t.Helper()
	if f.items == nil {
		f.items = map[dbus.ObjectPath]*fakeItem{}
	}
	f.items[fakeCollection+"/1"] = &fakeItem{attributes(a), mustFrame(t, a.ID(), value)}
	return f
}

// count says how often a method was called.
func (f *fakeService) count(member string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if c == member {
			n++
		}
	}
	return n
}

func (f *fakeService) serve(conn net.Conn) {
	b := &bus{conn: conn, in: bufio.NewReader(conn)}
	for {
		line, err := b.in.ReadString('\n')
		if err != nil {
			return
		}
		switch line = strings.TrimLeft(strings.TrimSpace(line), "\x00"); line {
		case "AUTH EXTERNAL":
			_, _ = io.WriteString(conn, "DATA\r\n")
		case "DATA":
			_, _ = io.WriteString(conn, "OK 0123456789abcdef0123456789abcdef\r\n")
		}
		if line == "BEGIN" {
			break
		}
	}
	for {
		call, err := b.read()
		if err != nil {
			return
		}
		member, _ := call.Headers[dbus.FieldMember].Value().(string)
		f.mu.Lock()
		f.calls = append(f.calls, member)
		f.mu.Unlock()
		r := fakeReply{conn, call}
		if f.misbehave != nil && member == f.at {
			f.misbehave(r)
			continue
		}
		f.answer(member, r)
	}
}

// answer is the API.
func (f *fakeService) answer(member string, r fakeReply) {
	path, _ := r.call.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	body := r.call.Body
	switch member {
	case "Hello":
		r.ok(":1.7")
		r.signal(busPath, busName, "NameAcquired", ":1.7")
	case "OpenSession":
		r.ok(dbus.MakeVariant(""), secretsPath+"/session/1")
	case "SearchItems":
		open, locked := f.search(body[0].(map[string]string))
		r.ok(open, locked)
	case "ReadAlias":
		r.ok(f.alias)
	case "Get":
		switch body[1].(string) {
		case "Locked":
			r.ok(dbus.MakeVariant(f.locked))
		case "Attributes":
			r.ok(dbus.MakeVariant(f.items[path].attrs))
		}
	case "GetSecrets":
		secrets := map[dbus.ObjectPath]wireSecret{}
		for _, p := range body[0].([]dbus.ObjectPath) {
			secrets[p] = wireSecret{secretsPath + "/session/1", []byte{}, f.items[p].value, "text/plain"}
		}
		r.ok(secrets)
	case "CreateItem":
		f.create(r)
	case "Delete":
		f.orAsk("Delete", r, func() dbus.ObjectPath { delete(f.items, path); return "" })
	case "Unlock":
		if f.dialog == "" {
			f.locked = false
			r.ok(body[0], noObject)
			return
		}
		f.asked = func() { f.locked = f.dialog == "keep" }
		r.ok([]dbus.ObjectPath{}, secretsPath+"/prompt/1")
	case "AddMatch":
		r.ok()
	case "Prompt":
		r.ok()
		f.end(r)
	}
}

// end ends the open dialog.
func (f *fakeService) end(r fakeReply) {
	prompt := secretsPath + "/prompt/1"
	switch f.dialog {
	case "accept", "keep":
		f.asked()
		// A signal about another dialog is not the answer.
		r.signal(secretsPath+"/prompt/9", secretsIface+"Prompt", "Completed", true, dbus.MakeVariant(""))
		r.signal(prompt, secretsIface+"Prompt", "Completed", false, dbus.MakeVariant(""))
	case "dismiss":
		r.signal(prompt, secretsIface+"Prompt", "Completed", true, dbus.MakeVariant(""))
	case "die":
		r.signal(busPath, busName, "NameOwnerChanged", secretsName, ":1.1", "")
	}
}

func (f *fakeService) search(attrs map[string]string) (open, locked []dbus.ObjectPath) {
	open, locked = []dbus.ObjectPath{}, []dbus.ObjectPath{}
	for _, path := range slices.Sorted(maps.Keys(f.items)) {
		for k, v := range attrs {
			if f.items[path].attrs[k] != v {
				path = ""
				break
			}
		}
		switch {
		case path == "":
		case !f.locked:
			open = append(open, path)
		case !f.hides:
			locked = append(locked, path)
		}
	}
	return open, locked
}

func (f *fakeService) create(r fakeReply) {
	properties := r.call.Body[0].(map[string]dbus.Variant)
	attrs := properties[secretsIface+"Item.Attributes"].Value().(map[string]string)
	value := r.call.Body[1].([]any)[2].([]byte)
	f.orAsk("CreateItem", r, func() dbus.ObjectPath {
		path := fakeCollection + "/1"
		f.items[path] = &fakeItem{attrs, value}
		return path
	})
}

// orAsk does what the method does, or leaves it to the answered prompt.
func (f *fakeService) orAsk(member string, r fakeReply, do func() dbus.ObjectPath) {
	item, prompt := noObject, noObject
	if f.asks == member {
		prompt, f.asked = secretsPath+"/prompt/1", func() { do() }
	} else {
		item = do()
	}
	if member == "Delete" {
		r.ok(prompt)
		return
	}
	r.ok(item, prompt)
}

// ok sends a reply.
func (r fakeReply) ok(body ...any) {
	r.send(&dbus.Message{Type: dbus.TypeMethodReply, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(r.call.Serial()),
		dbus.FieldSender:      dbus.MakeVariant(":1.1"),
	}})
}

// fail sends an error reply.
func (r fakeReply) fail(name string, body ...any) {
	r.send(&dbus.Message{Type: dbus.TypeError, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(r.call.Serial()),
		dbus.FieldErrorName:   dbus.MakeVariant(name),
	}})
}

func (r fakeReply) signal(path dbus.ObjectPath, iface, member string, body ...any) {
	sender := ":1.1"
	if iface == busName {
		sender = busName
	}
	r.send(&dbus.Message{Type: dbus.TypeSignal, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:      dbus.MakeVariant(path),
		dbus.FieldInterface: dbus.MakeVariant(iface),
		dbus.FieldMember:    dbus.MakeVariant(member),
		dbus.FieldSender:    dbus.MakeVariant(sender),
	}})
}

// send encodes m; a failure shows as a missing answer.
func (r fakeReply) send(m *dbus.Message) {
	if len(m.Body) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(m.Body...))
	}
	var raw strings.Builder
	if m.EncodeTo(&raw, binary.LittleEndian) == nil {
		r.raw([]byte(raw.String()))
	}
}

// raw sends bytes with a serial number in the place where messages have it.
func (r fakeReply) raw(b []byte) {
	if len(b) >= 12 {
		binary.LittleEndian.PutUint32(b[8:], 1)
	}
	_, _ = r.conn.Write(b)
}
