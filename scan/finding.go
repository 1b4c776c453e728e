package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Schema is the version of the findings file.
const Schema = "fob.finding/1"

// Finding is one verdict as it is kept, compared and handed on: a line of
// findings.jsonl.
type Finding struct {
	Schema    string         `json:"schema"`
	ID        string         `json:"id"`
	Scan      string         `json:"scan"`
	Check     string         `json:"check"`
	Status    Status         `json:"status"`
	Severity  Severity       `json:"severity"`
	Account   AccountRef     `json:"account"`
	Partition string         `json:"partition"`
	Region    string         `json:"region"`
	Service   string         `json:"service"`
	Resource  ResourceRef    `json:"resource"`
	Title     string         `json:"title"`
	Message   string         `json:"message"`
	Evidence  []Evidence     `json:"evidence"`
	Unread    []*ReadError   `json:"unread"`
	Refs      []string       `json:"refs"`
	Fix       string         `json:"fix"`
	Observed  time.Time      `json:"observed"`
	Diff      string         `json:"diff,omitempty"`      // new, fixed, changed, unseen; "" without a comparison
	Exception *ExceptionNote `json:"exception,omitempty"` // what suppresses it
}

// AccountRef names an account.
type AccountRef struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// ResourceRef names a resource.
type ResourceRef struct {
	ARN  string            `json:"arn"`
	Type string            `json:"type"`
	Name string            `json:"name"`
	Tags map[string]string `json:"tags"`
}

// ExceptionNote is what a suppressed finding carries of its exception.
type ExceptionNote struct {
	Reason  string `json:"reason"`
	Owner   string `json:"owner,omitempty"`
	Expires string `json:"expires,omitempty"` // a day, 2027-03-31
}

// FindingID is the identity of a verdict over time: no time, no severity and no message
// is in it, so that a rewording never makes a finding new.
func FindingID(check, account, region, arn, part string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{check, account, region, arn, part}, "\x00")))
	return "f1-" + hex.EncodeToString(sum[:16])
}

// finding makes a verdict a finding.
func (c *Check) finding(f *Facts, scan string, r *Resource, v Verdict) Finding {
	severity := v.Severity
	if severity == 0 || c.rated {
		severity = c.Severity
	}
	about := r.ARN
	if v.Group != "" {
		about = v.Group
	}
	observed := r.At
	if observed.IsZero() {
		observed = f.Now
	}
	return Finding{
		Schema: Schema, ID: FindingID(c.ID, r.Account, r.Region, about, v.Part), Scan: scan,
		Check: c.ID, Status: v.Status, Severity: severity,
		Account: AccountRef{ID: f.Account, Name: f.Name}, Partition: f.Partition,
		Region: r.Region, Service: c.Service,
		Resource: ResourceRef{ARN: r.ARN, Type: r.Type, Name: r.Name, Tags: orEmpty(r.Tags)},
		Title:    c.Title, Message: strings.ToValidUTF8(v.Message, "\ufffd"), // as JSON would have it, so that it can be read and written anew
		Evidence: orNone(v.Evidence), Unread: orNone(v.Unread), Refs: orNone(c.Refs), Fix: c.Fix,
		Observed: observed.UTC(),
	}
}

// orNone writes an empty list as [], so that readers need no case for null.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
