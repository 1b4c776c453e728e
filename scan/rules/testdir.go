package rules

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

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

// testCase is a resource as a case writes it. A line of a snapshot, "k":"res", will do,
// too.
type testCase struct {
	Now      time.Time                  `json:"now"` // 2026-01-01 if it is not given
	Account  string                     `json:"account"`
	Region   string                     `json:"region"`
	ARN      string                     `json:"arn"`
	Name     string                     `json:"name"`
	Tags     map[string]string          `json:"tags"`
	Resource map[string]json.RawMessage `json:"resource"`
	Absent   []string                   `json:"absent"` // fields that AWS says there are none of
	Unread   map[string]scan.Why        `json:"unread"` // fields whose call failed, and why
}

func parseCase(name string, data []byte) (*testCase, error) {
	c := &testCase{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	var line scan.Line
	if err := json.Unmarshal(data, &line); err == nil && line.K == "res" {
		c.Account, c.Region, c.ARN, c.Name, c.Tags, c.Resource = line.A, line.R, line.ID, line.N, line.Tags, line.D
		for field := range line.St {
			c.Absent = append(c.Absent, field)
		}
		if line.At != nil {
			c.Now = *line.At
		}
	} else {
		in := json.NewDecoder(bytes.NewReader(data))
		in.DisallowUnknownFields()
		if err := in.Decode(c); err != nil {
			return nil, &Error{File: name, Problem: "this is no case of a rule: " + err.Error(), Fix: `it looks like {"tags": {}, "resource": {}}`}
		}
	}
	c.Account = cmp.Or(c.Account, "123456789012")
	c.Name = cmp.Or(c.Name, "one")
	c.ARN = cmp.Or(c.ARN, "arn:aws:test::"+c.Account+":"+c.Name)
	return c, nil
}

// judge asks the rule of a case, in a snapshot that has nothing else.
func (r *tested) judge(name string, data []byte) (*scan.Finding, error) {
	c, err := parseCase(name, data)
	if err != nil {
		return nil, err
	}
	k := r.check.Kind()
	switch {
	case k.Type == "AWS::Account":
		c.Region, c.ARN = scan.Global, c.Account
	case k.Type == "AWS::Region":
		c.Region = cmp.Or(c.Region, "us-east-1")
		c.ARN = c.Region
	case k.Service == "iam":
		c.Region = scan.Global
	}
	c.Region = cmp.Or(c.Region, "us-east-1")
	lines, err := c.lines(name, r)
	if err != nil {
		return nil, err
	}
	facts, err := scan.Load(bytes.NewReader(lines), scan.Kinds(), k.Type)
	if err != nil {
		return nil, &Error{File: name, Problem: err.Error()}
	}
	var o scan.Options
	r.set.Options(&o)
	var found *scan.Finding
	scan.Judge(facts[0], []scan.Check{r.check}, o, func(f scan.Finding) {
		if f.Resource.ARN == c.ARN {
			found = &f
		}
	})
	if found == nil {
		return nil, &Error{File: name, Problem: "the rule gave no verdict"}
	}
	return found, nil
}

// lines is the snapshot of a case: the lists are there, and what is unread is refused.
func (c *testCase) lines(name string, r *tested) ([]byte, error) {
	account := c.Account
	lines := []scan.Line{{K: "head", V: scan.SnapshotVersion, At: &c.Now, Accounts: []string{account}, Partition: "aws"}}
	if c.Region != scan.Global {
		lines = append(lines, scan.Line{K: "scope", A: account, R: c.Region, S: "read"})
	}
	for _, op := range r.check.Operations() {
		for _, region := range []string{scan.Global, c.Region} {
			lines = append(lines, scan.Line{K: "unit", A: account, R: region, Op: op, S: "end"})
		}
	}
	res := scan.Line{K: "res", A: account, R: c.Region, T: r.check.Kind().Type, ID: c.ARN, N: c.Name, Tags: c.Tags, D: c.Resource, St: map[string]string{}}
	for _, field := range c.Absent {
		res.St[field] = "absent"
	}
	for field, why := range c.Unread {
		ops := r.check.Kind().Operations(field)
		if ops == nil {
			return nil, &Error{File: name, Problem: fmt.Sprintf("%s is not read by a call of its own, or the rule does not look at it", field), Fix: "leave it out"}
		}
		for _, op := range ops {
			lines = append(lines, scan.Line{K: "err", A: account, R: c.Region, Op: op, Of: c.ARN, Action: op, Why: why})
		}
	}
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	for _, l := range append(lines, res) {
		if err := to.Encode(l); err != nil {
			return nil, &Error{File: name, Problem: err.Error()}
		}
	}
	return out.Bytes(), nil
}
