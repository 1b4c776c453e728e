package policy

import (
	"encoding/json"
	"net/url"
	"reflect"
	"testing"
)

const bucketPolicy = `{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"a","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/a+b/*","Condition":{"Bool":{"aws:SecureTransport":true}}}]}`

// One document has one form, however it is spelled.
func TestSpellings(t *testing.T) {
	want, err := Parse([]byte(bucketPolicy))
	if err != nil {
		t.Fatal(err)
	}
	quoted, _ := json.Marshal(bucketPolicy)
	for name, s := range map[string]string{
		"URL encoded":           url.PathEscape(bucketPolicy),
		"URL encoded, blanks +": "%7B" + bucketPolicy[1:],
		"a JSON string":         string(quoted),
		"blanks around":         "\n\t " + bucketPolicy + "\n",
		"lists":                 `{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/a+b/*"],"Condition":{"Bool":{"aws:SecureTransport":["true"]}}}]}`,
		"a single statement":    `{"Version":"2012-10-17","Id":"p","Statement":{"Sid":"a","Effect":"Allow","Principal":{"AWS":"*"},"Action":"S3:GETOBJECT","Resource":"arn:aws:s3:::b/a+b/*","Condition":{"bool":{"AWS:securetransport":"true"}}}}`,
		"other letter case":     `{"version":"2012-10-17","ID":"p","statement":[{"SID":"a","effect":"Allow","principal":{"aws":"*"},"ACTION":"s3:getobject","resource":"arn:aws:s3:::b/a+b/*","condition":{"BOOL":{"aws:SecureTransport":"true"}}}]}`,
	} {
		got, err := Parse([]byte(s))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got.Statements[0].written, want.Statements[0].written = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestForms(t *testing.T) {
	d := doc(t, `{"Statement":[
	 {"Effect":"Allow","Principal":{"AWS":[123456789012,"123456789012","arn:aws:iam::210987654321:role/r"],"Service":"sns.amazonaws.com"},"Action":["*:*","s3:**","EC2:Run?*?"],"NotResource":"a*?",
	  "Condition":{"ForAnyValue:StringLikeIfExists":{"aws:PrincipalOrgPaths":["o-1/*"]},"NumericLessThan":{"aws:MultiFactorAuthAge":3600}}}]}`)
	s := d.Statements[0]
	if want := []string{"*:*", "s3:**", "EC2:Run?*?"}; !reflect.DeepEqual(s.written, want) {
		t.Errorf("written as %q, want %q", s.written, want)
	}
	s.written = nil
	want := Statement{
		Allow: true,
		Principals: []Principal{
			{"AWS", "arn:aws:iam::123456789012:root"}, {"AWS", "arn:aws:iam::210987654321:role/r"}, {"Service", "sns.amazonaws.com"},
		},
		Actions: []string{"*", "s3:*", "ec2:run??*"}, Resources: []string{"a?*"}, NotResources: true,
		Conditions: []Condition{
			{Operator: "numericlessthan", Key: "aws:multifactorauthage", Values: []string{"3600"}},
			{Operator: "stringlike", ForAny: true, IfExists: true, Key: "aws:principalorgpaths", Values: []string{"o-1/*"}},
		},
	}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{
		``, `null`, `[]`, `5`, `"`, `%`, `%zz`, `{}`, `{"Statement":null}`, `{"Statement":[null]}`, `{"Statement":[5]}`,
		`{"Statement":[{}]}`, `{"Statement":[]} x`,
		`{"Statement":[{"Effect":"allow","Action":"*"}]}`,
		`{"Statement":[{"Effect":"Allow"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","NotAction":"*"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"*"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Principal":"*","NotPrincipal":"*"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Principal":"arn:aws:iam::123456789012:root"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Principal":null}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Principal":{"Google":"*"}}]}`,
		`{"Statement":[{"Effect":"Allow","Action":null}]}`,
		`{"Statement":[{"Effect":"Allow","Action":{"a":"b"}}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","action":"s3:*"}]}`,
		`{"Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Resources":"*"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"StringEquals":{"aws:SourceArn":"a","AWS:SourceArn":"b"}}}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"StringEquals":"a"}}]}`,
		`{"Statement":[],"Statement":[]}`,
	} {
		if d, err := Parse([]byte(s)); err == nil {
			t.Errorf("Parse(%s) = %+v", s, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(bucketPolicy))
	f.Add([]byte(url.PathEscape(bucketPolicy)))
	f.Add([]byte(`"{\"Statement\":{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"1\"},\"NotAction\":[],\"Condition\":{\"Null\":{\"a\":true}}}}"`))
	for _, c := range publicCases() {
		f.Add([]byte(c.policy))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := Parse(raw)
		if err != nil {
			return
		}
		again, err := Parse(raw)
		if err != nil || !reflect.DeepEqual(d, again) {
			t.Errorf("%q reads differently each time", raw)
		}
		// Nothing that parses makes a question fail.
		d.Public(Query{})
		d.Parties(Query{Actions: []string{"s3:*"}})
		d.DeniesCleartext("s3:*", "arn:aws:s3:::b")
		i := Identity{Partition: "aws", Account: "123456789012", ARN: "arn:aws:iam::123456789012:user/u", User: "u", Policies: []Source{{Document: d}}, Boundary: &Source{Document: d}}
		i.Admin()
	})
}

func doc(t testing.TB, s string) *Document {
	t.Helper()
	d, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return d
}

// What a statement grants is shown as it is written.
func TestGrantAsWritten(t *testing.T) {
	d := doc(t, `{"Statement":{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","S3:Put*"],"Resource":"*"}}`)
	g := d.Public(Query{Actions: []string{"s3:put*"}})
	if len(g) != 1 || !reflect.DeepEqual(g[0].Written, []string{"S3:Put*"}) || !reflect.DeepEqual(g[0].Actions, []string{"s3:put*"}) {
		t.Errorf("got %+v", g)
	}
}
