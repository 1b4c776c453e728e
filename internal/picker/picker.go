// Package picker lets a person choose one of many names: it draws a list on the
// terminal, and what is typed filters it.
//
// Names and what is said of them are drawn as they are: foreign text has to be
// made harmless first.
package picker

import (
	"strings"

	"fob/internal/display"
	"fob/internal/tty"
)

// Screen is what a list is drawn on; [tty.Screen] is one.
type Screen interface {
	Size() (columns, rows int)
	Write(text string) error
	Key() (tty.Key, error)
}

// List is what there is to choose from.
type List struct {
	Title string
	Names []string
	// About says something about a name. It is asked only for what is shown, so it
	// may take a while longer than the whole list could; nil says nothing.
	About func(index int) string
}

// maxQuery is more than anybody types.
const maxQuery = 200

// Pick draws the list until a name is chosen, and returns its index. Esc, Ctrl-C,
// Ctrl-D, Ctrl-G and Ctrl-Z are [tty.ErrCancelled]. Other errors are those of the
// screen.
func (l *List) Pick(s Screen) (int, error) {
	v := &view{List: l}
	v.filter()
	for {
		columns, rows := s.Size()
		if err := s.Write(v.picture(columns, rows)); err != nil {
			return 0, err
		}
		k, err := s.Key()
		if err != nil {
			return 0, err
		}
		if cancels(k) {
			return 0, tty.ErrCancelled
		}
		if k == tty.KeyEnter && len(v.hits) > 0 {
			return v.hits[v.cursor].Index, nil
		}
		v.press(k, listRows(rows))
	}
}

func cancels(k tty.Key) bool {
	switch k {
	case tty.KeyEscape, ctrl('C'), ctrl('D'), ctrl('G'), ctrl('Z'):
		return true
	}
	return false
}

// ctrl is what Ctrl with a letter sends.
func ctrl(letter rune) tty.Key { return tty.Key(letter & 0x1f) }

// view is the list as it is seen.
type view struct {
	*List
	query  []rune
	hits   []Hit
	cursor int // the chosen one of hits
	top    int // the first of hits that is shown
}

func (v *view) filter() {
	v.hits = Match(string(v.query), v.Names)
	v.cursor, v.top = 0, 0
}

// press does what a key asks for; page is how many names are shown.
func (v *view) press(k tty.Key, page int) {
	switch k {
	case tty.KeyUp, ctrl('P'), ctrl('K'):
		v.move(-1)
	case tty.KeyDown, ctrl('N'), ctrl('I'):
		v.move(1)
	case tty.KeyPageUp:
		v.move(-page)
	case tty.KeyPageDown:
		v.move(page)
	case tty.KeyHome:
		v.move(-len(v.hits))
	case tty.KeyEnd:
		v.move(len(v.hits))
	case tty.KeyBackspace:
		v.edit(v.query[:max(len(v.query)-1, 0)])
	case ctrl('W'):
		v.edit(v.query[:lastWord(v.query)])
	case ctrl('U'):
		v.edit(nil)
	default:
		if c := string(rune(k)); k >= ' ' && display.Text(c) == c && len(v.query) < maxQuery {
			v.edit(append(v.query, rune(k)))
		}
	}
}

func (v *view) move(by int) {
	v.cursor = max(0, min(v.cursor+by, len(v.hits)-1))
}

func (v *view) edit(query []rune) {
	if len(query) != len(v.query) {
		v.query = query
		v.filter()
	}
}

// lastWord is where the last word of a query begins.
func lastWord(query []rune) int {
	text := strings.TrimRight(string(query), " ")
	return len([]rune(text[:strings.LastIndex(text, " ")+1]))
}
