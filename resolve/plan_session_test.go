package resolve

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fob/internal/awsfake"
)

const (
	policyText = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`
	readOnly   = "arn:aws:iam::aws:policy/ReadOnlyAccess"
)

// repeat makes a list of n parts from a format with one number.
func repeat(n int, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(parts, ",")
}

// What a role's session is given, from the profile.
func TestPlanRoleSession(t *testing.T) {
	files := func(more string) string { return inP + inEast + arnA + fromB + more + inB + pairB }
	const a = "key AKIAB > role/A"
	inline := fmt.Sprintf("limited by an inline policy of %d characters", len(policyText))
	long := `{"Statement":["` + strings.Repeat("x", 2048-len(`{"Statement":[""]}`)) + `"]}`
	runPlans(t, []planCase{
		{name: "source identity", config: files("source_identity = ann@corp\n"), want: a + ", source identity ann@corp"},
		{name: "source identity too short", config: files("source_identity = a\n"), fail: "ConfigError: config line 5: the source identity"},
		{name: "source identity too long", config: files("source_identity = " + strings.Repeat("a", 65) + "\n"), fail: "config line 5: the source identity"},
		{name: "source identity of AWS", config: files("source_identity = aws:ann\n"), fail: "config line 5: the source identity"},
		{name: "tags", config: files("fob_session_tags = Team=Blue, Cost Center = 4/2 ,Empty=\n"), want: a + ", tags Cost Center=4/2 Empty= Team=Blue"},
		{name: "tags as aws-vault has them", config: files("session_tags = a=1,b=x=y\ntransitive_session_tags = b\n"), want: a + ", tags a=1 b=x=y (transitive)"},
		{name: "both names", config: files("fob_session_tags = a=1\nsession_tags = a=2\n"), want: a + ", tags a=1", warn: []string{"config line 6: fob_session_tags and session_tags differ; fob_session_tags is used"}},
		{name: "tag without value", config: files("session_tags = a=1,b\n"), fail: `ConfigError: config line 5: the session tag "b" is not Key=Value`},
		{name: "tag without key", config: files("session_tags = =1\n"), fail: "config line 5: a session tag has no key"},
		{name: "tag twice", config: files("session_tags = team=1,Team=2\n"), fail: `config line 5: the session tags "team" and "Team" are one`},
		{name: "tag of AWS", config: files("session_tags = AWS:x=1\n"), fail: "config line 5: … begins with aws:"},
		{name: "tag key with a bracket", config: files("session_tags = a[0]=1\n"), fail: `config line 5: the key of session tag "a[0]"`},
		{name: "tag value with a semicolon", config: files("session_tags = a=1;2\n"), fail: `config line 5: the value of session tag "a"`},
		{name: "tag in another script", config: files("session_tags = Команда=Синяя\n"), want: a + ", tags Команда=Синяя"},
		{name: "longest tag", config: files("session_tags = " + strings.Repeat("é", 128) + "=" + strings.Repeat("ü", 256) + "\n"), want: a + ", tags " + strings.Repeat("é", 128) + "=" + strings.Repeat("ü", 256)},
		{name: "key too long", config: files("session_tags = " + strings.Repeat("k", 129) + "=v\n"), fail: "config line 5: the key of"},
		{name: "value too long", config: files("session_tags = k=" + strings.Repeat("v", 257) + "\n"), fail: "config line 5: the value of"},
		{name: "51 tags", config: files("session_tags = " + repeat(51, "k%d=v") + "\n"), fail: "config line 5: more than 50 session tags"},
		{name: "transitive keys", config: files("fob_session_tags = a=1,b=2,c=3\nfob_transitive_tag_keys = C, a,a\n"), want: a + ", tags a=1 (transitive) b=2 c=3 (transitive)"},
		{name: "transitive key that is no tag", config: files("session_tags = a=1\ntransitive_session_tags = b\n"), fail: `ConfigError: config line 6: the transitive tag "b" is none`},
		{name: "transitive key without tags", config: files("transitive_session_tags = b\n"), fail: "config line 5: the transitive tag"},
		{name: "managed policies", config: files("fob_policy_arns = " + readOnly + ", arn:aws:iam::123456789012:policy/team/P\n"), want: a + ", limited by policy/team/P " + readOnly},
		{name: "managed policy of another partition", config: files("policy_arns = arn:aws-cn:iam::aws:policy/X\n"), want: a + ", limited by arn:aws-cn:iam::aws:policy/X"},
		{name: "managed policy twice", config: files("policy_arns = " + readOnly + "," + readOnly + "\n"), want: a + ", limited by " + readOnly},
		{name: "no policy's ARN", config: files("policy_arns = arn:aws:iam::123456789012:role/A\n"), fail: "ConfigError: config line 5: … is not the ARN of a managed policy"},
		{name: "a policy's name", config: files("policy_arns = ReadOnlyAccess\n"), fail: `config line 5: "ReadOnlyAccess" is not`},
		{name: "11 managed policies", config: files("policy_arns = " + repeat(11, "arn:aws:iam::aws:policy/P%d") + "\n"), fail: "config line 5: more than 10 session policies"},
		{name: "inline policy", config: files("fob_policy = " + policyText + "\n"), want: a + ", " + inline},
		{name: "inline policy with blanks", config: files("policy = " + strings.ReplaceAll(policyText, ",", " ,\t") + "\n"), want: a + ", " + inline},
		{name: "inline policy of a file", config: files("policy = file:///etc/p.json\n"), policies: map[string]string{"/etc/p.json": "\n" + strings.ReplaceAll(policyText, ":{", ":\n{") + "\n"}, want: a + ", " + inline},
		{name: "inline policy of a file at home", config: files("policy = file://~/p.json\n"), policies: map[string]string{"/h/p.json": policyText}, want: a + ", " + inline},
		{name: "inline policy of a file, relative", config: files("policy = file://p.json\n"), policies: map[string]string{"p.json": policyText}, want: a + ", " + inline, warn: []string{"config line 5: the path of the policy is relative"}},
		{name: "missing file", config: files("policy = file:///etc/p.json\n"), fail: `ConfigError: config line 5: the policy's file "/etc/p.json" cannot be read: `},
		{name: "no JSON", config: files("policy = s3:Get*\n"), fail: "config line 5: the inline policy is not a JSON object"},
		{name: "JSON cut off", config: files(`policy = {"Statement":[` + "\n"), fail: "config line 5: the inline policy is not a JSON object"},
		{name: "JSON without a statement", config: files("policy = {}\n"), fail: "config line 5: the inline policy has no Statement"},
		{name: "two documents", config: files("policy = " + policyText + policyText + "\n"), fail: "config line 5: the inline policy is no policy: invalid JSON: something follows"},
		{name: "a key twice", config: files(`policy = {"Statement":[],"Statement":[]}` + "\n"), fail: "config line 5: … stands twice"},
		{name: "characters that STS refuses", config: files(`policy = {"Statement":["Ω"]}` + "\n"), fail: "config line 5: the inline policy has characters above U+00FF"},
		{name: "longest inline policy", config: files("policy = " + long + "\n"), want: a + ", limited by an inline policy of 2048 characters"},
		{name: "inline policy too long", config: files("policy = " + strings.Replace(long, "x", "xx", 1) + "\n"), fail: "config line 5: … more than 2048 characters together"},
		{name: "inline and managed too long together", config: files("policy_arns = " + readOnly + "\npolicy = " + long + "\n"), fail: "config line 6: … more than 2048 characters together"},
		{name: "managed policies too long together", config: files("policy_arns = " + repeat(10, "arn:aws:iam::aws:policy/P%d"+strings.Repeat("x", 200)) + "\n"), fail: "config line 5: … more than 2048"},
		{name: "all of it, with MFA in AssumeRole", config: files("duration_seconds = 7200\n" + annMFA + "source_identity = ann\nsession_tags = a=b\npolicy_arns = " + readOnly + "\npolicy = " + policyText + "\n"),
			want: a + " 2 h, source identity ann, tags a=b, limited by " + readOnly + ", " + inline + " code=mfa/ann"},
		{name: "in a chain each role has its own", config: inP + inEast + arnA + fromB + "session_tags = a=1\n" + inB + arnB + "source_profile = c\nsource_identity = ann\n[profile c]\n" + pair,
			want: "key AKIAP > role/B, source identity ann > role/A, tags a=1"},
		{name: "without a role", config: inP + pair + "source_identity = ann\npolicy = " + policyText + "\n", want: "key AKIAP", warn: []string{
			`config line 4: source_identity is for a role's session, and "p" has no role_arn`, "config line 5: policy is for a role's session"}},
		{name: "web identity", config: inP + inEast + arnA + "web_identity_token_file = /t\npolicy_arns = " + readOnly + "\npolicy = " + policyText + "\n",
			want: "role arn:aws:iam::123456789012:role/A, limited by " + readOnly + ", " + inline + ", with the token in /t (AssumeRoleWithWebIdentity)"},
		{name: "web identity has its own tags", config: inP + inEast + arnA + "web_identity_token_file = /t\nsource_identity = ann\nsession_tags = a=1\n",
			want: "role arn:aws:iam::123456789012:role/A, with the token in /t (AssumeRoleWithWebIdentity)", warn: []string{"config line 5: source identity and session tags are not sent"}},
	})
}

