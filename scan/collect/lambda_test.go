package collect

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// restOp is an operation of the services that tell theirs by method and path.
func restOp(service, method, path string) string { return service + ":" + method + " " + path }

func functionPath(name, what string) string {
	return "/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:" + name + "/" + what
}

// TestFunctions: aliases are asked for their policy only where they have a URL, no policy
// is data, and no value of a variable is kept.
func TestFunctions(t *testing.T) {
	aws := newStandIn(t)
	list := restOp("lambda", "GET", "/2015-03-31/functions")
	function := func(name, more string) string {
		return fmt.Sprintf(`{"FunctionName":%q,"FunctionArn":"arn:aws:lambda:eu-west-1:123456789012:function:%s","Runtime":"python3.13","PackageType":"Zip"%s}`, name, name, more)
	}
	aws.on(list, func(w http.ResponseWriter, q asked) {
		if q.URL.Query().Get("MaxItems") != "50" {
			t.Errorf("asked for %v", q.URL)
		}
		if q.URL.Query().Get("Marker") == "" {
			body(`{"Functions":[`+function("plain", "")+`,`+function("secret", `,"Environment":{"Variables":{"HOME":"/hidden","KEY":"`+ghToken+`"}}`)+`],"NextMarker":"2"}`)(w, q)
			return
		}
		body(`{"Functions":[`+function("url", "")+`,`+function("alias", "")+`,`+function("sealed", `,"Environment":{"Error":{"ErrorCode":"AccessDeniedException","Message":"no"}}`)+`]}`)(w, q)
	})
	noPolicy := jsonError(404, "ResourceNotFoundException", "no policy")
	aws.on(restOp("lambda", "GET", functionPath("plain", "policy")), noPolicy)
	aws.on(restOp("lambda", "GET", functionPath("secret", "policy")), body(`{"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"s3.amazonaws.com\"},\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"*\"}]}"}`))
	aws.on(restOp("lambda", "GET", functionPath("sealed", "policy")), jsonError(403, "AccessDeniedException", "no"))
	aws.on(restOp("lambda", "GET", functionPath("url", "policy")), body(`{"Policy":"{\"Statement\":[{\"Sid\":\"FunctionURLAllowPublicAccess\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunctionUrl\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"lambda:FunctionUrlAuthType\":\"NONE\"}}}]}"}`))
	aws.on(restOp("lambda", "GET", functionPath("alias", "policy")), func(w http.ResponseWriter, q asked) {
		switch q.URL.Query().Get("Qualifier") {
		case "live":
			body(`{"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunctionUrl\",\"Resource\":\"*\"}]}"}`)(w, q)
		default:
			noPolicy(w, q)
		}
	})
	for name, aliases := range map[string][]string{"plain": nil, "secret": nil, "sealed": nil, "url": {""}, "alias": {":closed", ":live"}} {
		var urls []string
		for _, alias := range aliases {
			urls = append(urls, `{"FunctionUrl":"https://abc.lambda-url.eu-west-1.on.aws/","FunctionArn":"arn:aws:lambda:eu-west-1:123456789012:function:`+name+alias+`","AuthType":"NONE","CreationTime":"2026-01-01T00:00:00Z","LastModifiedTime":"2026-01-01T00:00:00Z"}`)
		}
		aws.on(restOp("lambda", "GET", strings.Replace(functionPath(name, "urls"), "2015-03-31", "2021-10-31", 1)), body(`{"FunctionUrlConfigs":[`+strings.Join(urls, ",")+`]}`))
	}

	ids := []string{"lambda-public", "lambda-url-open", "lambda-env-secret", "lambda-runtime-eol"}
	s := read(t, aws.collector(t, ids...))
	got := map[string]string{}
	for _, x := range findings(t, s, ids...) {
		got[x.Resource.Name] += " " + string(x.Status)
	}
	// In the order of the ids: env-secret, public, runtime-eol, url-open.
	for name, want := range map[string]string{
		"plain": " PASS PASS PASS PASS", "secret": " FAIL FAIL PASS PASS", "url": " PASS PASS PASS FAIL", "alias": " PASS PASS PASS FAIL", "sealed": " UNKNOWN UNKNOWN PASS UNKNOWN",
	} {
		if got[name] != want {
			t.Errorf("%s:%s, want%s", name, got[name], want)
		}
	}
	if n := aws.made(""); n != 1+2+5+5+2 { // regions, list, policies, URLs, policies of aliases
		t.Errorf("%d calls", n)
	}
	for _, l := range s.of("res") {
		for name, raw := range l.D {
			if strings.Contains(string(raw), ghToken) || strings.Contains(string(raw), "/hidden") {
				t.Errorf("%s has a value of a variable in %s", l.ID, name)
			}
		}
	}
	if !slices.ContainsFunc(s.of("err"), func(l scan.Line) bool { return l.Op == "lambda:GetPolicy" && l.Why == scan.Denied }) || len(s.of("err")) != 1 {
		t.Errorf("errors %+v", s.of("err"))
	}
}
