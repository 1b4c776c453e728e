package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/term"
)

// page is what the demo writes on. Whatever is written goes through mask.
type page struct {
	out   io.Writer
	mask  func(string) string
	width int
	style style
	live  bool // somebody watches
}

// style are the escape sequences of a terminal, or nothing.
type style struct{ bold, faint, plain string }

const widest = 80

// newPage writes for a person if out is a terminal, else plain text.
func newPage(out *os.File, getenv func(string) string) *page {
	p := &page{out: out, mask: func(text string) string { return text }, width: widest}
	if !term.IsTerminal(int(out.Fd())) {
		return p
	}
	p.live = true
	if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
		p.width = min(width, widest)
	}
	if knowsColour(getenv) {
		p.style = style{bold: "\x1b[1m", faint: "\x1b[2m", plain: "\x1b[0m"}
	}
	return p
}

// knowsColour follows no-color.org; of the consoles of Windows only the newer one
// understands escape sequences unasked.
func knowsColour(getenv func(string) string) bool {
	switch {
	case getenv("NO_COLOR") != "", getenv("TERM") == "dumb":
		return false
	case runtime.GOOS == "windows":
		return getenv("WT_SESSION") != ""
	}
	return getenv("TERM") != ""
}

// print writes text as it is.
func (p *page) print(text string) { _, _ = io.WriteString(p.out, p.mask(text)) }

// title begins a step.
func (p *page) title(text string) {
	p.print(p.style.bold + text + p.style.plain + "\n\n")
}

// command shows what somebody types.
func (p *page) command(line string) {
	p.print("  $ " + p.style.bold + line + p.style.plain + "\n")
}

// output shows what a program says, line by line. It masks before it wraps: a
// secret in two pieces would not be found.
func (p *page) output(text string) {
	var b strings.Builder
	for line := range strings.Lines(p.mask(text)) {
		line = strings.TrimRight(line, " \r\n")
		hang := line[:len(line)-len(strings.TrimLeft(line, " "))] + "  "
		for _, part := range wrap(line, hang, p.width-2) {
			if part != "" {
				part = "  " + p.style.faint + part + p.style.plain
			}
			b.WriteString(part + "\n")
		}
	}
	p.print(b.String() + "\n")
}

// say tells the reader something, a paragraph.
func (p *page) say(format string, args ...any) {
	text := strings.Join(strings.Fields(p.mask(fmt.Sprintf(format, args...))), " ")
	p.print(strings.Join(wrap(text, "", p.width), "\n") + "\n\n")
}

// progress tells that something takes its time; done says how much it was.
func (p *page) progress(text string) (done func()) {
	p.print(text + " ")
	began, stop := time.Now(), make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if p.live {
			p.dots(stop)
		}
	}()
	return func() {
		close(stop)
		<-ended
		p.print(fmt.Sprintf("%.1f s\n\n", time.Since(began).Seconds()))
	}
}

// dots writes one for each second.
func (p *page) dots(stop <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			p.print(".")
		}
	}
}
