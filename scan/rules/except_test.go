package rules_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/scan"
	"fob/scan/rules"
)

// files reads from memory.
func files(content map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		data, ok := content[filepath.ToSlash(filepath.Clean(name))]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(data), nil
	}
}

// exceptions loads one file of exceptions.
func exceptions(t *testing.T, text string) *rules.Set {
	t.Helper()
	s, err := rules.Load(rules.Files{Exceptions: []string{"e.yaml"}, Read: files(map[string]string{"e.yaml": text})})
	if err != nil {
		t.Fatal(err)
	}
	s.Now = date(t, "2026-11-22")
	return s
}

func date(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02", day)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// bucket is a failure about a bucket.
func bucket(name string, change ...func(*scan.Finding)) *scan.Finding {
	f := &scan.Finding{
		Check: "s3-bucket-versioning", Status: scan.StatusFail, Account: scan.AccountRef{ID: "123456789012"}, Region: "eu-west-1",
		Resource: scan.ResourceRef{ARN: "arn:aws:s3:::" + name, Tags: map[string]string{"env": "dev", "team": "web"}},
	}
	for _, c := range change {
		c(f)
	}
	return f
}

func TestExcept(t *testing.T) {
	status := func(s scan.Status) func(*scan.Finding) { return func(f *scan.Finding) { f.Status = s } }
	for _, c := range []struct {
		name, exception string // after check and reason
		finding         *scan.Finding
		covered         bool
	}{
		{"everything of the check", "", bucket("a"), true},
		{"another check", "", bucket("a", func(f *scan.Finding) { f.Check = "ec2-ebs-volume-encrypted" }), false},
		{"what is unknown", "", bucket("a", status(scan.StatusUnknown)), false},
		{"what passes", "", bucket("a", status(scan.StatusPass)), false},
		{"what a person must look at", "", bucket("a", status(scan.StatusManual)), false},

		{"the whole ARN", "resource: arn:aws:s3:::scratch", bucket("scratch"), true},
		{"anchored at its end", "resource: arn:aws:s3:::scratch", bucket("scratch-2"), false},
		{"anchored at its start", "resource: scratch", bucket("scratch"), false},
		{"a dot is a dot", "resource: arn:aws:s3:::a.b", bucket("axb"), false},
		{"a star", "resource: arn:aws:s3:::scratch-*", bucket("scratch-2"), true},
		{"a star takes nothing, too", "resource: arn:aws:s3:::scratch*", bucket("scratch"), true},
		{"a question mark", "resource: arn:aws:s3:::scratch-?", bucket("scratch-2"), true},
		{"a question mark takes one", "resource: arn:aws:s3:::scratch-?", bucket("scratch-22"), false},
		{"case counts", "resource: arn:aws:s3:::Scratch", bucket("scratch"), false},
		{"brackets stand for themselves", "resource: 'arn:aws:s3:::[ab]'", bucket("a"), false},
		{"a list is or", "resource: [arn:aws:s3:::a, arn:aws:s3:::b]", bucket("b"), true},

		{"the account, quoted", `accounts: ["123456789012"]`, bucket("a"), true},
		{"the account, bare", `accounts: 123456789012`, bucket("a"), true},
		{"an account that begins with zero, bare", `accounts: [012345678901]`, bucket("a", func(f *scan.Finding) { f.Account.ID = "012345678901" }), true},
		{"an account of octal digits", `accounts: [012345670123]`, bucket("a", func(f *scan.Finding) { f.Account.ID = "012345670123" }), true},
		{"any account", `accounts: "*"`, bucket("a"), true},
		{"another account", `accounts: ["210987654321"]`, bucket("a"), false},

		{"the region", `regions: eu-west-1`, bucket("a"), true},
		{"regions by glob", `regions: [us-*, eu-*]`, bucket("a"), true},
		{"another region", `regions: [us-east-1]`, bucket("a"), false},

		{"a tag", `tags: {env: dev}`, bucket("a"), true},
		{"two tags", `tags: {env: dev, team: ops}`, bucket("a"), false},
		{"a tag out of a list", `tags: {env: [test, dev]}`, bucket("a"), true},
		{"a tag that is not there", `tags: {owner: "*"}`, bucket("a"), false},
		{"any value of a tag", `tags: {env: "*"}`, bucket("a"), true},

		{"fields are and", "resource: arn:aws:s3:::a\n    accounts: [\"210987654321\"]", bucket("a"), false},
		{"until the day is over", "expires: 2026-11-22", bucket("a"), true},
		{"expired", "expires: 2026-11-21", bucket("a"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := exceptions(t, "exceptions:\n  - check: s3-bucket-versioning\n    reason: scratch data\n    owner: ann\n    "+c.exception+"\n")
			s.Except(c.finding)
			if got := c.finding.Exception != nil; got != c.covered {
				t.Errorf("covered: %v, want %v", got, c.covered)
			}
			if c.covered && (c.finding.Exception.Reason != "scratch data" || c.finding.Exception.Owner != "ann") {
				t.Errorf("the note is %+v", c.finding.Exception)
			}
		})
	}
}

// Names of checks are ids, globs, and ids of ScoutSuite.
func TestExceptChecks(t *testing.T) {
	for _, name := range []string{"s3-bucket-versioning", "s3-bucket-*", `"*"`, "s3-bucket-no-versioning", "[ec2-ebs-volume-encrypted, s3-bucket-v*]"} {
		f := bucket("a")
		exceptions(t, "exceptions:\n- check: "+name+"\n  reason: x\n").Except(f)
		if f.Exception == nil {
			t.Errorf("check: %s does not cover it", name)
		}
	}
}

func TestUses(t *testing.T) {
	s := exceptions(t, `# why
exceptions:
  - {check: s3-bucket-versioning, resource: "arn:aws:s3:::a*", reason: one}
  - {check: s3-bucket-versioning, resource: "arn:aws:s3:::none", reason: two}

  - check: s3-bucket-versioning
    reason: three
    expires: 2026-11-21
  - {check: s3-bucket-versioning, reason: four, expires: 2026-12-05}
  - {check: s3-bucket-versioning, reason: five, expires: 2026-12-06}
  - {check: s3-bucket-versioning, resource: "arn:aws:s3:::none", reason: six, expires: 2026-11-22}
`)
	var got []string
	for _, name := range []string{"a1", "a2", "b"} {
		f := bucket(name)
		s.Except(f)
		got = append(got, f.Exception.Reason)
	}
	if want := []string{"one", "one", "four"}; !slices.Equal(got, want) {
		t.Errorf("the exceptions are %q, want %q", got, want)
	}
	want := []scan.ExceptionUse{
		{Name: "e.yaml:3", State: "used", Count: 2},
		{Name: "e.yaml:4", State: "unused"},
		{Name: "e.yaml:6", State: "expired", Count: 3},
		{Name: "e.yaml:9", State: "expiring", Count: 3},
		{Name: "e.yaml:10", State: "used", Count: 3},
		{Name: "e.yaml:11", State: "unused"},
	}
	uses := s.Uses()
	for i := range uses {
		uses[i].ExceptionNote = scan.ExceptionNote{}
	}
	if !slices.Equal(uses, want) {
		t.Errorf("uses are\n%+v, want\n%+v", uses, want)
	}
}

// Without Now an exception ends by the time of the finding.
func TestExceptByFinding(t *testing.T) {
	s := exceptions(t, "exceptions:\n- {check: s3-bucket-versioning, reason: x, expires: 2026-11-22}\n")
	s.Now = time.Time{}
	early, late := bucket("a"), bucket("a")
	early.Observed, late.Observed = date(t, "2026-11-22"), date(t, "2026-11-23")
	s.Except(late)
	s.Except(early)
	if early.Exception == nil || late.Exception != nil {
		t.Errorf("early %v, late %v", early.Exception, late.Exception)
	}
	if state := s.Uses()[0].State; state != "expired" {
		t.Errorf("the exception is %s", state)
	}
}

// Every mistake has a line and a way out, and none is taken for something wider.
func TestExceptionErrors(t *testing.T) {
	const ok = "check: s3-bucket-versioning\n  reason: x\n"
	for _, c := range []struct{ text, want string }{
		{"exception: []", `e.yaml:1: unknown key "exception" in a file of exceptions; did you mean exceptions?`},
		{"exceptions:\n- " + ok + "  resorce: arn:aws:s3:::a", `e.yaml:4: unknown key "resorce" in an exception; did you mean resource?`},
		{"exceptions:\n- " + ok + "  zzz: a", `e.yaml:4: unknown key "zzz" in an exception; known are accounts, check, expires, owner, reason, regions, resource, tags`},
		{"exceptions:\n- " + ok + "  resource:", `e.yaml:4: "resource" in an exception has no value; give it a value, or take it away`},
		{"exceptions:\n- " + ok + "  resource: ''", `e.yaml:4: an element of resource is empty`},
		{"exceptions:\n- " + ok + "  resource: ' '", `e.yaml:4: an element of resource is empty`},
		{"exceptions:\n- " + ok + "  resource: []", `e.yaml:4: resource is empty; name something, or take the key away`},
		{"exceptions:\n- " + ok + "  resource: [a,\n    '']", `e.yaml:5: an element of resource is empty`},
		{"exceptions:\n- " + ok + "  resource: [a, null]", `e.yaml:4: resource has an empty element`},
		{"exceptions:\n- " + ok + "  resource: {a: b}", `e.yaml:4: resource has to be a list, not keys with values`},
		{"exceptions:\n- " + ok + "  regions: []", `e.yaml:4: regions is empty; name something, or take the key away`},
		{"exceptions:\n- " + ok + "  tags: {}", `e.yaml:4: tags is empty; name a tag, or take the key away`},
		{"exceptions:\n- " + ok + "  tags: {env: }", `e.yaml:4: the tag "env" has no value; give it a value, or "*" for any`},
		{"exceptions:\n- " + ok + "  tags: env", `e.yaml:4: tags has to be keys with values, not "env"`},
		{"exceptions:\n- " + ok + "  accounts: [12345]", `e.yaml:4: "12345" in accounts is no account; it has twelve digits`},
		{"exceptions:\n- " + ok + "  accounts: [1.23456789012e11]", `e.yaml:4: "1.23456789012e11" in accounts is no account; it has twelve digits`},
		{"exceptions:\n- " + ok + "  expires: 2027-02-30", `e.yaml:4: "2027-02-30" is no day of the calendar; write it as 2027-03-31`},
		{"exceptions:\n- " + ok + "  expires: next year", `e.yaml:4: "next year" is no day of the calendar; write it as 2027-03-31`},
		{"exceptions:\n- " + ok + "  reason: y", `e.yaml:4: `},
		{"exceptions:\n- check: s3-bucket-versioning", `e.yaml:2: the exception has no reason; say why the failure is meant to be`},
		{"exceptions:\n- check: s3-bucket-versioning\n  reason: ' '", `e.yaml:3: reason is empty`},
		{"exceptions:\n\n- reason: x\n  resource: a", `e.yaml:3: the exception has no check; name checks, or "*" for all`},
		{"exceptions:\n- check: s3-bucket-versionning\n  reason: x", `e.yaml:2: there is no check "s3-bucket-versionning"; did you mean s3-bucket-versioning`},
		{"exceptions:\n- check: [s3-bucket-versioning, zz*]\n  reason: x", `e.yaml:2: there is no check "zz*"; fob scan checks lists them`},
		{"exceptions:\n- check: ''\n  reason: x", `e.yaml:2: check is empty`},
		{"exceptions: {check: a}", `e.yaml:1: exceptions has to be a list, not keys with values; begin each with a dash`},
		{"exceptions:\n- s3-bucket-versioning", `e.yaml:2: an exception has to be keys with values, not "s3-bucket-versioning"`},
		{"exceptions:\n- &a {check: s3-bucket-versioning, reason: x}\n- *a", `e.yaml:2: an exception has to be keys with values, not an anchor or alias: write it out`},
		{"exceptions:\n- {<<: {}, check: s3-bucket-versioning, reason: x}", `e.yaml:2: unknown key "<<" in an exception`},
		{"exceptions: []\n---\nexceptions: []", `e.yaml:`},
		{"exceptions: [\n", `e.yaml:1: `},
		{`{"exceptions": {"check": "a"}}`, `e.yaml:1: exceptions has to be a list`},
		{"- a", `e.yaml:1: a file of exceptions has to be keys with values, not a list`},
		{`exceptions = {"iam": {}}`, `e.yaml:1: this is an exceptions file of Scout2 or ScoutSuite; convert it with: fob scan rules convert e.yaml`},
		{`{"s3": {"s3-bucket-no-versioning": ["s3.buckets.x"]}}`, `e.yaml:1: this is an exceptions file of Scout2`},
		{"exceptions: " + strings.Repeat("[", 100000), `e.yaml: brackets or indentation go deeper than is read`},
	} {
		_, err := rules.Load(rules.Files{Exceptions: []string{"e.yaml"}, Read: files(map[string]string{"e.yaml": c.text})})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.200s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}

// An empty file has no exceptions, and does not except everything.
func TestNoExceptions(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "---\n", "exceptions: []\n", "\ufeffexceptions: []\n"} {
		s := exceptions(t, text)
		f := bucket("a")
		s.Except(f)
		if f.Exception != nil || len(s.Uses()) != 0 {
			t.Errorf("%q: %+v", text, s.Uses())
		}
	}
}

// The exceptions beside a configuration are read by themselves, once.
func TestExceptionsBeside(t *testing.T) {
	one := func(reason string) string {
		return "exceptions:\n- {check: s3-bucket-versioning, reason: " + reason + "}\n"
	}
	read := files(map[string]string{"audit/fob-scan.yaml": "", "audit/fob-exceptions.yaml": one("own"), "more.yaml": one("more"), "here/fob-exceptions.yaml": one("here")})
	for _, c := range []struct {
		files rules.Files
		want  []string
	}{
		{rules.Files{}, nil},
		{rules.Files{Config: "audit/fob-scan.yaml"}, []string{"own"}},
		{rules.Files{Config: "audit/fob-scan.yaml", Exceptions: []string{"more.yaml"}}, []string{"own", "more"}},
		{rules.Files{Config: "audit/fob-scan.yaml", Exceptions: []string{"audit/../audit/fob-exceptions.yaml"}}, []string{"own"}},
		{rules.Files{Folder: "here", Exceptions: []string{"more.yaml"}}, []string{"here", "more"}},
		{rules.Files{Folder: "nowhere"}, nil},
	} {
		c.files.Read = read
		s, err := rules.Load(c.files)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range s.Uses() {
			got = append(got, u.Reason)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.files, got, c.want)
		}
	}
	_, err := rules.Load(rules.Files{Exceptions: []string{"none.yaml"}, Read: read})
	if err == nil || err.Error() != "read none.yaml: file does not exist" {
		t.Errorf("a missing file: %v", err)
	}
}
