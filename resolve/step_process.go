package resolve

import (
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"fob/internal/awsfile"
	"fob/internal/command"
)

// ProcessStep runs a profile's credential_process: split into words as AWS
// documents it, without a shell.
type ProcessStep struct {
	Profile   string
	At        Origin // the line of credential_process
	Command   string
	AccountID string // of the profile, for when the program names none
}

// String names the program only: its arguments may hold a secret.
func (s ProcessStep) String() string {
	words, err := command.Split(s.Command)
	if err != nil || len(words) == 0 {
		return "credential_process, which cannot be split into words"
	}
	return "credential_process " + words[0]
}

// Origin is the line of credential_process.
func (s ProcessStep) Origin() Origin { return s.At }

func (s ProcessStep) inputs(w *keyWriter) {
	w.add("process", s.Command)
	w.add("profile", s.Profile)
}

// The program keeps what it wants kept.
func (s ProcessStep) keeps() bool { return false }

// ProcessError is a child program that failed or gave no credentials. Nothing
// of its output is in it.
type ProcessError struct {
	At      Origin
	Program string // the first word of its line
	Fact    string // "exit status 3", "program not found"
	Status  int    // the exit status that it failed with, 0 when that was not it
	Hint    string // may be ""
	Err     error  // what running it gave, may be nil
}

func (e *ProcessError) Error() string {
	s := fmt.Sprintf("credential_process %s: %s", e.Program, e.Fact)
	if at := e.At.String(); at != "" {
		s = at + ": " + s
	}
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Unwrap gives the error of running the program.
func (e *ProcessError) Unwrap() error { return e.Err }

const (
	// chainVariable lists the profiles whose credential_process led here,
	// outermost first, so that a loop through other programs has an end.
	chainVariable = "FOB_CHAIN"
	maxChain      = 4
	// processLimit ends a program that may talk to a person; callers with less
	// patience bring a shorter one.
	processLimit = 5 * time.Minute
)

// chain reads the variable; what is in it was written by joined.
func chain(environ []string) []string {
	var profiles []string
	for _, e := range environ {
		if list, ok := strings.CutPrefix(e, chainVariable+"="); ok && list != "" {
			profiles = nil
			for p := range strings.SplitSeq(list, ",") {
				if name, err := url.QueryUnescape(p); err == nil {
					p = name
				}
				profiles = append(profiles, p)
			}
		}
	}
	return profiles
}

// chained is environ with a profile added to the chain.
func chained(environ, before []string, profile string) []string {
	isChain := func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		return name == chainVariable || runtime.GOOS == "windows" && strings.EqualFold(name, chainVariable)
	}
	names := make([]string, 0, len(before)+1)
	for _, p := range append(slices.Clone(before), profile) {
		names = append(names, url.QueryEscape(p))
	}
	return append(slices.DeleteFunc(slices.Clone(environ), isChain), chainVariable+"="+strings.Join(names, ","))
}

// checkChain refuses a program that led here already, and nesting without an end.
func (s ProcessStep) checkChain(before []string) error {
	if i := slices.Index(before, s.Profile); i >= 0 {
		cycle := strings.Join(append(slices.Clone(before[i:]), s.Profile), " -> ")
		return &ConfigError{Profile: s.Profile, At: s.At, Fact: "the credential_process lines form a loop: " + cycle}
	}
	if len(before) >= maxChain {
		return &ConfigError{Profile: s.Profile, At: s.At, Fact: fmt.Sprintf("credential_process is nested more than %d deep: %s", maxChain, strings.Join(before, " -> "))}
	}
	return nil
}

func (b *builder) processSteps(p *Profile, line awsfile.Value) ([]Step, error) {
	return []Step{ProcessStep{Profile: p.Name, At: at(line), Command: line.Text, AccountID: b.accountOf(p)}}, nil
}
