package report_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/report"
)

func writeTo(w io.Writer, r *report.Result) error {
	return report.HTML(func(int) (io.Writer, error) { return w, nil }, r, report.Options{})
}

// write writes a result as HTML and returns the path of the file.
func write(t testing.TB, r *report.Result) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	if err := writeTo(w, r); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// page is a report taken apart: its markup without the blocks, and those unpacked.
type page struct {
	markup string
	blocks map[string][]byte
}

func takeApart(t testing.TB, text string) page {
	t.Helper()
	p := page{blocks: map[string][]byte{}}
	block := regexp.MustCompile(`<script type="application/octet-stream" id="data-([a-z]+(?:-[0-9]+)?)">([A-Za-z0-9+/=]*)</script>\n`)
	p.markup = block.ReplaceAllStringFunc(text, func(s string) string {
		m := block.FindStringSubmatch(s)
		packed, err := base64.StdEncoding.DecodeString(m[2])
		if err != nil {
			t.Fatalf("block %s: %v", m[1], err)
		}
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatalf("block %s: %v", m[1], err)
		}
		data, err := io.ReadAll(z)
		if err != nil || !json.Valid(data) {
			t.Fatalf("block %s is no JSON: %v %.200s", m[1], err, data)
		}
		if p.blocks[m[1]] != nil {
			t.Fatalf("two blocks are called %s", m[1])
		}
		p.blocks[m[1]] = data
		return ""
	})
	return p
}

// sound checks what holds of every report: one style, one script, both of them those
// that the policy names, and nothing that would run or ask for anything beside them.
func (p page) sound(t testing.TB) {
	t.Helper()
	for _, name := range []string{"summary", "columns", "evidence", "records", "surface"} {
		if p.blocks[name] == nil {
			t.Errorf("there is no block %s", name)
		}
	}
	for tag, want := range map[string]int{"<script": 1, "</script": 1, "<style": 1, "</style": 1, "<noscript": 1, "</noscript": 1, "<meta http-equiv": 1, "<link": 0, "<img": 0, "<svg": 0, "<iframe": 0, "<base": 0, "<form": 0, "<!--": 0} {
		if n := strings.Count(strings.ToLower(p.markup), tag); n != want {
			t.Errorf("%s is there %d times, want %d", tag, n, want)
		}
	}
	policy := between(p.markup, `Content-Security-Policy" content="`, `"`)
	policy = strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy)
	want := fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'",
		hash(between(p.markup, "<script>", "</script>")), hash(between(p.markup, "<style>", "</style>")))
	if policy != want {
		t.Errorf("the policy is\n%s\nwant\n%s", policy, want)
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestHTMLFile(t *testing.T) {
	m := newMade(t, 2, 2, 4, 5)
	r := m.result()
	var first, second bytes.Buffer
	for _, w := range []io.Writer{&first, &second} {
		if err := writeTo(w, r); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same result gives different bytes")
	}
	p := takeApart(t, first.String())
	p.sound(t)
	summary := between(p.markup, "<noscript>", "</noscript>")
	for _, want := range []string{r.Summary.Accounts[0].ID, "prod", "incomplete", ">critical<", fmt.Sprintf("<td>%d</td>", r.Summary.Counts["critical"]["FAIL"])} {
		if !strings.Contains(summary, want) {
			t.Errorf("without scripts the page does not show %q", want)
		}
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range p.blocks {
		if bytes.Contains(data, []byte(wd)) {
			t.Errorf("block %s holds the path of this machine", name)
		}
	}
}

// TestHTMLAssets: the page's own sources have nothing that would make text markup, run
// text, or ask for anything.
func TestHTMLAssets(t *testing.T) {
	banned := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\(|new Function|setAttribute\("(style|on)|javascript:|https?://|\bfetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon|url\(|@import|</script|<!--`)
	n := 0
	err := fs.WalkDir(os.DirFS("html"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".html") {
			return err
		}
		n++
		data, err := os.ReadFile(filepath.Join("html", path))
		for i, line := range strings.Split(string(data), "\n") {
			if found := banned.FindString(line); found != "" {
				t.Errorf("%s:%d has %s", path, i+1, found)
			}
		}
		return err
	})
	if err != nil || n < 10 {
		t.Error("sources: ", n, err)
	}
}

// TestHTMLWithoutSnapshot: with no records at hand the page says so.
func TestHTMLWithoutSnapshot(t *testing.T) {
	r := newMade(t, 1, 1, 2, 2).result()
	r.Records, r.Exposures = nil, nil
	var out bytes.Buffer
	if err := writeTo(&out, r); err != nil {
		t.Fatal(err)
	}
	p := takeApart(t, out.String())
	p.sound(t)
	if !bytes.Contains(p.blocks["records"], []byte(`"snapshot":false`)) {
		t.Errorf("%s", p.blocks["records"])
	}
}

// TestHTMLReadErrors: a result that cannot be read is no report.
func TestHTMLReadErrors(t *testing.T) {
	broken := io.ErrUnexpectedEOF
	for name, spoil := range map[string]func(*report.Result){
		"findings": func(r *report.Result) {
			r.Findings = func(yield func(*scan.Finding, error) bool) { yield(nil, broken) }
		},
		"exposures": func(r *report.Result) {
			r.Exposures = func(yield func(*scan.Exposure, error) bool) { yield(nil, broken) }
		},
		"status": func(r *report.Result) {
			r.Findings = func(yield func(*scan.Finding, error) bool) { yield(&scan.Finding{Status: "ODD"}, nil) }
		},
	} {
		r := newMade(t, 1, 1, 1, 1).result()
		spoil(r)
		if err := writeTo(io.Discard, r); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// FuzzHTML puts text into every place that AWS or a person fills.
func FuzzHTML(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var out bytes.Buffer
		if err := writeTo(&out, poisoned(s)); err != nil {
			t.Skip(err) // what is no JSON is refused
		}
		takeApart(t, out.String()).sound(t)
	})
}
