package resolve

import (
	"bytes"
	"fmt"
	"hash"
	"reflect"
	"strings"
	"testing"
	"time"

	"fob/internal/secret"
)

// keyOf is the cache key of a plan's answer.
func keyOf(steps ...Step) Key { return (&Plan{Steps: steps}).Key(len(steps)) }

// Every input of every step makes another key: an edited profile is never
// served the session of its former self.
func TestKeyHasEveryInput(t *testing.T) {
	east := Service{Region: "us-east-1"}
	key := KeyStep{Profile: "p", AccessKeyID: "AKIAP"}
	mfa := MFAStep{Profile: "p", Serial: "arn:aws:iam::123456789012:mfa/ann", Duration: 8 * time.Hour, Service: east}
	role := RoleStep{Profile: "p", ARN: "arn:aws:iam::123456789012:role/A", SessionName: "fob-ann", Service: east}
	web := WebIdentityStep{ARN: role.ARN, SessionName: "fob-ann", TokenFile: "/t", Service: east}
	session := func(r RoleSession) Step { return with1(role, func(s *RoleStep) { s.Session = r }) }
	plans := map[string][]Step{
		"base":                {key, mfa, role},
		"key id":              {KeyStep{Profile: "p", AccessKeyID: "AKIAQ"}, mfa, role},
		"no MFA":              {key, role},
		"the session":         {key, mfa},
		"the key":             {key},
		"one more role":       {key, mfa, role, role},
		"serial":              {key, with1(mfa, func(s *MFAStep) { s.Serial += "x" }), role},
		"session duration":    {key, with1(mfa, func(s *MFAStep) { s.Duration++; s.Duration += time.Second }), role},
		"session endpoint":    {key, with1(mfa, func(s *MFAStep) { s.Service.STS = "https://x.example" }), role},
		"session partition":   {key, with1(mfa, func(s *MFAStep) { s.Service.Region = "cn-north-1" }), role},
		"role":                {key, mfa, with1(role, func(s *RoleStep) { s.ARN += "x" })},
		"role session name":   {key, mfa, with1(role, func(s *RoleStep) { s.SessionName += "x" })},
		"external id":         {key, mfa, with1(role, func(s *RoleStep) { s.ExternalID = "x" })},
		"another external id": {key, mfa, with1(role, func(s *RoleStep) { s.ExternalID = "y" })},
		"role duration":       {key, mfa, with1(role, func(s *RoleStep) { s.Duration = time.Hour })},
		"source identity":     {key, mfa, session(RoleSession{SourceIdentity: "ann"})},
		"tag":                 {key, mfa, session(RoleSession{Tags: []Tag{{"a", "b"}}})},
		"another tag value":   {key, mfa, session(RoleSession{Tags: []Tag{{"a", "c"}}})},
		"empty tag value":     {key, mfa, session(RoleSession{Tags: []Tag{{"a", ""}}})},
		"tag keys for values": {key, mfa, session(RoleSession{Tags: []Tag{{"a", ""}, {"b", ""}}})},
		"two tags":            {key, mfa, session(RoleSession{Tags: []Tag{{"a", "b"}, {"c", "d"}}})},
		"tags the other way":  {key, mfa, session(RoleSession{Tags: []Tag{{"a", "d"}, {"c", "b"}}})},
		"transitive tag":      {key, mfa, session(RoleSession{Tags: []Tag{{"a", "b"}}, TransitiveTags: []string{"a"}})},
		"policy":              {key, mfa, session(RoleSession{Policy: `{"Statement":[]}`})},
		"another policy":      {key, mfa, session(RoleSession{Policy: `{"Statement":[1]}`})},
		"managed policy":      {key, mfa, session(RoleSession{PolicyARNs: []string{"arn:aws:iam::aws:policy/A"}})},
		"managed policies":    {key, mfa, session(RoleSession{PolicyARNs: []string{"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"}})},
		"web identity":        {web},
		"web policy":          {with1(web, func(s *WebIdentityStep) { s.Session.Policy = `{"Statement":[]}` })},
		"web managed policy":  {with1(web, func(s *WebIdentityStep) { s.Session.PolicyARNs = []string{"arn:aws:iam::aws:policy/A"} })},
		"code in the role":    {key, with1(role, func(s *RoleStep) { s.Serial = mfa.Serial })},
		"other code there":    {key, with1(role, func(s *RoleStep) { s.Serial = mfa.Serial + "x" })},
		"region of the role":  {key, mfa, with1(role, func(s *RoleStep) { s.Service.Region = "eu-west-1" })},
		"partition":           {key, mfa, with1(role, func(s *RoleStep) { s.Service.Region = "us-gov-west-1" })},
		"endpoint":            {key, mfa, with1(role, func(s *RoleStep) { s.Service.STS = "https://x.example" })},
		"two roles":           {key, mfa, role, with1(role, func(s *RoleStep) { s.ARN += "x" })},
		"the other way round": {key, mfa, with1(role, func(s *RoleStep) { s.ARN += "x" }), role},
	}
	seen := map[Key]string{}
	for name, steps := range plans {
		k := keyOf(steps...)
		if other, again := seen[k]; again {
			t.Errorf("%q and %q have one key", name, other)
		}
		seen[k] = name
	}
}

