package report_test

import (
	"encoding/json"
	"iter"
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

// poisoned is a small scan with one text in every place.
func poisoned(s string) *report.Result {
	account := scan.AccountRef{ID: s, Name: s}
	at := scan.ResourceRef{ARN: s, Type: s, Name: s, Tags: map[string]string{s: s, "k": s}}
	unread := &scan.ReadError{Op: s, Action: s, Resource: s, Region: s, Why: scan.Why(s), By: s, Code: s, Request: s}
	var findings []*scan.Finding
	for i, status := range scan.Statuses() {
		f := &scan.Finding{Schema: scan.Schema, ID: s, Check: s, Status: status, Severity: scan.Severity(i%5 + 1), Account: account, Region: s, Service: s, Resource: at, Title: s, Message: s,
			Evidence: []scan.Evidence{{Path: s, Value: s}, {Path: "Policy." + s, Value: map[string]any{s: []any{s, 1, nil}}}}, Refs: []string{s, "cis-3.0:" + s}, Fix: s, Observed: madeAt, Diff: scan.DiffNew}
		if status == scan.StatusUnknown {
			f.Unread = []*scan.ReadError{unread, nil}
		}
		if i == 0 {
			f.Exception = &scan.ExceptionNote{Reason: s, Owner: s, Expires: s}
		}
		findings = append(findings, f)
	}
	text, _ := json.Marshal(s)
	rec := &scan.Record{Resource: scan.Resource{Account: s, Region: s, Type: s, ARN: s, Name: s, Tags: at.Tags, At: madeAt},
		Data: map[string]json.RawMessage{"Policy": json.RawMessage(`{` + string(text) + `:[` + string(text) + `]}`), s: text}, Absent: map[string]bool{s: true}}
	other := *rec
	other.ARN = "arn:aws:x:::" + s
	exposure := &scan.Exposure{Schema: scan.ExposureSchema, Account: account, Region: s, Service: s, Resource: at, Where: s, What: []string{s}, Who: s, Chain: []scan.ChainStep{{ARN: s, Type: s, Says: s}}, Unread: []*scan.ReadError{unread}}
	summary := &scan.Summary{Scan: s, Tool: s, At: madeAt, Warnings: []string{s}, Expected: []string{s, "2" + s},
		Accounts:   []scan.AccountSummary{{AccountRef: account, Partition: s, At: madeAt, Problem: s, Regions: []string{s}, Excluded: []string{s}, Disabled: []string{s}, Blocked: []string{s}}},
		Checks:     []scan.CheckInfo{{ID: s, Title: s, Severity: scan.High, Service: s, Type: s, Why: s, Fix: s, Refs: []string{s, "cis-3.0:" + s}, Custom: true}},
		Exceptions: []scan.ExceptionUse{{Name: s, ExceptionNote: scan.ExceptionNote{Reason: s, Owner: s, Expires: s}, State: s, Count: 1}},
	}
	var tally scan.Tally
	for _, f := range findings {
		if f.Status != scan.StatusUnknown {
			tally.Add(f)
		}
	}
	tally.Into(summary)
	summary.Gaps = []scan.Gap{{Account: s, Region: s, Op: s, Action: s, Why: scan.Denied, By: s, Code: s, Count: 1, Checks: []string{s}}, {Op: s, Why: scan.Why(s), Checks: []string{}}}
	return &report.Result{Summary: summary, Findings: each(findings), Exposures: each([]*scan.Exposure{exposure}),
		Records: func(want func(account, region, typ, arn string) bool) iter.Seq2[*scan.Record, error] {
			return func(yield func(*scan.Record, error) bool) {
				for _, r := range []*scan.Record{rec, &other} {
					if want(r.Account, r.Region, r.Type, r.ARN) && !yield(r, nil) {
						return
					}
				}
			}
		}}
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

// TestHTMLHostile opens a report of every hostile text and walks through all its pages.
func TestHTMLHostile(t *testing.T) {
	b := openBrowser(t)
	for _, s := range hostile() {
		path := write(t, poisoned(s))
		p := b.open(path, "", 1024, 768)
		name, err := json.Marshal(strings.ToValidUTF8(s, "\ufffd"))
		if err != nil {
			t.Fatal(err)
		}
		e := func(parts string) string {
			return `"#/` + parts + `"`
		}
		for _, hash := range []string{
			e(`findings`), e(`services`), `"#/service/" + encodeURIComponent(S)`, `"#/check/" + encodeURIComponent(S)`, `"#/resource/" + [S, S, S, S].map(encodeURIComponent).join("/")`,
			`"#/framework/cis-3.0"`, e(`surface`), e(`gaps`), e(`suppressed`), e(`about`), `"#/" + S`, `"#/findings?" + new URLSearchParams({text: S, tag: S, status: S})`, e(`overview`),
		} {
			got := p.eval(`(async () => {
				const S = ` + string(name) + `;
				location.hash = ` + hash + `;
				await new Promise(r => setTimeout(r, 20));
				for (const m of document.querySelectorAll("details")) m.open = true;
				await new Promise(requestAnimationFrame);
				dispatchEvent(new Event("beforeprint"));
				dispatchEvent(new Event("afterprint"));
				const odd = [...document.body.querySelectorAll("script:not([id^=data-]), img, svg, iframe, object, embed, form, style, link, base")].slice(1).map(e => e.outerHTML.slice(0, 99));
				const links = [...document.querySelectorAll("a[href]")].filter(a => !a.getAttribute("href").startsWith("#")).map(a => a.href);
				const handlers = [...document.querySelectorAll("*")].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith("on") || a.name === "style" && a.ownerElement.getAttribute("style").includes("url")).map(a => a.name);
				return JSON.stringify([window.harm ?? 0, odd, links, handlers]);
			})()`)
			if got != "[0,[],[],[]]" {
				t.Errorf("%.40q on %s: %v", s, hash, got)
			}
		}
		if text := p.eval(`(async () => {
			const S = ` + string(name) + `;
			location.hash = "#/resource/" + [S, S, S, S].map(encodeURIComponent).join("/");
			await new Promise(r => setTimeout(r, 60));
			return document.querySelector("h1").textContent;
		})()`); strings.TrimSpace(s) != "" && text != strings.ToValidUTF8(s, "\ufffd") {
			t.Errorf("%.40q is shown as %.40q", s, text)
		}
		p.quiet()
		p.must("Page.close", map[string]any{})
	}
}
