package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fob/scan"
	"fob/scan/policy"

	"github.com/goccy/go-yaml/ast"
)

// exception says which failures are meant to be. All that it names has to hold; of a
// list one has to. What it does not name holds for everything.
type exception struct {
	place     string          // "fob-exceptions.yaml:12"
	checks    map[string]bool // ids
	resources []string        // globs
	accounts  []string        // numbers, or "*"
	regions   []string        // globs
	tags      map[string][]string
	note      scan.ExceptionNote
	until     time.Time // when it ends; zero for never
	count     int       // findings that it covers, or would if it had not ended
}

// soon is how long before its end an exception is announced.
const soon = 14 * 24 * time.Hour

const day = "2006-01-02"

// parseExceptions reads a file of exceptions. Names of checks have to be those of one in
// the catalogue.
func parseExceptions(file string, data []byte, catalogue []scan.Check) (out []*exception, err error) {
	if isDump(data) {
		return nil, &Error{File: file, Line: 1, Problem: "this is an exceptions file of Scout2 or ScoutSuite", Fix: "convert it with: fob scan rules convert " + file}
	}
	root, err := parse(file, data)
	if err != nil || root.empty() {
		return nil, err
	}
	err = root.object("a file of exceptions", map[string]func(value) error{
		"exceptions": func(v value) error {
			if list, ok := v.node.(*ast.SequenceNode); ok && len(list.Values) == 0 {
				return nil
			}
			list, err := v.items("exceptions")
			for _, e := range list {
				x, err := parseException(e, catalogue)
				if err != nil {
					return err
				}
				out = append(out, x)
			}
			return err
		},
	})
	return out, err
}

func parseException(v value, catalogue []scan.Check) (*exception, error) {
	e := &exception{}
	texts := func(to *[]string, what string) func(value) error {
		return func(v value) (err error) { *to, err = v.texts(what); return err }
	}
	text := func(to *string, what string) func(value) error {
		return func(v value) (err error) { *to, err = v.filled(what); return err }
	}
	err := v.object("an exception", map[string]func(value) error{
		"check":    func(v value) (err error) { e.checks, err = parseChecks(v, catalogue); return err },
		"resource": texts(&e.resources, "resource"),
		"accounts": func(v value) (err error) { e.accounts, err = parseAccounts(v, "accounts", "*"); return err },
		"regions":  texts(&e.regions, "regions"),
		"tags":     e.parseTags,
		"reason":   text(&e.note.Reason, "reason"),
		"owner":    text(&e.note.Owner, "owner"),
		"expires":  e.parseEnd,
	})
	if err != nil {
		return nil, err
	}
	pairs, err := v.pairs("an exception")
	if err != nil {
		return nil, err
	}
	first := pairs[0].at
	e.place = fmt.Sprintf("%s:%d", first.file, first.line)
	switch {
	case e.checks == nil:
		return nil, first.fail(`name checks, or "*" for all`, "the exception has no check")
	case e.note.Reason == "":
		return nil, first.fail("say why the failure is meant to be", "the exception has no reason")
	}
	return e, nil
}

// parseChecks reads names of checks: ids, globs, or ids of ScoutSuite.
func parseChecks(v value, catalogue []scan.Check) (map[string]bool, error) {
	list, err := v.list("check")
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, e := range list {
		name, err := e.filled("check")
		if err != nil {
			return nil, err
		}
		found, err := named(e, name, catalogue)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			out[id] = true
		}
	}
	return out, nil
}

// named are the ids of the checks that a name means. None is an error: a typo must not
// make a line do nothing.
func named(at value, name string, catalogue []scan.Check) (found []string, err error) {
	for _, c := range catalogue {
		if c.Named(name) {
			found = append(found, c.ID)
		}
	}
	if found == nil {
		return nil, at.fail(meant(name, ids(catalogue), "fob scan checks lists them"), "there is no check %q", name)
	}
	return found, nil
}

// parseAccounts reads account numbers, quoted or not: they are taken as they are written.
func parseAccounts(v value, what string, others ...string) ([]string, error) {
	list, err := v.list(what)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range list {
		s, err := e.filled(what)
		if err != nil {
			return nil, err
		}
		if !isAccount(s) && !slices.Contains(others, s) {
			return nil, e.fail("it has twelve digits", "%q in %s is no account", s, what)
		}
		out = append(out, s)
	}
	return out, nil
}

func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

func (e *exception) parseTags(v value) error {
	pairs, err := v.pairs("tags")
	if err != nil {
		return err
	}
	if len(pairs) == 0 {
		return v.fail("name a tag, or take the key away", "tags is empty")
	}
	e.tags = map[string][]string{}
	for _, p := range pairs {
		if p.value.empty() {
			return p.value.fail(`give it a value, or "*" for any`, "the tag %q has no value", p.key)
		}
		if e.tags[p.key], err = p.value.texts("the tag " + p.key); err != nil {
			return err
		}
	}
	return nil
}

// parseEnd reads the last day on which the exception holds.
func (e *exception) parseEnd(v value) error {
	s, err := v.filled("expires")
	if err != nil {
		return err
	}
	last, err := time.Parse(day, s)
	if err != nil {
		return v.fail("write it as 2027-03-31", "%q is no day of the calendar", s)
	}
	e.note.Expires, e.until = s, last.AddDate(0, 0, 1)
	return nil
}

// covers says whether the exception is about a finding, in its time or not.
func (e *exception) covers(f *scan.Finding) bool {
	matches := func(globs []string, s string) bool {
		return globs == nil || slices.ContainsFunc(globs, func(g string) bool { return policy.Match(g, s) })
	}
	if !e.checks[f.Check] || !matches(e.resources, f.Resource.ARN) || !matches(e.accounts, f.Account.ID) || !matches(e.regions, f.Region) {
		return false
	}
	for key, globs := range e.tags {
		if tag, ok := f.Resource.Tags[key]; !ok || !matches(globs, tag) {
			return false
		}
	}
	return true
}

// ended says whether the exception has stopped working.
func (e *exception) ended(now time.Time) bool { return !e.until.IsZero() && !now.Before(e.until) }
