package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"fob/internal/picker"
	"fob/internal/tty"
)

const (
	plainMost  = 20 // names at once
	plainTries = 20 // answers, so that a program that types nonsense comes to an end
)

// pickPlain is for terminals that only take text: a numbered list, and what is
// typed is a number or a part of the name.
func pickPlain(ctx context.Context, t *tty.Terminal, list *picker.List) (int, error) {
	hits := picker.Match("", list.Names)
	for range plainTries {
		if err := t.Print(plainList(list, hits)); err != nil {
			return 0, err
		}
		line, err := t.Line(ctx, "Number or part of the name (or 'q' to abort): ")
		if err != nil {
			return 0, err
		}
		line = strings.TrimSpace(line)
		if strings.EqualFold(line, "q") {
			return 0, tty.ErrCancelled
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= min(len(hits), plainMost) {
			return hits[n-1].Index, nil
		}
		found := picker.Match(line, list.Names)
		switch {
		case len(found) == 1, len(found) > 0 && list.Names[found[0].Index] == line:
			return found[0].Index, nil
		case len(found) > 0:
			hits = found
		default:
			if err := t.Print("No name matches."); err != nil {
				return 0, err
			}
		}
	}
	return 0, tty.ErrBadAnswer
}

func plainList(list *picker.List, hits []picker.Hit) string {
	var b strings.Builder
	for i, hit := range hits[:min(len(hits), plainMost)] {
		fmt.Fprintf(&b, "%3d  %s  (%s)\n", i+1, list.Names[hit.Index], list.About(hit.Index))
	}
	if more := len(hits) - plainMost; more > 0 {
		fmt.Fprintf(&b, "     and %d more\n", more)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
