package report_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/report"
)

// hostile are texts that have done harm elsewhere.
func hostile() []string {
	return []string{
		`<script>window.harm=1</script>`, `</script><script>window.harm=1</script>`, `<img src=x onerror="window.harm=1">`, `"><svg/onload=window.harm=1>`,
		`javascript:window.harm=1`, `' onmouseover='window.harm=1`, `</noscript><script>window.harm=1</script>`, `<!--<script>`, `]]>`, `</style><script>window.harm=1</script>`,
		"line\u2028separator\u2029paragraph", "\u202eright to left\u202c \u05d0\u05d1", "nul\x00 bell\a escape\x1b[31m", "\xff\xfe broken", `{{.}}{{template "head"}}`, "${window.harm=1}`",
		"=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a,b\"c\nd", "", " ", strings.Repeat("long ", 2000), "__proto__", "constructor", "a#b?c&d=e%2f%zz/..", "data-summary",
	}
}

// poisoned is a small scan with each of some texts in every place.
func poisoned(texts ...string) *report.Result {
	summary := &scan.Summary{At: madeAt}
	var findings []*scan.Finding
	var exposures []*scan.Exposure
	var records []*scan.Record
	for _, s := range texts {
		account := scan.AccountRef{ID: s, Name: s}
		at := scan.ResourceRef{ARN: s, Type: s, Name: s, Tags: map[string]string{s: s, "k": s}}
		unread := &scan.ReadError{Op: s, Action: s, Resource: s, Region: s, Why: scan.Why(s), By: s, Code: s, Request: s}
		findings = append(findings, poisonedFindings(s, account, at, unread)...)
		exposures = append(exposures, &scan.Exposure{Schema: scan.ExposureSchema, Account: account, Region: s, Service: s, Resource: at, Where: s, What: []string{s}, Who: s, Chain: []scan.ChainStep{{ARN: s, Type: s, Says: s}}, Unread: []*scan.ReadError{unread}})
		text, _ := json.Marshal(s)
		for _, arn := range []string{s, "arn:aws:x:::" + s} {
			records = append(records, &scan.Record{Resource: scan.Resource{Account: s, Region: s, Type: s, ARN: arn, Name: s, Tags: at.Tags, At: madeAt},
				Data: map[string]json.RawMessage{"Policy": json.RawMessage(`{` + string(text) + `:[` + string(text) + `]}`), s: text}, Absent: map[string]bool{s: true}})
		}
		summary.Scan, summary.Tool = s, s
		summary.Warnings, summary.Expected = append(summary.Warnings, s), append(summary.Expected, s, "2"+s)
		summary.Accounts = append(summary.Accounts, scan.AccountSummary{AccountRef: account, Partition: s, At: madeAt, Problem: s, Regions: []string{s}, Excluded: []string{s}, Disabled: []string{s}, Blocked: []string{s}})
		summary.Checks = append(summary.Checks, scan.CheckInfo{ID: s, Title: s, Severity: scan.High, Service: s, Type: s, Why: s, Logic: s, Fix: s, Refs: []string{s, "cis-3.0:" + s}, Custom: true})
		summary.Exceptions = append(summary.Exceptions, scan.ExceptionUse{Name: s, ExceptionNote: scan.ExceptionNote{Reason: s, Owner: s, Expires: s}, State: s, Count: 1})
		summary.Gaps = append(summary.Gaps, scan.Gap{Account: s, Region: s, Op: s, Action: s, Why: scan.Denied, By: s, Code: s, Count: 1, Checks: []string{s}}, scan.Gap{Op: s, Why: scan.Why(s)})
	}
	return &report.Result{Summary: summary, Findings: each(findings), Exposures: each(exposures),
		Records: func(want func(account, region, typ, arn string) bool) iter.Seq2[*scan.Record, error] {
			return each(slices.DeleteFunc(slices.Clone(records), func(r *scan.Record) bool { return !want(r.Account, r.Region, r.Type, r.ARN) }))
		}}
}

