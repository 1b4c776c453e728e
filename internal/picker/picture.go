package picker

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The control sequences of a picture (ECMA-48, xterm).
const (
	home      = "\x1b[H"
	hide      = "\x1b[?25l" // the cursor, while drawing
	show      = "\x1b[?25h"
	clearLine = "\x1b[K"
	clearRest = "\x1b[J"
	bold      = "\x1b[1m"
	faint     = "\x1b[2m"
	upright   = "\x1b[22m" // neither bold nor faint
	reverse   = "\x1b[7m"
	plain     = "\x1b[0m"
)

const (
	headRows = 2 // the query, and how many match
	margin   = 2 // columns before a name, and behind it
	minAbout = 8 // columns, else nothing is said
)

// listRows is how many names fit.
func listRows(rows int) int { return max(rows-headRows, 1) }

// picture draws everything anew, so that it is right whatever was there before.
func (v *view) picture(columns, rows int) string {
	fit := listRows(rows)
	v.top = max(0, min(v.top, v.cursor, len(v.hits)-fit), v.cursor-fit+1)
	shown := v.hits[v.top:min(v.top+fit, len(v.hits))]
	prompt, column := v.prompt(columns)
	lines := []string{prompt, v.status(columns)}
	about := v.aboutColumn(shown, columns)
	for i, hit := range shown {
		lines = append(lines, v.line(hit, v.top+i == v.cursor, columns, about))
	}
	lines = lines[:min(len(lines), rows)]
	return hide + home + clearLine + strings.Join(lines, "\r\n"+clearLine) + clearRest + fmt.Sprintf("\x1b[1;%dH", column) + show
}

// prompt is the first line and the cursor's column in it. Of a long query the end
// is seen.
func (v *view) prompt(columns int) (line string, column int) {
	title, query := cut(v.Title+": ", columns/2), v.query
	room := columns - cells(title) - 1
	for cells(string(query)) > room && len(query) > 0 {
		query = query[1:]
	}
	line = title + string(query)
	return line, cells(line) + 1
}

func (v *view) status(columns int) string {
	text := fmt.Sprintf("%d of %d", len(v.hits), len(v.Names))
	if len(v.hits) == 0 {
		text = "none of " + fmt.Sprint(len(v.Names)) + " matches"
	}
	return faint + cut(text+". Type to filter, Enter takes it, Esc leaves all as it is.", columns) + plain
}

// aboutColumn is where what is said of the names begins; 0 where there is no room.
func (v *view) aboutColumn(shown []Hit, columns int) int {
	width := 0
	for _, hit := range shown {
		width = max(width, cells(v.Names[hit.Index]))
	}
	column := margin + min(width, columns*6/10) + margin
	if v.About == nil || column+minAbout > columns {
		return 0
	}
	return column
}

// line is one name. What is said of it begins at a column, wherever the terminal
// thinks that the name has ended.
func (v *view) line(hit Hit, chosen bool, columns, about int) string {
	var b strings.Builder
	mark := "  "
	if chosen {
		b.WriteString(reverse)
		mark = "> "
	}
	b.WriteString(cut(mark, columns))
	room := columns - margin
	if about > 0 {
		room = about - 2*margin
	}
	b.WriteString(highlighted(v.Names[hit.Index], hit.At, room))
	if about > 0 {
		fmt.Fprintf(&b, "\x1b[%dG%s", about+1, cut(v.About(hit.Index), columns-about))
	}
	return b.String() + plain
}

// highlighted is a name with its matching characters in bold.
func highlighted(name string, at []int, width int) string {
	short := cut(name, width)
	var b strings.Builder
	on := false
	for i, r := range short {
		if hit := slices.Contains(at, i) && strings.HasPrefix(name[i:], string(r)); hit != on {
			on = hit
			b.WriteString(weight(on))
		}
		b.WriteRune(r)
	}
	if on {
		b.WriteString(upright)
	}
	return b.String()
}

func weight(on bool) string {
	if on {
		return bold
	}
	return upright
}

// cut shortens a text to a number of columns.
func cut(s string, width int) string {
	switch {
	case cells(s) <= width:
		return s
	case width < 1:
		return ""
	}
	used := 1 // for the ellipsis
	for i, r := range s {
		if used += runeCells(r); used > width {
			return s[:i] + "…"
		}
	}
	return s
}

// cells is at least how many columns a text takes.
func cells(s string) (n int) {
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

// runeCells takes all that may be wide for wide: a text that is cut too early is
// better than one that is continued where nobody expects it.
func runeCells(r rune) int {
	const firstWide = 0x1100 // Hangul; the wide characters of UAX #11 begin here
	switch {
	case r < 0x300: // the first combining character
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case r >= firstWide && !(r >= 0x1e00 && r <= 0x22ff): // Latin, Greek, punctuation, arrows, mathematics
		return 2
	}
	return 1
}
