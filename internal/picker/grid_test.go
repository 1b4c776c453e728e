package picker_test

import (
	"strconv"
	"strings"
	"testing"
)

// grid is as much of a terminal as pictures need. It fails the test for text beyond
// the edge, a line feed at the bottom and sequences that it does not know.
type grid struct {
	columns, rows int
	cells         [][]string
	x, y          int
	bold          bool
}

func newGrid(s size) *grid {
	g := &grid{columns: s.columns, rows: s.rows, cells: make([][]string, s.rows)}
	for y := range g.cells {
		g.cells[y] = make([]string, s.columns)
	}
	return g
}

func (g *grid) fill(from *grid) {
	for y := range min(g.rows, from.rows) {
		copy(g.cells[y], from.cells[y])
	}
}

func (g *grid) write(t *testing.T, text string) {
	t.Helper()
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "\x1b["); ok {
			i := strings.IndexFunc(rest, func(r rune) bool { return r >= 0x40 && r <= 0x7e })
			g.sequence(t, rest[:i], rest[i])
			text = rest[i+1:]
			continue
		}
		r := []rune(text)[0]
		text = text[len(string(r)):]
		g.character(t, r)
	}
}

func (g *grid) character(t *testing.T, r rune) {
	t.Helper()
	switch {
	case r == '\r':
		g.x = 0
	case r == '\n':
		if g.y++; g.y >= g.rows {
			t.Fatalf("a line feed in the last of %d rows", g.rows)
		}
	case r < ' ':
		t.Fatalf("control character %q", r)
	case r == '\u0301':
		g.cells[g.y][max(g.x-1, 0)] += string(r)
	default:
		width := 1
		if r >= 0x3000 {
			width = 2
		}
		if g.x+width > g.columns {
			t.Fatalf("%q goes beyond column %d:\n%s", r, g.columns, g)
		}
		cell := string(r)
		if g.bold {
			cell = "[" + cell + "]"
		}
		g.cells[g.y][g.x] = cell
		for i := 1; i < width; i++ {
			g.cells[g.y][g.x+i] = ""
		}
		g.x += width
	}
}

func (g *grid) sequence(t *testing.T, parameters string, last byte) {
	t.Helper()
	n, _ := strconv.Atoi(parameters)
	switch string(last) {
	case "H":
		row, column, _ := strings.Cut(parameters, ";")
		y, _ := strconv.Atoi(row)
		x, _ := strconv.Atoi(column)
		g.y, g.x = max(y, 1)-1, max(x, 1)-1
		if g.x >= g.columns && g.x > 0 && g.columns > 3 {
			t.Fatalf("the cursor is in column %d of %d", g.x+1, g.columns)
		}
	case "G":
		g.x = n - 1
	case "K":
		clear(g.cells[g.y][min(g.x, g.columns):])
	case "J":
		clear(g.cells[g.y][min(g.x, g.columns):])
		for y := g.y + 1; y < g.rows; y++ {
			clear(g.cells[y])
		}
	case "m":
		g.bold = n == 1 || g.bold && n != 0 && n != 22
	case "h", "l":
		if parameters != "?25" {
			t.Fatalf("mode %s", parameters)
		}
	default:
		t.Fatalf("unknown sequence %q%c", parameters, last)
	}
}

// String is what is seen: bold in brackets, the cursor as "_".
func (g *grid) String() string {
	var lines []string
	for y, row := range g.cells {
		line := ""
		for x, cell := range row {
			switch {
			case x == g.x && y == g.y:
				line += "_"
			case cell == "":
				line += " "
			default:
				line += cell
			}
		}
		lines = append(lines, strings.TrimRight(strings.ReplaceAll(line, "][", ""), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