func poisonedFindings(s string, account scan.AccountRef, at scan.ResourceRef, unread *scan.ReadError) (out []*scan.Finding) {
	for i, status := range scan.Statuses() {
		f := &scan.Finding{Schema: scan.Schema, ID: s, Check: s, Status: status, Severity: scan.Severity(i%5 + 1), Account: account, Region: s, Service: s, Resource: at, Title: s, Message: s,
			Evidence: []scan.Evidence{{Path: s, Value: s}, {Path: "Policy." + s, Value: map[string]any{s: []any{s, 1, nil}}}}, Refs: []string{s, "cis-3.0:" + s}, Fix: s, Observed: madeAt, Diff: scan.DiffNew}
		if status == scan.StatusUnknown {
			f.Unread = []*scan.ReadError{unread, nil}
		}
		if i == 0 {
			f.Exception = &scan.ExceptionNote{Reason: s, Owner: s, Expires: s}
		}
		out = append(out, f)
	}
	return out
}

func each[T any](list []*T) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// TestHTMLHostile walks through all pages of a report with every hostile text in it.
func TestHTMLHostile(t *testing.T) {
	p := openBrowser(t).open(write(t, poisoned(hostile()...)), "", 1024, 768)
	for _, page := range pages() {
		p.harmless(page, `"`+page+`"`)
	}
	for _, s := range hostile() {
		name, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, hash := range []string{`"#/service/" + encodeURIComponent(S)`, `"#/check/" + encodeURIComponent(S)`, `"#/framework/" + encodeURIComponent(S)`, `"#/" + S`, `"#/x?" + S + "=" + S`,
			`"#/findings?" + new URLSearchParams({text: S, tag: S, status: S, sort: S, [S]: S})`, `"#/resource/" + [S, S, S, S].map(encodeURIComponent).join("/")`} {
			p.harmless(fmt.Sprintf("%.40q", s), `(S => `+hash+`)(`+string(name)+`)`)
		}
		if strings.TrimSpace(s) != "" {
			if text, want := p.eval(`document.querySelector("h1").textContent`), p.eval(string(name)); text != want {
				t.Errorf("%.40q is shown as %.40q", s, text)
			}
		}
	}
	for _, row := range p.export("#/findings") {
		for _, cell := range row {
			if cell != "" && strings.Contains("=+-@\t\r", cell[:1]) {
				t.Errorf("the export has the formula %.40q", cell)
			}
		}
	}
	p.quiet()
}

// harmless goes to a page, opens all that can be opened, and looks for what texts might
// have done.
func (p *tab) harmless(what, hash string) {
	p.t.Helper()
	if got := p.eval(`(async () => {
		location.hash = ` + hash + `;
		await new Promise(r => setTimeout(r, 15));
		for (const m of document.querySelectorAll("details")) m.open = true;
		await new Promise(requestAnimationFrame);
		dispatchEvent(new Event("beforeprint"));
		dispatchEvent(new Event("afterprint"));
		const odd = [...document.body.querySelectorAll("script:not([id^=data-]), img, svg, iframe, object, embed, form, style, link, base")].slice(1).map(e => e.outerHTML.slice(0, 99));
		const links = [...document.querySelectorAll("a[href]")].filter(a => !a.getAttribute("href").startsWith("#")).map(a => a.href);
		const handlers = [...document.querySelectorAll("*")].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith("on") || a.name === "style" && a.value.includes("url")).map(a => a.name);
		return JSON.stringify([window.harm ?? 0, odd, links, handlers]);
	})()`); got != "[0,[],[],[]]" {
		p.t.Errorf("%s on %s: %v", what, hash, got)
	}
}

// TestHTMLEmpty: a scan that read nothing at all has a report, too.
func TestHTMLEmpty(t *testing.T) {
	summary := &scan.Summary{At: madeAt, Accounts: []scan.AccountSummary{{AccountRef: scan.AccountRef{ID: "123456789012"}, Problem: "AWS refused the credentials", Exit: 7}}}
	p := openBrowser(t).open(write(t, &report.Result{Summary: summary, Findings: each([]*scan.Finding{})}), "", 1024, 768)
	for _, page := range pages() {
		p.harmless(page, `"`+page+`"`)
	}
	if text := p.eval(`(location.hash = "#/overview", new Promise(r => setTimeout(() => r(document.querySelector(".banner").textContent), 30)))`).(string); !strings.Contains(text, "AWS refused the credentials") {
		t.Errorf("the banner says %q", text)
	}
	p.quiet()
}