// The same as flags, which go with --role-arn alone.
func TestPlanRequestedSession(t *testing.T) {
	config := inP + inEast + pair
	req := func(change func(*Request)) Request {
		return with1(Request{Profile: "p", RoleARN: "arn:aws:iam::123456789012:role/A"}, change)
	}
	runPlans(t, []planCase{
		{name: "all", config: config, req: req(func(r *Request) {
			r.SourceIdentity, r.SessionTags, r.TransitiveTags = "ann", []string{"b=2", "a=1"}, []string{"b"}
			r.PolicyARNs, r.Policy = []string{readOnly}, "file:///p.json"
		}), policies: map[string]string{"/p.json": `{"Statement":[]}`},
			want: "key AKIAP > role/A, source identity ann, tags a=1 b=2 (transitive), limited by " + readOnly + ", limited by an inline policy of 16 characters"},
		{name: "the profile's go with its own role", config: inP + inEast + arnB + fromB + "session_tags = x=y\n" + inB + pairB, req: req(func(r *Request) { r.SessionTags = []string{"a=1"} }),
			want: "key AKIAB > role/B, tags x=y > role/A, tags a=1"},
		{name: "source identity", config: config, req: req(func(r *Request) { r.SourceIdentity = "a b" }), fail: "ConfigError: --source-identity: the source identity"},
		{name: "tag", config: config, req: req(func(r *Request) { r.SessionTags = []string{"a"} }), fail: "ConfigError: --session-tag: the session tag"},
		{name: "transitive", config: config, req: req(func(r *Request) { r.TransitiveTags = []string{"a"} }), fail: "ConfigError: --transitive-tag: the transitive tag"},
		{name: "managed policy", config: config, req: req(func(r *Request) { r.PolicyARNs = []string{"a"} }), fail: "ConfigError: --policy-arn: "},
		{name: "inline policy", config: config, req: req(func(r *Request) { r.Policy = "a" }), fail: "ConfigError: --policy: the inline policy"},
	})
}

