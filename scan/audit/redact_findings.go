package audit

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strings"

	"fob/scan"
)

// Results writes a findings file anew, and in the order that the hashes have.
func (r *Redactor) Results(out io.Writer, f Findings) error {
	custom, err := f.customChecks()
	if err != nil {
		return err
	}
	c := &chunks{r: r, custom: custom, parts: map[string]*chunk{}}
	w := newLines(out)
	var exposures []*scan.Exposure
	return f.Read(scan.Results{
		Finding: c.add,
		Exposure: func(e *scan.Exposure) error {
			exposures = append(exposures, r.exposure(e))
			return nil
		},
		Summary: func(s *scan.Summary) error {
			if err := c.write(w); err != nil {
				return err
			}
			slices.SortFunc(exposures, compareExposures)
			for _, e := range exposures {
				if err := w.exposure(e); err != nil {
					return err
				}
			}
			r.summary(s)
			return w.end(s)
		},
	})
}

// chunks are the findings of each account, compressed.
type chunks struct {
	r      *Redactor
	custom map[string]bool // checks whose texts are people's own
	parts  map[string]*chunk
	group  []scan.Finding
}

type chunk struct {
	raw bytes.Buffer
	z   *gzip.Writer
}

func (c *chunks) add(f *scan.Finding) error {
	f = c.r.finding(f)
	if c.custom[f.Check] {
		f.Title, f.Fix = c.r.Text(f.Title), c.r.Text(f.Fix)
	}
	if len(c.group) > 0 && !sameGroup(&c.group[0], f) {
		if err := c.flush(); err != nil {
			return err
		}
	}
	c.group = append(c.group, *f)
	return nil
}

// flush writes a group into the chunk of its account.
func (c *chunks) flush() error {
	if len(c.group) == 0 {
		return nil
	}
	slices.SortFunc(c.group, scan.CompareFindings)
	id := c.group[0].Account.ID
	if c.parts[id] == nil {
		c.parts[id] = &chunk{}
		c.parts[id].z = gzip.NewWriter(&c.parts[id].raw)
	}
	out := newLines(c.parts[id].z)
	for i := range c.group {
		if err := out.finding(&c.group[i]); err != nil {
			return err
		}
	}
	c.group = c.group[:0]
	return out.out.Flush()
}

func (c *chunks) write(w *lines) error {
	if err := c.flush(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(c.parts)) {
		part := c.parts[id]
		if err := part.z.Close(); err != nil {
			return err
		}
		in, err := gzip.NewReader(&part.raw)
		if err != nil {
			return err
		}
		if _, err := io.Copy(w.out, in); err != nil {
			return err
		}
	}
	return nil
}

func (r *Redactor) exposure(e *scan.Exposure) *scan.Exposure {
	e.Account, e.Resource = r.account(e.Account), r.resource(e.Resource)
	e.Where, e.Who = r.Text(e.Where), r.Text(e.Who)
	for i := range e.Chain {
		e.Chain[i].ARN, e.Chain[i].Says = r.Text(e.Chain[i].ARN), r.Text(e.Chain[i].Says)
	}
	r.unread(e.Unread)
	return e
}

func (r *Redactor) account(a scan.AccountRef) scan.AccountRef {
	return scan.AccountRef{ID: r.Account(a.ID), Name: r.Name(a.Name)}
}

func (r *Redactor) resource(x scan.ResourceRef) scan.ResourceRef {
	x.ARN = r.Text(x.ARN)
	if x.Type != "AWS::Region" {
		x.Name = r.Name(x.Name)
	}
	for k, v := range x.Tags {
		x.Tags[k] = r.Name(v)
	}
	return x
}

func (r *Redactor) unread(all []*scan.ReadError) {
	for _, e := range all {
		e.Resource, e.Request, e.Code = r.Text(e.Resource), "", r.Text(e.Code)
	}
}

func (r *Redactor) finding(f *scan.Finding) *scan.Finding {
	f.ID = "f1-" + hex.EncodeToString(r.sum("finding", f.ID)[:16])
	f.Account, f.Resource, f.Message = r.account(f.Account), r.resource(f.Resource), r.Text(f.Message)
	for i := range f.Evidence {
		e := &f.Evidence[i]
		e.Path, e.Value = r.path(e.Path), r.any(lastField(e.Path), e.Value)
	}
	r.unread(f.Unread)
	if f.Exception != nil {
		r.exception(f.Exception)
	}
	return f
}

// path redacts where something stands: SES has policies by their names.
func (r *Redactor) path(p string) string {
	const policies = "Policies."
	if name, ok := strings.CutPrefix(p, policies); ok {
		name, rest, more := strings.Cut(name, ".")
		p = policies + r.Name(name)
		if more {
			p += "." + rest
		}
	}
	return r.Text(p)
}

// lastField is the field that a path ends in: Statement[0].Effect.
func lastField(path string) string {
	field := path[strings.LastIndex(path, ".")+1:]
	field, _, _ = strings.Cut(field, "[")
	return field
}

func (r *Redactor) exception(x *scan.ExceptionNote) {
	x.Reason = r.Text(x.Reason)
	if x.Owner != "" {
		x.Owner = r.Name(x.Owner)
	}
}

func (r *Redactor) summary(s *scan.Summary) {
	s.Redacted = true
	for i := range s.Accounts {
		s.Accounts[i].AccountRef, s.Accounts[i].Problem = r.account(s.Accounts[i].AccountRef), r.Text(s.Accounts[i].Problem)
	}
	slices.SortFunc(s.Accounts, func(a, b scan.AccountSummary) int { return strings.Compare(a.ID, b.ID) })
	for i := range s.Expected {
		s.Expected[i] = r.Account(s.Expected[i])
	}
	slices.Sort(s.Expected)
	for i := range s.Gaps {
		s.Gaps[i].Account, s.Gaps[i].Code = r.Account(s.Gaps[i].Account), r.Text(s.Gaps[i].Code)
	}
	slices.SortStableFunc(s.Gaps, func(a, b scan.Gap) int { return strings.Compare(a.Account, b.Account) })
	for i := range s.Checks {
		if c := &s.Checks[i]; c.Custom {
			c.Title, c.Why, c.Logic, c.Fix = r.Text(c.Title), r.Text(c.Why), r.Text(c.Logic), r.Text(c.Fix)
		}
	}
	for i := range s.Exceptions {
		r.exception(&s.Exceptions[i].ExceptionNote)
	}
	for i := range s.Warnings {
		s.Warnings[i] = r.Text(s.Warnings[i])
	}
}
