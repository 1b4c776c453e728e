package audit

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"fob/scan"
)

// Redactor puts keyed hashes in the place of account ids, of the names that people gave,
// and of mail addresses. The same key gives the same hashes, so that results can still be
// compared; without the key nobody finds out what they stand for by trying. What AWS
// itself named stays: i-0123456789abcdef0, default, AWSServiceRoleForSupport.
//
// A name that was not learned is not known. Learn from every snapshot first.
type Redactor struct {
	key   []byte
	words map[string]bool // names of one word
	long  []string        // names with blanks and the like in them
	all   *strings.Replacer
	parts *regexp.Regexp
	own   *regexp.Regexp
}

// NewRedactor hashes with a key.
func NewRedactor(key []byte) *Redactor {
	return &Redactor{
		key: key, words: map[string]bool{},
		parts: regexp.MustCompile(`[\p{L}0-9_.@+=-]+`),
		own:   regexp.MustCompile(`^([a-z]+-[0-9a-f]{8,17}|AWSServiceRole.*|AWSReservedSSO_.*|aws-.*|alias)$`),
	}
}

// Learn takes the names in a snapshot.
func (r *Redactor) Learn(s Snapshot) error {
	in, err := s.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	err = eachLine(in, func(raw []byte) error {
		var l struct{ K, T, N, ID, Name string }
		if err := json.Unmarshal(raw, &l); err != nil {
			return nil // a line that was cut off
		}
		r.learn(l.Name)
		if l.K == "res" && l.T != "AWS::Region" {
			r.learn(l.N)
			r.learnARN(l.ID)
		}
		return nil
	})
	r.all = nil
	return err
}

// LearnFindings takes the names in a findings file.
func (r *Redactor) LearnFindings(f Findings) error {
	r.all = nil
	return f.Read(scan.Results{Finding: func(f *scan.Finding) error {
		r.learn(f.Account.Name)
		if f.Resource.Type != "AWS::Region" {
			r.learn(f.Resource.Name)
			r.learnARN(f.Resource.ARN)
		}
		return nil
	}})
}

func (r *Redactor) learn(name string) {
	if len(name) < 2 || r.own.MatchString(name) || isAccountID(name) || common(name) {
		return
	}
	if r.parts.FindString(name) == name {
		r.words[name] = true
	} else if !slices.Contains(r.long, name) && !strings.HasPrefix(name, "arn:") {
		r.long = append(r.long, name)
	}
}

// learnARN takes the names in the last part of an ARN that is the account's own.
func (r *Redactor) learnARN(arn string) {
	f := strings.SplitN(arn, ":", 6)
	if len(f) < 6 || f[0] != "arn" || f[4] == "aws" {
		return
	}
	parts := strings.FieldsFunc(f[5], func(c rune) bool { return c == '/' || c == ':' })
	if len(parts) > 1 {
		parts = parts[1:] // the first is the type
	}
	for _, p := range parts {
		r.learn(p)
	}
}

func isAccountID(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// common says of a word that it is not only somebody's name.
func common(word string) bool {
	return slices.Contains([]string{"default", "enabled", "disabled", "active", "inactive", "allow", "deny", "true", "false", "none", "all", "public", "private",
		"pass", "fail", "unknown", "global", "root", "service", "aws", "version", "statement", "effect", "action", "resource", "principal", "condition"}, strings.ToLower(word))
}

// Account is the hash of an account id: twelve digits again.
func (r *Redactor) Account(id string) string {
	if id == "" {
		return ""
	}
	return fmt.Sprintf("%012d", binary.BigEndian.Uint64(r.sum("account", id))%1_000_000_000_000)
}

// Name is the hash of a name.
func (r *Redactor) Name(name string) string {
	switch {
	case name == "" || name == "*" || r.own.MatchString(name) || common(name):
		return name
	case isAccountID(name):
		return r.Account(name)
	}
	return "n-" + hex.EncodeToString(r.sum("name", name)[:6])
}

func (r *Redactor) sum(kind, text string) []byte {
	h := hmac.New(sha256.New, r.key)
	_, _ = io.WriteString(h, kind+"\x00"+text)
	return h.Sum(nil)
}

// Text redacts what is known in a text.
func (r *Redactor) Text(s string) string {
	if r.all == nil {
		pairs := []string{}
		slices.SortFunc(r.long, func(a, b string) int { return len(b) - len(a) })
		for _, name := range r.long {
			pairs = append(pairs, name, r.Name(name))
		}
		r.all = strings.NewReplacer(pairs...)
	}
	return r.parts.ReplaceAllStringFunc(r.all.Replace(s), r.word)
}

// word redacts one, with what may stand at its end in a sentence or a pattern.
func (r *Redactor) word(w string) string {
	bare := strings.TrimRight(w, ".")
	end := w[len(bare):]
	switch {
	case r.words[w]:
		return r.Name(w)
	case r.words[bare], isAccountID(bare):
		return r.Name(bare) + end
	case strings.Contains(strings.Trim(bare, "@"), "@") && strings.Contains(bare, "."):
		return r.Name(bare) + end
	}
	return w
}

// value redacts every text in what came out of JSON; the keys of objects stay, account ids
// aside.
func (r *Redactor) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.Text(v)
	case []any:
		for i := range v {
			v[i] = r.value(v[i])
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if isAccountID(k) {
				k = r.Account(k)
			}
			out[k] = r.value(x)
		}
		return out
	}
	return v
}

