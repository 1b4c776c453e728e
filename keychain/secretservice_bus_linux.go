package keychain

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

// maxMessage is the size limit of an incoming message in bytes. The largest that
// is asked for, the paths of all items of fob's, stays far below it.
const maxMessage = 1 << 20

// bus is a connection to a message bus that one goroutine uses: calls are queued
// with send, written together, and their replies awaited one by one.
//
// godbus encodes and decodes the messages. Its own connection is not used: it
// reads in goroutines of its own, where a malformed signal is a panic that no
// caller can recover from, and where nothing limits a message's size.
type bus struct {
	conn    net.Conn
	in      *bufio.Reader
	out     bytes.Buffer             // queued, not written yet
	serial  uint32                   // of the last message queued
	replies map[uint32]*dbus.Message // by serial; nil while it is awaited
	heard   func(*dbus.Message)      // gets incoming signals; nil ignores them
	unsent  error                    // why a message could not be queued
}

// dialBus connects to the bus at address and makes sure that its owner is uid.
// Nothing is sent yet.
func dialBus(ctx context.Context, address string, uid int) (*bus, error) {
	socket, err := socketOf(address)
	if err != nil {
		return nil, fmt.Errorf("%w: session bus address: %w", ErrUnavailable, err)
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket)
	switch {
	case ctx.Err() != nil:
		return nil, ended(ctx, "the session bus is silent")
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("%w: the session bus refused the connection", ErrDenied)
	case err != nil:
		return nil, fmt.Errorf("%w: the session bus is not running", ErrUnavailable)
	}
	if err := checkPeer(conn, uid); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &bus{conn: conn, in: bufio.NewReader(conn), replies: map[uint32]*dbus.Message{}}, nil
}

// checkPeer refuses a bus that runs as another user.
func checkPeer(conn net.Conn, uid int) error {
	var cred *syscall.Ucred
	err := errors.ErrUnsupported
	if sc, ok := conn.(syscall.Conn); ok {
		raw, rawErr := sc.SyscallConn()
		if rawErr != nil {
			return fmt.Errorf("%w: the session bus has no known owner", ErrUnavailable)
		}
		ctlErr := raw.Control(func(fd uintptr) {
			cred, err = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
		})
		err = errors.Join(err, ctlErr)
	}
	if err != nil {
		return fmt.Errorf("%w: the session bus has no known owner", ErrUnavailable)
	}
	if int64(cred.Uid) != int64(uid) {
		return fmt.Errorf("%w: the session bus belongs to another user", ErrUnavailable)
	}
	return nil
}

// close ends the connection, and with it the session and any open dialog.
func (b *bus) close() { _ = b.conn.Close() }

// within runs f, whose reads and writes fail when ctx ends or d has passed;
// silence says what was waited for.
func (b *bus) within(ctx context.Context, d time.Duration, silence string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	_ = b.conn.SetDeadline(time.Time{})
	stop := context.AfterFunc(ctx, func() { _ = b.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	err := f(ctx)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ended(ctx, silence)
	}
	return err
}

// authenticate proves who we are by the socket's credentials. The identity is
// left empty, as sd-bus does, so that it holds in a user namespace too.
func (b *bus) authenticate() error {
	if _, err := io.WriteString(b.conn, "\x00AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"); err != nil {
		return busLost(err)
	}
	for _, want := range []string{"DATA", "OK"} {
		line, err := b.in.ReadSlice('\n')
		if err != nil {
			return busLost(err)
		}
		word, _, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(" "))
		switch string(word) {
		case want:
		case "REJECTED":
			return fmt.Errorf("%w: the session bus refused the connection", ErrDenied)
		default:
			return malformedReply("authentication")
		}
	}
	return nil
}

// send queues a method call; await gives the reply. Method is the interface, a
// dot and the member.
func (b *bus) send(dest string, path dbus.ObjectPath, iface, member string, args ...any) uint32 {
	b.serial++
	m := &dbus.Message{Type: dbus.TypeMethodCall, Body: args, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldDestination: dbus.MakeVariant(dest),
		dbus.FieldPath:        dbus.MakeVariant(path),
		dbus.FieldInterface:   dbus.MakeVariant(iface),
		dbus.FieldMember:      dbus.MakeVariant(member),
	}}
	if len(args) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(args...))
	}
	start := b.out.Len()
	if err := m.EncodeTo(&b.out, binary.LittleEndian); err != nil {
		b.unsent = fmt.Errorf("%w: encode %s: %w", ErrUnavailable, member, err)
		return b.serial
	}
	// The codec keeps the serial number to itself; it is bytes 8 to 11 of a
	// message (D-Bus specification, "Message Format").
	binary.LittleEndian.PutUint32(b.out.Bytes()[start+8:], b.serial)
	b.replies[b.serial] = nil
	return b.serial
}

// await writes what is queued and returns the body of the reply to a call.
func (b *bus) await(serial uint32) ([]any, error) {
	if b.unsent != nil {
		return nil, b.unsent
	}
	if b.out.Len() > 0 {
		if _, err := b.out.WriteTo(b.conn); err != nil {
			return nil, busLost(err)
		}
	}
	for b.replies[serial] == nil {
		if err := b.receive(); err != nil {
			return nil, err
		}
	}
	m := b.replies[serial]
	delete(b.replies, serial)
	if m.Type == dbus.TypeError {
		name, _ := m.Headers[dbus.FieldErrorName].Value().(string)
		return nil, faultNamed(name)
	}
	return m.Body, nil
}

// receive reads one message and puts it where it belongs. Calls to fob and
// replies that nobody waits for are dropped.
func (b *bus) receive() error {
	m, err := b.read()
	if err != nil {
		return err
	}
	switch m.Type {
	case dbus.TypeMethodReply, dbus.TypeError:
		serial, _ := m.Headers[dbus.FieldReplySerial].Value().(uint32)
		if reply, awaited := b.replies[serial]; awaited && reply == nil {
			b.replies[serial] = m
		}
	case dbus.TypeSignal:
		if b.heard != nil {
			b.heard(m)
		}
	}
	return nil
}

// read reads one whole message, so that the decoder never meets the socket.
func (b *bus) read() (*dbus.Message, error) {
	head, err := b.in.Peek(16)
	if err != nil {
		return nil, busLost(err)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'B' {
		order = binary.BigEndian
	}
	body, fields := uint64(order.Uint32(head[4:])), uint64(order.Uint32(head[12:]))
	size := 16 + (fields+7)/8*8 + body
	if size > maxMessage {
		return nil, malformedReply("size of a message")
	}
	raw := make([]byte, size)
	if _, err := io.ReadFull(b.in, raw); err != nil {
		return nil, busLost(err)
	}
	return decodeMessage(raw)
}

// decodeMessage decodes one message; the decoder may panic on a malformed one.
func decodeMessage(raw []byte) (m *dbus.Message, err error) {
	defer func() {
		if recover() != nil {
			m, err = nil, malformedReply("message")
		}
	}()
	if m, err = dbus.DecodeMessage(bytes.NewReader(raw)); err != nil {
		return nil, malformedReply("message")
	}
	return m, nil
}

// busLost is the error of a broken connection; within tells a deadline apart.
func busLost(err error) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return err
	case errors.Is(err, bufio.ErrBufferFull):
		return malformedReply("authentication")
	}
	return fmt.Errorf("%w: the session bus closed the connection", ErrUnavailable)
}

// malformedReply is the error of an answer that breaks the protocol.
func malformedReply(what string) error {
	return fmt.Errorf("%w: malformed answer (%s)", ErrUnavailable, what)
}
