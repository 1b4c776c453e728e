package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
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
	own   *regexp.Regexp // names that AWS gives

	id, region *regexp.Regexp
}

// NewRedactor hashes with a key.
func NewRedactor(key []byte) *Redactor {
	return &Redactor{
		key: key, words: map[string]bool{},
		parts:  regexp.MustCompile(`[\p{L}0-9_.@+=-]+`),
		own:    regexp.MustCompile(`^([a-z]+-[0-9a-f]{8,17}|AWSServiceRole.*|AWSReservedSSO_.*|aws-.*|alias)$`),
		id:     regexp.MustCompile(`^[a-z]+-([0-9a-f]{8}|[0-9a-f]{17})$`),
		region: regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]$`),
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
	if len(name) < 2 || r.ownName(name) || isAccountID(name) || common(name) {
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
	case name == "" || name == "*" || common(name):
		return name
	case r.ownName(name):
		return r.within(name)
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
