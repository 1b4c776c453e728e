package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"fob/scan"
)

//go:embed html
var htmlFiles embed.FS

// scripts are the parts of the page's one script, in order.
func scripts() []string {
	return []string{
		"dom.js", "data.js", "filter.js", "list.js", "csv.js", "parts.js", "json.js",
		"overview.js", "findings.js", "services.js", "check.js", "resource.js", "surface.js", "gaps.js", "suppressed.js", "about.js", "main.js",
	}
}

// page is the frame around the data.
type page struct {
	template *template.Template
	Title    string
	Style    template.CSS
	Script   template.JS
	Policy   string // of content security
	Summary  *scan.Summary
	Rows     []severityRow
	Failures []failure
}

// severityRow is a line of the summary that is there without scripts.
type severityRow struct {
	Name                            string
	Fail, Unknown, Suppressed, Fine int
}

func newPage(s *scan.Summary, failures []failure) (*page, error) {
	style, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		return nil, err
	}
	var script strings.Builder
	script.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range scripts() {
		part, err := htmlFiles.ReadFile("html/" + name)
		if err != nil {
			return nil, err
		}
		script.Write(part)
	}
	script.WriteString("})();\n")
	t, err := template.ParseFS(htmlFiles, "html/page.html")
	if err != nil {
		return nil, err
	}
	p := &page{template: t, Title: title(s), Style: template.CSS(style), Script: template.JS(script.String()), Summary: s, Failures: failures}
	p.Policy = fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", digest(script.String()), digest(string(style)))
	for severity := scan.Critical; severity >= scan.Info; severity-- {
		n := s.Counts[severity.String()]
		p.Rows = append(p.Rows, severityRow{
			Name: severity.String(), Fail: n[string(scan.StatusFail)], Unknown: n[string(scan.StatusUnknown)],
			Suppressed: n[scan.Suppressed], Fine: n[string(scan.StatusPass)],
		})
	}
	return p, nil
}

// title names the accounts, or counts them.
func title(s *scan.Summary) string {
	name := fmt.Sprintf("%d accounts", len(s.Accounts))
	if len(s.Accounts) == 1 {
		name = s.Accounts[0].ID
		if s.Accounts[0].Name != "" {
			name = s.Accounts[0].Name + " (" + s.Accounts[0].ID + ")"
		}
	}
	return "AWS audit of " + name + ", " + s.At.UTC().Format("2006-01-02")
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (p *page) head(w io.Writer) error { return p.template.ExecuteTemplate(w, "head", p) }

func (p *page) tail(w io.Writer) error { return p.template.ExecuteTemplate(w, "tail", p) }
