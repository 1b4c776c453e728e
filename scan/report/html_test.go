package report_test

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"testing"

	"fob/scan/report"
)

// write writes a result as HTML and returns the path of the file.
func write(t testing.TB, r *report.Result) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	if err := report.HTML(func(int) (io.Writer, error) { return w, nil }, r, report.Options{}); err != nil {
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

func TestTry(t *testing.T) {
	m := newMade(t, 3, 3, 6, 6)
	m.diff = true
	path := write(t, m.result())
	data, _ := os.ReadFile(path)
	os.WriteFile("/tmp/htmlshots/report.html", data, 0o600)
	b := openBrowser(t)
	for _, page := range []struct{ name, hash string }{{"overview", ""}, {"findings", "#/findings?status=FAIL"}, {"services", "#/services"}, {"service", "#/service/ec2"}, {"check", "#/check/vpc-sg-ssh-open"}, {"surface", "#/surface"}, {"gaps", "#/gaps"}, {"suppressed", "#/suppressed"}, {"about", "#/about"}, {"framework", "#/framework/cis-3.0"}} {
		for _, size := range [][2]int{{1440, 900}, {1024, 768}} {
			p := b.open(path, page.hash, size[0], size[1])
			p.eval("new Promise(r => setTimeout(r, 150))")
			name := "/tmp/htmlshots/" + page.name
			if size[0] == 1024 {
				name += "-1024"
			}
			os.WriteFile(name+".png", p.picture(false), 0o600)
			p.quiet()
			if size[0] == 1440 && page.name == "overview" {
				t.Log("loading", p.loading)
			}
		}
	}
	p := b.open(path, "", 1440, 900)
	p.eval(`location.hash = document.querySelector("main a.title") && (() => { const f = [...document.querySelectorAll("ol.first a")][0]; return f.getAttribute("href"); })()`)
	p.eval("new Promise(r => setTimeout(r, 150))")
	p.eval(`location.hash = document.querySelector(".row .name").getAttribute("href")`)
	p.eval("new Promise(r => setTimeout(r, 300))")
	os.WriteFile("/tmp/htmlshots/resource.png", p.picture(false), 0o600)
	p.quiet()
	p = b.open(path, "", 1440, 900, map[string]string{"name": "prefers-color-scheme", "value": "dark"})
	os.WriteFile("/tmp/htmlshots/overview-dark.png", p.picture(false), 0o600)
	p.eval(`location.hash = "#/findings?status=FAIL"`)
	p.eval("new Promise(r => setTimeout(r, 150))")
	os.WriteFile("/tmp/htmlshots/findings-dark.png", p.picture(false), 0o600)
	os.WriteFile("/tmp/htmlshots/overview.pdf", b.open(path, "", 1440, 900).print(), 0o600)
	os.WriteFile("/tmp/htmlshots/findings.pdf", b.open(path, "#/findings?status=FAIL&severity=critical", 1440, 900).print(), 0o600)
}
