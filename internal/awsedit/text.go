package awsedit

import "bytes"

// bom is the byte order mark that some editors put before a text.
const bom = "\ufeff"

// text is a file as lines, each with what an edit makes of it.
type text struct {
	bom   bool
	lines []line   // lines[n] is line n of the file; lines[0] stands above the first one
	made  [][]byte // sections behind all of them, with line ends
}

type line struct {
	old     []byte   // with its line end
	gone    bool     // old is taken out
	new     []byte   // stands in place of old where it is not nil, with a line end
	below   [][]byte // lines put behind it, with line ends
	isAbove bool     // lines[0], which is no line of the file
}

func split(data []byte) *text {
	t := &text{lines: []line{{isAbove: true}}}
	data, t.bom = bytes.CutPrefix(data, []byte(bom))
	for l := range bytes.Lines(data) {
		t.lines = append(t.lines, line{old: l})
	}
	return t
}

// join makes the file of the lines. A file without a newline at its end stays one.
func (t *text) join() []byte {
	var out bytes.Buffer
	if t.bom {
		out.WriteString(bom)
	}
	empty := out.Len()
	put := func(l []byte) {
		if b := out.Bytes(); len(b) > empty && b[len(b)-1] != '\n' {
			out.Write(t.end(len(t.lines) - 1))
		}
		out.Write(l)
	}
	for i := range t.lines {
		switch l := &t.lines[i]; {
		case l.new != nil:
			put(l.new)
		case !l.gone && !l.isAbove:
			put(l.old)
		}
		for _, l := range t.lines[i].below {
			put(l)
		}
	}
	for _, l := range t.made {
		put(l)
	}
	if last := t.lines[len(t.lines)-1]; last.isAbove || hasEnd(last.old) || !hasEnd(out.Bytes()) {
		return out.Bytes()
	}
	return cutEnd(out.Bytes())
}

func hasEnd(l []byte) bool { return len(l) > 0 && l[len(l)-1] == '\n' }

// end is the line end to use beside line n: its own, else that of the line
// before, as the last line may have none.
func (t *text) end(n int) []byte {
	for ; n > 0; n-- {
		if l := t.lines[n].old; hasEnd(l) {
			return l[len(bytes.TrimSuffix(l[:len(l)-1], []byte{'\r'})):]
		}
	}
	return []byte{'\n'}
}

// bare is line n without its line end.
func (t *text) bare(n int) []byte { return cutEnd(t.lines[n].old) }

func cutEnd(l []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(l, []byte{'\n'}), []byte{'\r'})
}

// trim and indent know the two characters that are white space in the grammar.
func trim(l []byte) []byte { return bytes.Trim(l, " \t") }

func indent(l []byte) int { return len(l) - len(bytes.TrimLeft(l, " \t")) }

func isComment(l []byte) bool {
	l = trim(l)
	return len(l) > 0 && (l[0] == '#' || l[0] == ';')
}

func isBlank(l []byte) bool { return len(trim(l)) == 0 }

func isHeader(l []byte) bool { return len(l) > 0 && l[0] == '[' }
