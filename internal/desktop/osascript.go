package desktop

import (
	"strconv"
	"strings"
	"time"

	"fob/internal/command"
)

// osascript is macOS's. The scripts are fixed; what they show is their argv.
type osascript struct{}

// osascriptPath is no name to look up: the program belongs to the system.
const osascriptPath = "/usr/bin/osascript"

// osascriptAsk gets title, text, kind and seconds. display dialog takes its text as
// it is: no markup, no escapes. Its error -128 is the button Cancel or Escape; any
// other error, such as -1713 where no one is logged in, ends osascript with 1.
const osascriptAsk = `on run argv
	set theKind to item 3 of argv
	set theLimit to (item 4 of argv) as integer
	try
		activate
	end try
	try
		if theKind is "confirm" then
			set theReply to display dialog (item 2 of argv) with title (item 1 of argv) buttons {"Cancel", "Yes", "No"} default button "No" cancel button "Cancel" giving up after theLimit
		else
			set theReply to display dialog (item 2 of argv) with title (item 1 of argv) default answer "" hidden answer (theKind is "secret") buttons {"Cancel", "OK"} default button "OK" cancel button "Cancel" giving up after theLimit
		end if
	on error number -128
		return "cancelled"
	end try
	if gave up of theReply then return "late"
	if theKind is "confirm" then return "answer:" & (button returned of theReply)
	return "answer:" & (text returned of theReply)
end run`

const osascriptNotify = `on run argv
	display notification (item 2 of argv) with title (item 1 of argv)
end run`

// ask: osascript's getopt ends with the first argument that does not begin with a
// dash, which the title of fob's windows does not; what follows is data, whatever
// it begins with.
func (osascript) ask(q Question, left time.Duration) (argv, env []string) {
	return []string{osascriptPath, "-e", osascriptAsk, q.Title, q.Text, string(q.Kind), strconv.Itoa(int(left.Seconds()) + 1)}, nil
}

func (osascript) answer(k Kind, r command.Result) (string, error, bool) {
	line := firstLine(r)
	text, answered := strings.CutPrefix(line, "answer:")
	switch {
	case r.ExitCode != 0:
		return "", nil, false
	case line == "cancelled":
		return "", ErrCancelled, true
	case line == "late":
		return "", ErrTimeout, true
	case !answered:
		return "", nil, false
	case k == Confirm && text == "Yes":
		return yes, nil, true
	case k == Confirm:
		return "", nil, true
	}
	return text, nil, true
}

func osascriptNotification(title, text string) (argv, env []string) {
	return []string{osascriptPath, "-e", osascriptNotify, title, text}, nil
}