// What is planned is sent, with AssumeRole and with AssumeRoleWithWebIdentity.
func TestRoleSessionIsSent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var form url.Values
		w.handler = func(rw http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			form, _ = url.ParseQuery(string(body))
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			w.aws.ServeHTTP(rw, r)
		}
		w.config += role("tagged", "Ops", "ann", "source_identity = ann@corp", "session_tags = Team=Blue,Env=", "transitive_session_tags = Team",
			"policy_arns = "+readOnly+",arn:aws:iam::"+account+":policy/P", "policy = "+policyText)
		plain := w.must("ops")
		tagged := w.must("tagged")
		if same(plain, tagged) {
			t.Error("the session without tags was handed out")
		}
		calls := w.aws.Calls()
		got := calls[len(calls)-1]
		if got.SourceIdentity != "ann@corp" || got.Policy != policyText || !maps.Equal(got.Tags, map[string]string{"Team": "Blue", "Env": ""}) ||
			!slices.Equal(got.PolicyARNs, []string{"arn:aws:iam::" + account + ":policy/P", readOnly}) {
			t.Errorf("sent %+v", got)
		}
		if keys := form["TransitiveTagKeys.member.1"]; !slices.Equal(keys, []string{"Team"}) || form.Has("TransitiveTagKeys.member.2") {
			t.Errorf("transitive keys %q", keys)
		}
		w.calls("GetSessionToken 8h0m0s code by AKIA, AssumeRole Ops by ASIA, AssumeRole Ops by ASIA")
		if !same(w.must("tagged"), tagged) || !same(w.must("ops"), plain) {
			t.Error("kept sessions are mixed up")
		}
		w.calls("")
	})
}

