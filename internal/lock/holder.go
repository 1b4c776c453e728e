package lock

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode"
)

// maxHolder bounds what is written to and read from a lock file, in bytes.
const maxHolder = 256

// Holder is who has a lock.
type Holder struct {
	// PID is the process, 0 if unknown.
	PID int
	// Message says what it is busy with, e.g. "MFA code"; it may be empty. It
	// holds no control characters, and is foreign text all the same.
	Message string
}

// String returns "pid 12 (MFA code)", as far as it is known.
func (h Holder) String() string {
	switch {
	case h.PID == 0:
		return "another process"
	case h.Message == "":
		return fmt.Sprintf("pid %d", h.PID)
	}
	return fmt.Sprintf("pid %d (%s)", h.PID, h.Message)
}

// write replaces the text of a lock file by one line. A failure costs those who
// wait the name of the holder, nothing else.
func (h Holder) write(f *os.File) {
	line := strconv.Itoa(h.PID) + " " + clean(h.Message)
	line = line[:min(len(line), maxHolder-1)] + "\n"
	// The new line is in place before the rest of the old one is cut off:
	// readers look at the first line only and never find none.
	if _, err := f.WriteAt([]byte(line), 0); err == nil {
		_ = f.Truncate(int64(len(line)))
	}
}

// readHolder reads what write wrote; anything else gives the zero Holder.
func readHolder(f *os.File) Holder {
	buf := make([]byte, maxHolder)
	n, _ := f.ReadAt(buf, 0) // io.EOF is the normal end
	return parseHolder(string(buf[:n]))
}

func parseHolder(text string) Holder {
	line, _, complete := strings.Cut(text, "\n")
	pid, message, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(pid)
	if err != nil || n <= 0 || !complete {
		return Holder{}
	}
	return Holder{PID: n, Message: clean(message)}
}

// clean makes one line of printable characters of a message.
func clean(message string) string {
	message = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(message, " "))
	return strings.TrimSpace(message)
}
