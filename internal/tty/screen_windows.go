package tty

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf16"

	"golang.org/x/sys/windows"
)

// startDrawing makes the console understand control sequences. Keys are read event
// by event, so the input's modes stay; Ctrl-C comes as a signal.
func (d *device) startDrawing() (restore func(failed bool), err error) {
	out := windows.Handle(d.out.Fd())
	var saved uint32
	if err := windows.GetConsoleMode(out, &saved); err != nil {
		return nil, fmt.Errorf("%w: read its modes: %w", ErrNoTerminal, err)
	}
	drawing := saved | windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	if err := windows.SetConsoleMode(out, drawing); err != nil {
		return nil, fmt.Errorf("%w: set its modes: %w", ErrPlain, err)
	}
	return func(failed bool) {
		if failed {
			_ = windows.FlushConsoleInputBuffer(d.in)
		}
		_ = d.write(context.Background(), leave)
		_ = windows.SetConsoleMode(out, saved)
	}, nil
}

func (d *device) size() (columns, rows int) {
	var info windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(d.out.Fd()), &info); err != nil {
		return orDefault(0, 0)
	}
	return orDefault(int(info.Window.Right-info.Window.Left)+1, int(info.Window.Bottom-info.Window.Top)+1)
}

// readKeys returns what is typed within a short while, maybe nothing.
func (d *device) readKeys(ctx context.Context) ([]Key, error) {
	for high := rune(0); ; {
		short, cancel := context.WithTimeout(ctx, sequencePause)
		err := d.wait(short)
		cancel()
		if errors.Is(err, ErrTimeout) {
			return nil, ended(ctx)
		}
		if err != nil {
			return nil, err
		}
		event, err := readEvent(d.in)
		if err != nil {
			return nil, err
		}
		if k := event.special(); k != 0 {
			return []Key{k}, nil
		}
		r, typed := event.char()
		switch {
		case !typed:
			continue
		case utf16.IsSurrogate(r) && high == 0:
			high = r
			continue
		case high != 0:
			r, high = utf16.DecodeRune(high, r), 0
		}
		keys, _ := parseKeys([]byte(string(r)), true)
		return keys, nil
	}
}

// special is the key of an event that types no character, by its virtual-key
// code; 0 for others.
func (r *inputRecord) special() Key {
	const keyEvent = 0x0001
	if r.kind != keyEvent || r.keyDown == 0 || r.unicode != 0 {
		return 0
	}
	switch r.keyCode {
	case windows.VK_PRIOR:
		return KeyPageUp
	case windows.VK_NEXT:
		return KeyPageDown
	case windows.VK_END:
		return KeyEnd
	case windows.VK_HOME:
		return KeyHome
	case windows.VK_UP:
		return KeyUp
	case windows.VK_DOWN:
		return KeyDown
	case windows.VK_DELETE:
		return KeyDelete
	}
	return 0
}