// with1 is a step with a change.
func with1[S any](s S, change func(*S)) S {
	change(&s)
	return s
}

// What does not change the result does not change the key.
func TestKeyHasNothingElse(t *testing.T) {
	east := Service{Region: "us-east-1"}
	key := KeyStep{Profile: "p", AccessKeyID: "AKIAP"}
	mfa := MFAStep{Profile: "p", Serial: "GAHT12345678", Duration: 8 * time.Hour, Service: east}
	role := RoleStep{Profile: "p", ARN: "arn:aws:iam::123456789012:role/A", SessionName: "fob-ann", Service: east}
	base := []Step{key, mfa, role}
	for name, steps := range map[string][]Step{
		"renamed profile":           {KeyStep{Profile: "q", AccessKeyID: "AKIAP"}, with1(mfa, func(s *MFAStep) { s.Profile = "q" }), with1(role, func(s *RoleStep) { s.Profile = "q" })},
		"key in a file":             {StaticStep{From: "profile \"p\"", AccessKeyID: "AKIAP", Secret: secret.New("s")}, mfa, role},
		"account known":             {KeyStep{Profile: "p", AccessKeyID: "AKIAP", AccountID: "123456789012"}, mfa, role},
		"other program":             {key, with1(mfa, func(s *MFAStep) { s.Process = "pass otp" }), with1(role, func(s *RoleStep) { s.Process = "pass otp" })},
		"other line":                {key, with1(mfa, func(s *MFAStep) { s.At.Line = 9 }), with1(role, func(s *RoleStep) { s.At.Line = 9 })},
		"session of another region": {key, with1(mfa, func(s *MFAStep) { s.Service.Region = "eu-west-1" }), role},
		"FIPS":                      {key, with1(mfa, func(s *MFAStep) { s.Service.FIPS = true }), with1(role, func(s *RoleStep) { s.Service.DualStack = true })},
	} {
		if keyOf(steps...) != keyOf(base...) {
			t.Errorf("%s: another key", name)
		}
	}
}

// Through the files: what an edit of them does to the keys.
func TestKeyOfFiles(t *testing.T) {
	keysOf := func(c planCase) []Key {
		t.Helper()
		if reflect.ValueOf(c.req).IsZero() {
			c.req.Profile = "p"
		}
		plan, err := c.planner(t).Plan(c.req)
		if err != nil {
			t.Fatal(err)
		}
		var keys []Key
		for n := range plan.Steps {
			keys = append(keys, plan.Key(n+1))
		}
		return keys
	}
	files := func(more, source string) planCase {
		return planCase{config: inP + inEast + arnA + fromB + more + inB + pairB + annMFA + source}
	}
	base := keysOf(files("", ""))
	if len(base) != 3 {
		t.Fatalf("%d steps", len(base))
	}
	for _, c := range []struct {
		name   string
		files  planCase
		shared int // steps whose key stays
	}{
		{"nothing", files("", ""), 3},
		{"a comment", files("# x\n", ""), 3},
		{"sibling role", planCase{config: inP + inEast + arnB + fromB + inB + pairB + annMFA}, 2},
		{"sibling role in another region", planCase{config: inP + "region = eu-west-1\n" + arnB + fromB + inB + pairB + annMFA}, 2},
		{"the role in another region", planCase{config: inP + "region = eu-west-1\n" + arnA + fromB + inB + pairB + annMFA}, 2},
		{"another partition", planCase{config: inP + "region = cn-north-1\n" + arnA + fromB + inB + pairB + annMFA}, 1},
		{"external id", files("external_id = x\n", ""), 2},
		{"session name", files("role_session_name = xx\n", ""), 2},
		{"source identity", files("source_identity = ann\n", ""), 2},
		{"tags", files("session_tags = a=b\n", ""), 2},
		{"transitive tags", files("session_tags = a=b\ntransitive_session_tags = a\n", ""), 2},
		{"policy", files("policy = {\"Statement\":[]}\n", ""), 2},
		{"managed policies", files("policy_arns = arn:aws:iam::aws:policy/A\n", ""), 2},
		{"duration", files("duration_seconds = 900\n", ""), 2},
		{"long duration", files("duration_seconds = 7200\n", ""), 1},
		{"session duration", files("", "duration_seconds = 900\n"), 1},
		{"endpoint", files("endpoint_url = https://x.example\n", ""), 1},
		{"serial", files("mfa_serial = GAHT12345678\n", ""), 1},
		{"secret replaced, same id", planCase{config: strings.Replace(files("", "").config, "secB", "secX", 1)}, 3},
		{"another key", planCase{config: strings.Replace(files("", "").config, "AKIAB", "AKIAX", 1)}, 0},
		{"renamed", planCase{config: strings.Replace(files("", "").config, "profile p]", "profile x]", 1), req: Request{Profile: "x"}}, 3},
		{"source renamed", planCase{config: strings.NewReplacer("profile b]", "profile x]", "= b\n", "= x\n").Replace(files("", "").config)}, 3},
		{"imported into the keychain", planCase{config: strings.Replace(files("", "").config, pairB, "", 1), kept: map[string]StoredKey{"b": {AccessKeyID: "AKIAB"}}}, 3},
	} {
		got := keysOf(c.files)
		for i, k := range base {
			if same := i < len(got) && got[i] == k; same != (i < c.shared) {
				t.Errorf("%s: step %d has the same key: %v", c.name, i, same)
			}
		}
	}
}

