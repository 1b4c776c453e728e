package collect

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// judged reads what the checks need and judges it: "check resource" → status.
func judged(t *testing.T, aws *standIn, ids ...string) (map[string]string, *snapshot) {
	t.Helper()
	s := read(t, aws.collector(t, ids...))
	got := map[string]string{}
	for _, x := range findings(t, s, ids...) {
		got[x.Check+" "+x.Resource.Name] = string(x.Status)
	}
	return got, s
}

// wants holds verdicts against "check resource STATUS" lines; there must be no others.
func wants(t *testing.T, got map[string]string, lines string) {
	t.Helper()
	left := map[string]bool{}
	for what := range got {
		left[what] = true
	}
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		f := strings.Fields(line)
		what := f[0] + " " + f[1]
		if got[what] != f[2] {
			t.Errorf("%s: %q, want %s", what, got[what], f[2])
		}
		delete(left, what)
	}
	for what := range left {
		t.Errorf("%s: %s, want no verdict", what, got[what])
	}
}

// asking answers with one of several bodies, chosen by what the request's body or path
// holds; a body that begins with "!" is an error of that code.
func asking(answers map[string]string) func(http.ResponseWriter, asked) {
	return func(w http.ResponseWriter, q asked) {
		for part, text := range answers {
			if !strings.Contains(q.URL.Path+q.sent, part) {
				continue
			}
			if code, ok := strings.CutPrefix(text, "!"); ok {
				jsonError(400, code, "no")(w, q)
				return
			}
			body(text)(w, q)
			return
		}
		body("{}")(w, q)
	}
}

// holds says whether a snapshot has a text anywhere.
func (s *snapshot) holds(t *testing.T, text string) bool {
	t.Helper()
	raw, err := json.Marshal(s.lines)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(raw, []byte(text))
}
