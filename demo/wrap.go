package main

import (
	"strings"
	"unicode/utf8"
)

// wrap cuts a line into parts of at most width characters: behind a comma or a
// blank where it has one, else anywhere. Parts after the first begin with hang.
func wrap(line, hang string, width int) (parts []string) {
	for utf8.RuneCountInString(line) > width && width > 2*len(hang) {
		at := cut(line, width, len(hang))
		parts = append(parts, strings.TrimRight(line[:at], " "))
		line = hang + strings.TrimLeft(line[at:], " ")
	}
	return append(parts, line)
}

// cut is where to part a line: after least, and so that most characters stay.
func cut(line string, most, least int) int {
	if at := strings.LastIndex(line[:byteOf(line, most+1)], " ") + 1; at > least {
		return at // the blank itself may be one too many
	}
	head := line[:byteOf(line, most)]
	if at := strings.LastIndex(head, ",") + 1; at > least {
		return at
	}
	return len(head)
}

// byteOf is where the n-th character of a line begins.
func byteOf(line string, n int) int {
	for i := range line {
		if n == 0 {
			return i
		}
		n--
	}
	return len(line)
}