func (r *Redactor) any(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	var plain any
	if in.Decode(&plain) != nil {
		return nil
	}
	return r.value(plain)
}

// Snapshot writes a snapshot anew.
func (r *Redactor) Snapshot(out io.Writer, s Snapshot) error {
	in, err := s.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	z := gzip.NewWriter(out)
	err = eachLine(in, func(raw []byte) error {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		var l map[string]any
		if d.Decode(&l) != nil {
			return nil // cut off
		}
		for k, v := range l {
			switch k {
			case "a", "accounts", "members", "id", "of", "d", "problem":
				l[k] = r.value(v)
			case "n", "name":
				if name, ok := v.(string); ok {
					l[k] = r.Name(name)
				}
			case "tags":
				l[k] = r.tags(v)
			case "req":
				delete(l, k)
			}
		}
		if l["k"] == "head" {
			l["redacted"] = true
		}
		if l["t"] == "AWS::Region" {
			l["n"] = l["id"]
		}
		line, err := json.Marshal(ordered(l))
		if err != nil {
			return err
		}
		_, err = z.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		return fmt.Errorf("redact %s: %w", s.Name, err)
	}
	return z.Close()
}

// ordered puts the kind of a line first, as everything that writes lines does.
func ordered(l map[string]any) json.RawMessage {
	k, _ := json.Marshal(l["k"])
	delete(l, "k")
	rest, err := json.Marshal(l)
	if err != nil || len(rest) <= 2 {
		return json.RawMessage(`{"k":` + string(k) + `}`)
	}
	return json.RawMessage(`{"k":` + string(k) + `,` + string(rest[1:]))
}

func (r *Redactor) tags(v any) any {
	tags, _ := v.(map[string]any)
	for k, x := range tags {
		if text, ok := x.(string); ok {
			tags[k] = r.Name(text)
		}
	}
	return tags
}

// Results writes a findings file anew, and in the order that the hashes have.
func (r *Redactor) Results(out io.Writer, f Findings) error {
	c := &chunks{r: r, parts: map[string]*chunk{}}
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
	r     *Redactor
	parts map[string]*chunk
	group []scan.Finding
}

type chunk struct {
	raw bytes.Buffer
	z   *gzip.Writer
}

func (c *chunks) add(f *scan.Finding) error {
	f = c.r.finding(f)
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
	x.ARN, x.Name = r.Text(x.ARN), r.Text(x.Name)
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
		f.Evidence[i].Path, f.Evidence[i].Value = r.Text(f.Evidence[i].Path), r.any(f.Evidence[i].Value)
	}
	r.unread(f.Unread)
	if f.Exception != nil {
		r.exception(f.Exception)
	}
	return f
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
		s.Gaps[i].Account = r.Account(s.Gaps[i].Account)
	}
	slices.SortStableFunc(s.Gaps, func(a, b scan.Gap) int { return strings.Compare(a.Account, b.Account) })
	for i := range s.Exceptions {
		r.exception(&s.Exceptions[i].ExceptionNote)
	}
	for i := range s.Warnings {
		s.Warnings[i] = r.Text(s.Warnings[i])
	}
}
