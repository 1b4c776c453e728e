package rules

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"fob/scan"
)

// Outcome is what became of one case of a rule.
type Outcome struct {
	Rule      string
	Case      string      // the file, "" where the outcome is about the rule itself
	Want, Got scan.Status // "" where there is no case
	Message   string      // what the verdict says
	Problem   string      // "" where all is as it should be
}

// TestDir tries the rules of a folder and of those in it. A rule stands in a
// configuration, NAME.yaml; its cases beside it are ID.fail.json, ID.pass.json,
// ID.unknown.json and ID.na.json, with more words between if there are several:
// ID.two-groups.fail.json. Every rule wants a case that fails and one that passes.
//
// The outcomes are sorted by rule and case. An error is a file that cannot be used.
func TestDir(fsys fs.FS) ([]Outcome, error) {
	d := dir{fsys: fsys, rules: map[string]*tested{}}
	if err := fs.WalkDir(fsys, ".", d.visit); err != nil {
		return nil, err
	}
	for _, name := range d.cases {
		if err := d.try(name); err != nil {
			return nil, err
		}
	}
	for id, r := range d.rules {
		for _, want := range []scan.Status{scan.StatusFail, scan.StatusPass} {
			if !r.seen[want] {
				d.out = append(d.out, Outcome{Rule: id, Problem: fmt.Sprintf("no case wants %s: write %s.%s.json", want, id, strings.ToLower(string(want)))})
			}
		}
	}
	slices.SortFunc(d.out, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Case, b.Case), cmp.Compare(a.Problem, b.Problem))
	})
	return d.out, nil
}

// dir is a folder of rules.
type dir struct {
	fsys  fs.FS
	rules map[string]*tested // by folder and id
	cases []string
	out   []Outcome
}

// tested is a rule with its configuration.
type tested struct {
	set    *Set
	check  scan.Check
	folder string
	seen   map[scan.Status]bool
}

func (d *dir) visit(name string, entry fs.DirEntry, err error) error {
	if err != nil || entry.IsDir() {
		return err
	}
	switch path.Ext(name) {
	case ".json":
		d.cases = append(d.cases, name)
	case ".yaml", ".yml":
		if path.Base(name) != ExceptionsFile {
			return d.load(name)
		}
	}
	return nil
}

func (d *dir) load(name string) error {
	data, err := fs.ReadFile(d.fsys, name)
	if err != nil {
		return err
	}
	s := &Set{}
	if err := s.config(name, data); err != nil {
		return err
	}
	for _, r := range s.rules {
		if d.rules[r.check.ID] != nil {
			return &Error{File: name, Line: r.line, Problem: fmt.Sprintf("the rule %s is there twice", r.check.ID), Fix: "rename one of them"}
		}
		d.rules[r.check.ID] = &tested{set: s, check: r.check, folder: path.Dir(name), seen: map[scan.Status]bool{}}
	}
	return nil
}

// try asks a rule of a case.
func (d *dir) try(name string) error {
	id, want := d.wanted(name)
	r := d.rules[id]
	if r == nil {
		return &Error{File: name, Problem: "this is the case of no rule beside it", Fix: "name it after one: acme-instance-owner.fail.json"}
	}
	data, err := fs.ReadFile(d.fsys, name)
	if err != nil {
		return err
	}
	found, err := r.judge(name, data)
	if err != nil {
		return err
	}
	o := Outcome{Rule: id, Case: name, Want: want, Got: found.Status, Message: found.Message}
	if o.Got != o.Want {
		o.Problem = fmt.Sprintf("it is %s, not %s: %s", o.Got, o.Want, o.Message)
	}
	r.seen[want] = true
	d.out = append(d.out, o)
	return nil
}

// wanted takes the name of a case apart.
func (d *dir) wanted(name string) (id string, want scan.Status) {
	words := strings.Split(strings.TrimSuffix(path.Base(name), ".json"), ".")
	status := map[string]scan.Status{"fail": scan.StatusFail, "pass": scan.StatusPass, "unknown": scan.StatusUnknown, "na": scan.StatusNotApplicable}
	want = status[words[len(words)-1]]
	if r := d.rules[words[0]]; want == "" || r == nil || r.folder != path.Dir(name) {
		return "", ""
	}
	return words[0], want
}
