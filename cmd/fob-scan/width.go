package main

import (
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// columns is the width of a terminal, 0 of what is none or does not say.
func columns(out io.Writer) int {
	file, ok := out.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width < 20 {
		return 0
	}
	return width
}

// clipped is a line that is no wider. 0 is any width.
func clipped(line string, width int) string {
	if width == 0 || utf8.RuneCountInString(line) <= width {
		return line
	}
	return string([]rune(line)[:width-1]) + "…"
}

// folded breaks lines that are wider, at blanks. They go on below what follows the label,
// and those that are indented themselves at a column: at their own, where that is 0.
func folded(text string, width, column int) string {
	if width == 0 {
		return text
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if i := strings.Index(line, ": "); indent == 0 && i >= 0 && i < width/3 {
			indent = i + 2
		} else if indent == 0 {
			indent = 2
		} else if column > 0 {
			indent = column
		}
		for {
			end := lineEnd(line, width, indent)
			if end < 0 {
				break
			}
			out.WriteString(strings.TrimRight(line[:end], " ") + "\n")
			line = strings.Repeat(" ", indent) + strings.TrimLeft(line[end:], " ")
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

// lineEnd is the blank where a line is broken, -1 where it fits or has none behind the
// indent.
func lineEnd(line string, width, indent int) int {
	if utf8.RuneCountInString(line) <= width || indent >= len(line) {
		return -1
	}
	head := string([]rune(line)[:width+1])
	if i := strings.LastIndex(head, " "); i > indent {
		return i
	}
	if i := strings.Index(line[indent:], " "); i > 0 {
		return indent + i
	}
	return -1
}

// beside puts a text beside the head of its row, or below where it does not fit. 0 is any
// width.
func beside(head, text string, width int) string {
	column := utf8.RuneCountInString(head)
	if width == 0 || column+utf8.RuneCountInString(text) <= width {
		return head + text + "\n"
	}
	var out strings.Builder
	if width-column < leastText {
		out.WriteString(strings.TrimRight(clipped(strings.TrimRight(head, " "), width), " ") + "\n")
		head, column = "    ", 4
	}
	return out.String() + head + folded(strings.Repeat(" ", column)+text+"\n", width, column)[column:]
}

// leastText is the width below which a text gets lines of its own.
const leastText = 24

// fitted leaves parts of a line away that do not fit, from its end; blanks stand between
// them by twos.
func fitted(line string, width int) string {
	for utf8.RuneCountInString(line) > width {
		i := strings.LastIndex(strings.TrimRight(line, " "), "  ")
		if i <= 0 {
			return string([]rune(line)[:width])
		}
		line = strings.TrimRight(line[:i], " ")
	}
	return line
}
