package picker_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fob/internal/picker"
	"fob/internal/tty"
)

var errEnd = errors.New("no more keys")

// stage is a terminal that is typed on: a text for characters, a tty.Key for others,
// a size for a resize.
type stage struct {
	t     *testing.T
	grid  *grid
	acts  []any
	shown []string // the picture before each key
}

type size struct{ columns, rows int }

func newStage(t *testing.T, s size, acts ...any) *stage {
	var single []any
	for _, a := range acts {
		if text, ok := a.(string); ok {
			for _, r := range text {
				single = append(single, tty.Key(r))
			}
			continue
		}
		single = append(single, a)
	}
	return &stage{t: t, grid: newGrid(s), acts: single}
}

func (s *stage) Size() (columns, rows int) { return s.grid.columns, s.grid.rows }

func (s *stage) Write(text string) error {
	s.grid.write(s.t, text)
	return nil
}

func (s *stage) Key() (tty.Key, error) {
	s.shown = append(s.shown, s.grid.String())
	if len(s.acts) == 0 {
		return 0, errEnd
	}
	act := s.acts[0]
	s.acts = s.acts[1:]
	if to, ok := act.(size); ok {
		old := s.grid
		s.grid = newGrid(to)
		s.grid.fill(old) // what was drawn stays until it is drawn over
		return tty.KeyResize, nil
	}
	return act.(tty.Key), nil
}

func (s *stage) last() string { return s.shown[len(s.shown)-1] }

func list(names ...string) *picker.List {
	return &picker.List{Title: "Profile", Names: names, About: func(i int) string { return fmt.Sprintf("about %d", i) }}
}

func TestPick(t *testing.T) {
	names := []string{"dev", "prod", "prod-eu", "stage"}
	for _, tc := range []struct {
		name string
		acts []any
		want int
		err  error
	}{
		{"the first", []any{tty.KeyEnter}, 0, nil},
		{"down and up", []any{tty.KeyDown, tty.KeyDown, tty.KeyUp, tty.KeyEnter}, 1, nil},
		{"not beyond the ends", []any{tty.KeyUp, tty.KeyUp, tty.KeyEnd, tty.KeyDown, tty.KeyEnter}, 3, nil},
		{"home", []any{tty.KeyEnd, tty.KeyHome, tty.KeyEnter}, 0, nil},
		{"pages", []any{tty.KeyPageDown, tty.KeyPageUp, tty.KeyPageDown, tty.KeyEnter}, 3, nil},
		{"ctrl-n and ctrl-p", []any{tty.Key(14), tty.Key(14), tty.Key(16), tty.KeyEnter}, 1, nil},
		{"filter", []any{"eu", tty.KeyEnter}, 2, nil},
		{"filter and down", []any{"prod", tty.KeyDown, tty.KeyEnter}, 2, nil},
		{"a filter begins at the top", []any{tty.KeyEnd, "prod", tty.KeyEnter}, 1, nil},
		{"backspace", []any{"stagex", tty.KeyBackspace, tty.KeyEnter}, 3, nil},
		{"backspace in nothing", []any{tty.KeyBackspace, tty.KeyEnter}, 0, nil},
		{"ctrl-u", []any{"nothing", tty.Key(0x15), tty.KeyEnter}, 0, nil},
		{"ctrl-w", []any{"stage nothing ", tty.Key(0x17), tty.KeyEnter}, 3, nil},
		{"enter with no match", []any{"xyz", tty.KeyEnter, tty.KeyBackspace, tty.KeyBackspace, tty.KeyBackspace, tty.KeyEnter}, 0, nil},
		{"unknown keys", []any{tty.KeyUnknown, tty.KeyDelete, tty.Key(1), tty.Key('\u202e'), tty.Key(0x9b), tty.KeyEnter}, 0, nil},
		{"escape", []any{"eu", tty.KeyEscape}, 0, tty.ErrCancelled},
		{"ctrl-c", []any{tty.Key(3)}, 0, tty.ErrCancelled},
		{"ctrl-d", []any{tty.Key(4)}, 0, tty.ErrCancelled},
		{"ctrl-z", []any{tty.Key(26)}, 0, tty.ErrCancelled},
		{"the terminal's end", nil, 0, errEnd},
	} {
		got, err := list(names...).Pick(newStage(t, size{60, 20}, tc.acts...))
		if got != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%s: %d, %v; want %d, %v", tc.name, got, err, tc.want, tc.err)
		}
	}
}

func TestPicture(t *testing.T) {
	s := newStage(t, size{40, 6}, "pro", tty.KeyDown)
	_, _ = list("dev", "prod", "prod-eu", "reproduced").Pick(s)
	want := []string{
		"Profile: pro_",
		"3 of 4. Type to filter, Enter takes it,…",
		"  [pro]d        about 1",
		"> [pro]d-eu     about 2",
		"  re[pro]duced  about 3",
	}
	if got := s.last(); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// TestPictureKeepsWithinTheTerminal: whatever the size and the names, no line goes
// beyond the edge and the query stays on top.
func TestPictureKeepsWithinTheTerminal(t *testing.T) {
	names := []string{strings.Repeat("long-", 50), "東京の本番環境アカウント", "e\u0301", "🔑🔑🔑", "", "x"}
	for range 100 {
		names = append(names, "more")
	}
	for columns := 1; columns < 50; columns += 3 {
		for rows := 1; rows < 9; rows++ {
			s := newStage(t, size{columns, rows}, strings.Repeat("o", 10), tty.Key(0x15), tty.KeyEnd, tty.KeyHome, tty.KeyDown, size{rows, columns}, tty.KeyPageDown)
			_, _ = list(names...).Pick(s)
		}
	}
}

func TestPictureAfterResize(t *testing.T) {
	names := make([]string, 50)
	for i := range names {
		names[i] = fmt.Sprintf("name-%02d", i)
	}
	s := newStage(t, size{60, 20}, tty.KeyEnd, size{30, 5})
	_, _ = list(names...).Pick(s)
	want := "Profile: _\n50 of 50. Type to filter, Ent…\n  name-47  about 47\n  name-48  about 48\n> name-49  about 49"
	if got := s.last(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestAboutIsAskedForWhatIsSeen: looking everything up would take too long.
func TestAboutIsAskedForWhatIsSeen(t *testing.T) {
	l, asked := list(make([]string, 10_000)...), 0
	l.About = func(int) string { asked++; return "" }
	_, _ = l.Pick(newStage(t, size{80, 24}))
	if asked != 22 {
		t.Errorf("asked for %d names", asked)
	}
}
