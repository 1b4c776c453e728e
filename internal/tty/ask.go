package tty

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Confirm asks a question that is answered by y or n; an empty line means byDefault.
// Errors: those of Line, and ErrBadAnswer.
func (t *Terminal) Confirm(ctx context.Context, question string, byDefault bool) (bool, error) {
	choice := "[y/N]"
	if byDefault {
		choice = "[Y/n]"
	}
	for range tries {
		line, err := t.Line(ctx, question+" "+choice+" ")
		if err != nil {
			return false, err
		}
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "":
			return byDefault, nil
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
	}
	return false, ErrBadAnswer
}

// Choose shows title and the items as a numbered list and returns the index of
// the chosen one, counted from 0; q cancels. Errors: those of Line, and
// ErrBadAnswer, also when there is nothing to choose from.
func (t *Terminal) Choose(ctx context.Context, title string, items []string) (int, error) {
	if len(items) == 0 {
		return 0, ErrBadAnswer
	}
	list := []string{title}
	for i, item := range items {
		list = append(list, fmt.Sprintf("%3d  %s", i+1, item))
	}
	if err := t.Print(strings.Join(list, "\n")); err != nil {
		return 0, err
	}
	prompt := fmt.Sprintf("Number 1 to %d (or 'q' to abort): ", len(items))
	for range tries {
		line, err := t.Line(ctx, prompt)
		if err != nil {
			return 0, err
		}
		line = strings.TrimSpace(line)
		if strings.EqualFold(line, "q") {
			return 0, ErrCancelled
		}
		if n, err := strconv.Atoi(line); err == nil && 1 <= n && n <= len(items) {
			return n - 1, nil
		}
	}
	return 0, ErrBadAnswer
}
