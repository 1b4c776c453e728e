package audit

import (
	"slices"

	"fob/scan"
)

// settle says whether everything is there that was expected.
func settle(s *scan.Summary) {
	slices.Sort(s.Warnings)
	s.Warnings = slices.Compact(s.Warnings)
	for _, a := range s.Accounts {
		s.Complete = s.Complete && a.Complete
	}
	s.Complete = s.Complete && len(Missing(s)) == 0
}

// Missing are the expected accounts that there is nothing of.
func Missing(s *scan.Summary) (out []string) {
	for _, id := range s.Expected {
		if !slices.ContainsFunc(s.Accounts, func(a scan.AccountSummary) bool { return a.ID == id }) {
			out = append(out, id)
		}
	}
	return out
}

// Exit is the exit code of a run: the worst of its accounts, in the order cancelled,
// findings at failOn or above, incomplete, others. The zero failOn lets findings be;
// with allow, what is missing is let be, but not an account of which nothing was read.
func Exit(s *scan.Summary, failOn scan.Severity, allow bool) int {
	codes := map[int]bool{}
	for _, a := range s.Accounts {
		codes[a.Exit] = true
	}
	delete(codes, 0)
	if len(Missing(s)) > 0 || !s.Complete && len(codes) == 0 {
		codes[ExitIncomplete] = true
	}
	if allow {
		delete(codes, ExitIncomplete)
	}
	if failOn > 0 && s.Count(string(scan.StatusFail), failOn) > 0 {
		codes[exitFindings] = true
	}
	for _, worst := range []int{exitCancelled, exitFindings, ExitIncomplete} {
		if codes[worst] {
			return worst
		}
	}
	worst := 0
	for code := range codes {
		worst = max(worst, code)
	}
	return worst
}

// ExitIncomplete is the exit code that says that not everything is there.
const ExitIncomplete = 3

const (
	exitFindings  = 1
	exitCancelled = 130
)
