package rules

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"fob/scan"
)

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
