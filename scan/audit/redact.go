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
	long  map[string]bool // names with blanks and the like in them
	all   *strings.Replacer
	parts *regexp.Regexp
	own   *regexp.Regexp // names that AWS gives

	shared []string // issuers for everybody's use: their names tell nothing of who trusts them

	id, region        *regexp.Regexp
	arns, urls, mails *regexp.Regexp
	paths, step       *regexp.Regexp
	keyID             *regexp.Regexp // of access keys: an account's id can be read out of it
	vocable, hostname *regexp.Regexp
}

// NewRedactor hashes with a key.
func NewRedactor(key []byte) *Redactor {
	return &Redactor{
		key: key, words: map[string]bool{}, long: map[string]bool{}, shared: scan.SharedIssuers(),
		parts:  regexp.MustCompile(`[\p{L}0-9_.@+=-]+`),
		own:    regexp.MustCompile(`^([a-z]+-[0-9a-f]{8,17}|o-[a-z0-9]{10,32}|AWSServiceRole.*|AWSReservedSSO_.*|ELBSecurityPolicy-.*|default[.:].*|aws-(service-role|reserved|controltower-[A-Za-z-]+)|alias|aws-(cloudtrail-logs|athena-query-results|glue-assets|glue-scripts|glue-temporary|logs)-[0-9]{12}(-[0-9a-f]{6,8}|-[a-z]{2}(-[a-z]+)+-[0-9])?)$`),
		id:     regexp.MustCompile(`^[a-z]+-([0-9a-f]{8}|[0-9a-f]{17})$`),
		region: regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]$`),
		arns:   arns(),
		urls:   regexp.MustCompile(`https?://([A-Za-z0-9._-]+)`),
		paths:  regexp.MustCompile(`https?://[^\s/"]+/[^\s"<>]+`),
		step:   regexp.MustCompile(`[^/?&=#*]+`),
		mails:  regexp.MustCompile(`[\p{L}0-9_.+=-]+(?:@|%40)[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)+`),
		keyID:  regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{16}\b`),

		vocable:  regexp.MustCompile(`^[A-Za-z0-9_.*: -]+$`),
		hostname: regexp.MustCompile(`^(\*\.)?([A-Za-z0-9_-]+\.)+[a-z]{2,}$`),
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
		var l struct {
			K, T, N, ID, Name string
			D                 map[string]any
		}
		if err := json.Unmarshal(raw, &l); err != nil {
			return nil // a line that was cut off
		}
		r.learn(l.Name)
		if l.K == "res" && l.T != "AWS::Region" {
			r.learn(l.N)
			r.learnARN(l.ID)
		}
		r.learnField("", l.D)
		r.learnText(string(raw))
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
		for _, e := range f.Evidence {
			r.learnField(lastField(e.Path), e.Value)
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
	} else if !strings.HasPrefix(name, "arn:") {
		r.long[name] = true
	}
}

// learnARN takes the names in the last part of an ARN that is the account's own.
func (r *Redactor) learnARN(arn string) {
	service := strings.SplitN(arn, ":", 4)
	_, _ = names(arn, func(account string) string { return account }, func(part string) string {
		if !strings.ContainsAny(part, "*?$") && !ofService(service[2], part) && !common(part) {
			r.learn(part)
		}
		return part
	})
}

// learnText takes the names in the ARNs and addresses that stand in a text.
func (r *Redactor) learnText(text string) {
	for _, arn := range r.arns.FindAllString(text, -1) {
		r.learnARN(arn)
	}
	for _, m := range r.urls.FindAllStringSubmatch(text, -1) {
		r.learnHost(m[1])
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
	hash := "n-" + hex.EncodeToString(r.sum("name", name)[:6])
	if name[0] == '_' { // no bucket's, but a record's
		return "_" + hash
	}
	return hash
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
		longest := slices.SortedFunc(maps.Keys(r.long), func(a, b string) int { return len(b) - len(a) })
		for _, name := range longest {
			pairs = append(pairs, name, r.Name(name))
		}
		r.all = strings.NewReplacer(pairs...)
	}
	s = r.mails.ReplaceAllStringFunc(s, func(m string) string { return r.Name(strings.Replace(m, "%40", "@", 1)) })
	s = r.keyID.ReplaceAllStringFunc(s, func(id string) string {
		return id[:4] + strings.ToUpper(hex.EncodeToString(r.sum("key", id)[:8]))
	})
	var out strings.Builder
	for s != "" {
		at := r.arns.FindStringIndex(s)
		if at == nil {
			at = []int{len(s), len(s)}
		}
		out.WriteString(r.plain(s[:at[0]]))
		out.WriteString(r.arn(s[at[0]:at[1]]))
		s = s[at[1]:]
	}
	return out.String()
}

// plain redacts a text without ARNs.
func (r *Redactor) plain(s string) string {
	s = r.paths.ReplaceAllStringFunc(r.all.Replace(s), r.url)
	return r.parts.ReplaceAllStringFunc(s, r.word)
}

// url redacts the path of an address that is not AWS's.
func (r *Redactor) url(s string) string {
	start := strings.Index(s, "://") + len("://")
	end := start + strings.IndexByte(s[start:], '/')
	if hostOfAWS(s[start:end]) {
		return s
	}
	return s[:end] + r.step.ReplaceAllStringFunc(s[end:], r.Name)
}

// value redacts every text in what came out of JSON, as the field says that it is in. The
// names of fields stay; what people wrote in their place, as in conditions, does not.
func (r *Redactor) value(field string, v any) any {
	switch v := v.(type) {
	case string:
		return r.field(field, v)
	case []any:
		for i := range v {
			v[i] = r.value(field, v[i])
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			name := k
			switch policies, byName := x.(map[string]any); {
			case k == "Name" && vocabulary(field):
				name = field // State has one
			case k == "Policies" && byName: // of SES
				x = r.byName(policies)
			}
			if host, _, _ := strings.Cut(k, ":"); slices.Contains(r.shared, host) {
				name = "claim"
			}
			x = r.value(name, x)
			k = r.fieldName(k)
			out[k] = x
		}
		return out
	}
	return v
}

// byName redacts the names of things that stand under them.
func (r *Redactor) byName(things map[string]any) map[string]any {
	out := map[string]any{}
	for name, x := range things {
		out[r.Name(name)] = x
	}
	return out
}

// any redacts the value of a field that is no JSON yet.
func (r *Redactor) any(field string, v any) any {
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
	return r.value(field, plain)
}
