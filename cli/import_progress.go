package cli

import (
	"fmt"
	"time"
)

// progress tells every other second how far a long work is. The text has two
// places for numbers.
func (a *app) progress(text string, total int) func(done int) {
	const pause = 2 * time.Second
	last := a.sys.Now()
	return func(done int) {
		if now := a.sys.Now(); now.Sub(last) >= pause && done < total {
			last = now
			a.p.say("fob: " + fmt.Sprintf(text, done, total))
		}
	}
}
