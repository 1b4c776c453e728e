package tty

import (
	"context"
	"fmt"
	"os"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// device is the console. It is read event by event and edited by an editor of
// ours, because a read of a whole line cannot be given up; so the console's
// modes are never changed and there is nothing to restore.
type device struct {
	in     windows.Handle
	out    *os.File
	parent windows.Handle // the process that started us, 0 if unknown
}

func endSignals() []os.Signal { return []os.Signal{os.Interrupt, windows.SIGTERM} }

func openDevice() (*device, error) {
	// A program without a window (as .NET starts its credential processes) has
	// a console that nobody sees.
	if !hasWindow() {
		return nil, fmt.Errorf("%w: no console window", ErrNoTerminal)
	}
	in, err := openConsole("CONIN$")
	if err != nil {
		return nil, err
	}
	out, err := openConsole("CONOUT$")
	if err != nil {
		_ = windows.CloseHandle(in)
		return nil, err
	}
	parent, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(os.Getppid()))
	if err != nil {
		parent = 0
	}
	return &device{in, os.NewFile(uintptr(out), "CONOUT$"), parent}, nil
}

func openConsole(name string) (windows.Handle, error) {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	const access = windows.GENERIC_READ | windows.GENERIC_WRITE
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE
	h, err := windows.CreateFile(path, access, share, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return 0, fmt.Errorf("%w: open %s: %w", ErrNoTerminal, name, err)
	}
	return h, nil
}

func (d *device) close() error {
	if d.parent != 0 {
		_ = windows.CloseHandle(d.parent)
	}
	_ = windows.CloseHandle(d.in)
	return d.out.Close()
}

func (d *device) write(_ context.Context, text string) error {
	if _, err := d.out.WriteString(text); err != nil {
		return fmt.Errorf("%w: write to it: %w", ErrNoTerminal, err)
	}
	return nil
}

func (d *device) ask(ctx context.Context, prompt string, echo bool) (string, error) {
	if err := d.write(ctx, prompt); err != nil {
		return "", err
	}
	line, err := d.readLine(ctx, echo)
	if err != nil {
		_ = windows.FlushConsoleInputBuffer(d.in)
		_ = d.write(ctx, "\r\n")
	}
	return line, err
}

func (d *device) readLine(ctx context.Context, echo bool) (string, error) {
	e := editor{echo: echo}
	var high rune // the first half of a character beyond 16 bits
	for {
		if err := d.wait(ctx); err != nil {
			return "", err
		}
		event, err := readEvent(d.in)
		if err != nil {
			return "", err
		}
		r, typed := event.char()
		if !typed {
			continue
		}
		if utf16.IsSurrogate(r) && high == 0 {
			high = r
			continue
		}
		if high != 0 {
			r, high = utf16.DecodeRune(high, r), 0
		}
		for range max(event.repeat, 1) {
			if err := d.write(ctx, e.key(r)); err != nil {
				return "", err
			}
			if e.done {
				return string(e.line), e.err
			}
		}
	}
}

// wait returns when there is an event to read, or with the reason to stop.
func (d *device) wait(ctx context.Context) error {
	handles := []windows.Handle{d.in}
	if d.parent != 0 {
		handles = append(handles, d.parent)
	}
	for {
		if err := ended(ctx); err != nil {
			return err
		}
		event, err := windows.WaitForMultipleObjects(handles, false, uint32(tick.Milliseconds()))
		switch {
		case err != nil:
			return fmt.Errorf("%w: wait for it: %w", ErrNoTerminal, err)
		case event == windows.WAIT_OBJECT_0:
			return nil
		case event == windows.WAIT_OBJECT_0+1:
			return ErrCancelled
		}
	}
}

// inputRecord is INPUT_RECORD of wincon.h with the KEY_EVENT_RECORD in it.
type inputRecord struct {
	kind    uint16
	_       uint16
	keyDown int32
	repeat  uint16
	keyCode uint16
	_       uint16
	unicode uint16
	_       uint32
}

// char returns the character that an event types, if it types one.
func (r *inputRecord) char() (rune, bool) {
	const keyEvent, altKey = 0x0001, 0x12
	if r.kind != keyEvent || r.unicode == 0 {
		return 0, false
	}
	// A character given by its number on the keypad comes when Alt is released.
	return rune(r.unicode), r.keyDown != 0 || r.keyCode == altKey
}

func readEvent(in windows.Handle) (*inputRecord, error) {
	var record inputRecord
	var n uint32
	ok, _, err := kernel32().NewProc("ReadConsoleInputW").Call(
		uintptr(in), uintptr(unsafe.Pointer(&record)), 1, uintptr(unsafe.Pointer(&n)))
	if ok == 0 {
		return nil, fmt.Errorf("%w: read it: %w", ErrNoTerminal, err)
	}
	return &record, nil
}

func hasWindow() bool {
	window, _, _ := kernel32().NewProc("GetConsoleWindow").Call()
	return window != 0
}

func kernel32() *windows.LazyDLL { return windows.NewLazySystemDLL("kernel32.dll") }