// A session without MFA never has the key of one with MFA.
func TestKeyTellsMFA(t *testing.T) {
	const arns = arnA + inEast
	plans := map[string]planCase{
		"plain":       {config: inP + arns + fromB + inB + pairB},
		"session":     {config: inP + arns + fromB + inB + pairB + annMFA},
		"direct":      {config: inP + arns + fromB + "duration_seconds = 7200\n" + inB + pairB + annMFA},
		"plain, long": {config: inP + arns + fromB + "duration_seconds = 7200\n" + inB + pairB},
	}
	seen := map[Key]string{}
	add := func(name string, p *Plan) {
		k := p.Key(len(p.Steps))
		if other, again := seen[k]; again {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[k] = name
	}
	for name, c := range plans {
		plan, err := c.planner(t).Plan(Request{Profile: "p"})
		if err != nil {
			t.Fatal(err)
		}
		add(name, plan)
		if d := plan.direct(); d != nil {
			add(name+", without GetSessionToken", d)
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d plans", len(seen))
	}
}

func TestKeyAsFileName(t *testing.T) {
	k := keyOf(KeyStep{AccessKeyID: "AKIAP"})
	if want := fmt.Sprintf("%x", [32]byte(k)); k.String() != want {
		t.Errorf("got %s, want %s", k, want)
	}
}

// recorder is a hash that keeps what is written, to see what would be hashed.
type recorder struct {
	hash.Hash
	bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) { return r.Buffer.Write(p) }
func (r *recorder) Reset()                      {}

// Two lists of named inputs make the same bytes only if they are the same, empty
// values aside.
func FuzzKeyWriter(f *testing.F) {
	f.Add("role", "a", "mfa", "b", "role", "a", "mfa", "b")
	f.Add("role", "ab", "", "", "role", "a", "b", "")
	f.Add("ro", "lea", "mfa", "", "role", "a", "", "mfa")
	f.Add("a", "\x00\x00\x00\x01", "b", "c", "a", "\x00\x00\x00\x01\x00", "b", "c")
	f.Add("a", "x", "b", "y", "ax\x00\x00\x00\x00\x00\x00\x00\x01b", "y", "", "")
	f.Fuzz(func(t *testing.T, n1, v1, n2, v2, m1, w1, m2, w2 string) {
		written := func(inputs ...string) (string, string) {
			var r recorder
			w := &keyWriter{&r}
			var list []string
			for i := 0; i < len(inputs); i += 2 {
				w.add(inputs[i], inputs[i+1])
				if inputs[i+1] != "" {
					list = append(list, fmt.Sprintf("%q=%q", inputs[i], inputs[i+1]))
				}
			}
			return r.String(), strings.Join(list, " ")
		}
		bytes1, list1 := written(n1, v1, n2, v2)
		bytes2, list2 := written(m1, w1, m2, w2)
		if (bytes1 == bytes2) != (list1 == list2) {
			t.Errorf("%s\n%s\n%x\n%x", list1, list2, bytes1, bytes2)
		}
	})
}

// A plan of any file is an error with words or has steps; planning never panics.
func FuzzPlan(f *testing.F) {
	f.Add(inP+arnA+fromB+inB+pairB+annMFA, "[p]\n"+pair)
	f.Add(inP+arnA+"source_profile = p\n"+pair, "[p-nomfa]\n"+pair)
	f.Add(inP+"credential_source = Environment\nrole_arn = x\n", "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\naws_session_token = t\nexpiration = 2030-01-01 00:00:00+00:00\n")
	f.Add(inP+"duration_seconds = 9e9\nmfa_serial = x\n"+pair+"services = s\n[services s]\nsts =\n endpoint_url = http://x\n", "")
	f.Fuzz(func(t *testing.T, config, credentials string) {
		pl, err := planCase{config: config, credentials: credentials}.makePlanner()
		if err != nil {
			return // not a file of AWS at all
		}
		plan, err := pl.Plan(Request{Profile: "p"})
		switch {
		case err != nil && err.Error() == "":
			t.Error("an error without words")
		case err == nil && len(plan.Steps) == 0:
			t.Error("a plan without steps")
		case err == nil:
			plan.Key(len(plan.Steps))
			plan.direct()
			plan.AccountID()
		}
	})
}

func TestPlanHidesSecrets(t *testing.T) {
	c := planCase{credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = hush\naws_session_token = hush\n"}
	plan, err := c.planner(t).Plan(Request{Profile: "p"})
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if s := fmt.Sprintf(form, plan.Steps); strings.Contains(s, "hush") || strings.Contains(s, "68757368") {
			t.Errorf("%s shows a secret: %s", form, s)
		}
	}
}