func TestWebIdentityPolicyIsSent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, []byte("h.e.y"), 0o600); err != nil {
			t.Fatal(err)
		}
		w.aws.AddWebIdentity("h.e.y", "pod")
		w.addRole(awsfake.Role{ARN: roleARN("Web")})
		w.config += "[profile web]\nregion = us-east-1\nrole_arn = " + roleARN("Web") + "\nweb_identity_token_file = " + file + "\npolicy_arns = " + readOnly + "\npolicy = " + policyText + "\n"
		w.must("web")
		got := w.aws.Calls()[0]
		if got.Policy != policyText || !slices.Equal(got.PolicyARNs, []string{readOnly}) || got.SourceIdentity != "" || len(got.Tags) > 0 {
			t.Errorf("sent %+v", got)
		}
	})
}

// Tags that are read keep to AWS's limits, whatever was written.
func FuzzTags(f *testing.F) {
	f.Add("Team=Blue,Cost Center = 4/2 ,Empty=", "team")
	f.Add("a=b=c,A=d", "a")
	f.Add("aws:x=1", "")
	f.Add(" = ,,=", "=")
	f.Add("k=\xff", "k")
	f.Add(repeat(51, "k%d=v"), "k1,k50")
	f.Fuzz(func(t *testing.T, text, keys string) {
		tags, err := readTags(list(text))
		if err != nil {
			return
		}
		if len(tags) > maxTags {
			t.Errorf("%d tags", len(tags))
		}
		seen := map[string]bool{}
		for _, tag := range tags {
			low := strings.ToLower(tag.Key)
			if seen[low] || tag.Key == "" || strings.Contains(tag.Key, "=") || strings.HasPrefix(low, "aws:") || !utf8.ValidString(tag.Key+tag.Value) ||
				utf8.RuneCountInString(tag.Key) > maxTagKey || utf8.RuneCountInString(tag.Value) > maxTagValue || strings.ContainsAny(tag.Key+tag.Value, ",\n\x00\x1b") {
				t.Errorf("tag %q", tag)
			}
			seen[low] = true
		}
		transitive, err := readTransitive(list(keys), tags)
		for _, key := range transitive {
			if err != nil || !slices.ContainsFunc(tags, func(tag Tag) bool { return tag.Key == key }) {
				t.Errorf("transitive %q, %v", key, err)
			}
		}
	})
}

// An inline policy that is read is JSON without blanks, and reads as itself.
func FuzzPolicy(f *testing.F) {
	f.Add(policyText)
	f.Add(" { \"Statement\" : [ ] }\n")
	f.Add(`{"Statement":null}`)
	f.Add(`{"Statement":["\u2028 \u00ff Ω"]}`)
	f.Add(`{"Statement":[],"Statement":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		policy, err := readPolicy(text)
		if err != nil {
			return
		}
		again, err := readPolicy(policy)
		if err != nil || again != policy {
			t.Errorf("%q reads as %q, %v", policy, again, err)
		}
	})
}
