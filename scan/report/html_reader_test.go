package report_test

import (
	"fmt"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/report"
)

// narrowRows: on a phone a row is a card. The script places the cards, the style gives
// them their height: both have to say the same.
func narrowRows(t *testing.T, _ *made, p *tab) {
	for _, width := range []int{1440, 700, 400} {
		p.must("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 768, "deviceScaleFactor": 1, "mobile": false})
		p.goTo("#/findings?status=FAIL")
		p.eval(`new Promise(r => setTimeout(r, 30))`)
		if gap := p.number(`(() => { const [a, b] = [...document.querySelectorAll(".row")].map(e => e.getBoundingClientRect()); return b.top - a.bottom; })()`); gap != 0 {
			t.Errorf("at %d points the second row starts %d points below the first", width, gap)
		}
		if hidden := p.number(`(() => { const r = document.querySelector(".row"), b = r.getBoundingClientRect().bottom; return [...r.querySelectorAll("*")].filter(e => e.getClientRects().length && e.getBoundingClientRect().bottom > b).length; })()`); hidden > 0 {
			t.Errorf("at %d points %d parts of a row reach below it", width, hidden)
		}
	}
}

// feedback: a list says how many of how many it shows, and what to do where none is left.
func feedback(t *testing.T, m *made, p *tab) {
	all := 0
	for range m.findings {
		all++
	}
	says := func() string {
		return strings.ReplaceAll(p.eval(`document.querySelector(".found").textContent`).(string), ",", "")
	}
	p.goTo("#/findings?severity=critical")
	if got := says(); !strings.Contains(got, fmt.Sprintf(" of %d findings on ", all)) {
		t.Errorf("filtered: %q", got)
	}
	if sort := p.eval(`document.querySelector(".rowhead [data-name=severity]").getAttribute("aria-sort")`); sort != "descending" {
		t.Errorf("the worst come first, and the column says %v", sort)
	}
	p.goTo("#/findings?text=nothing-is-like-me")
	if got, want := says(), fmt.Sprintf("0 of %d findings", all); got != want {
		t.Errorf("filtered away: %q, want %q", got, want)
	}
	p.eval(`document.querySelector(".empty button").click()`)
	if got := found(p); got != all {
		t.Errorf("after clearing the filters there are %d findings, want %d", got, all)
	}
	if hidden := p.eval(`document.querySelector(".empty").hidden`); hidden != true {
		t.Error("the words for an empty list stay")
	}
	p.goTo("#/surface?service=s3")
	if got := says(); !strings.Contains(got, " of ") {
		t.Errorf("the attack surface filtered: %q", got)
	}
}

// notChecked: the page writes the policy that lacks, and what an organization has to do
// where no policy helps; the number in the navigation is that of the page.
func notChecked(t *testing.T, m *made, p *tab) {
	p.goTo("#/gaps")
	policies := p.eval(`[...document.querySelectorAll(".policy")].map(e => e.textContent).join("\n")`).(string)
	for _, g := range m.result().Summary.Gaps {
		if g.Why == scan.Denied && g.By != "scp" && !strings.Contains(policies, `"`+g.Action+`"`) {
			t.Errorf("the policy has no %s", g.Action)
		}
	}
	if !strings.Contains(policies, "ArnNotLike") {
		t.Error("there is no word on the SCP")
	}
	// A scan that came to its end has nothing to go on with.
	if says := p.eval(`[...document.querySelectorAll(".gap p")].map(e => e.textContent).join("\n")`).(string); strings.Count(says, "Scan again") < 4 || strings.Contains(says, "--resume") {
		t.Errorf("what helps: %s", says)
	}
	if there, said := p.number(`document.querySelectorAll(".gap").length`), p.number(`Number(document.querySelector("nav [data-page=gaps] .n").textContent)`); there != said {
		t.Errorf("the navigation says %d, the page has %d", said, there)
	}
}

// TestHTMLNothingFound: an account in order has a report without holes.
func TestHTMLNothingFound(t *testing.T) {
	m := newMade(t, 1, 1, 2, 2)
	s := &scan.Summary{At: madeAt, Complete: true, Checks: m.checks}
	var all []*scan.Finding
	var tally scan.Tally
	for f := range m.findings {
		f.Status, f.Exception, f.Unread = scan.StatusPass, nil, nil
		all = append(all, f)
		tally.Add(f)
	}
	tally.Into(s)
	s.Accounts = []scan.AccountSummary{{AccountRef: m.account(0), Partition: "aws", At: madeAt, Regions: []string{m.region(0)}, Complete: true}}
	p := openBrowser(t).open(write(t, &report.Result{Summary: s, Findings: each(all), Records: m.records}), "", 1024, 768)
	for hash, want := range map[string]string{
		"#/overview":                            "Nothing fails.",
		"#/findings?status=FAIL&status=UNKNOWN": "Nothing fails, and nothing is unknown.",
		"#/findings?status=FAIL&text=x":         "No finding fits these filters.",
		"#/surface":                             "Nothing that was read is reachable from outside.",
		"#/gaps":                                "Everything that was selected could be read.",
		"#/suppressed":                          "No finding is suppressed.",
		"#/about":                               "every one that was read, in full",
	} {
		p.goTo(hash)
		p.eval(`new Promise(r => setTimeout(r, 30))`)
		text := p.eval(`JSON.stringify([...document.querySelectorAll("main .empty, main dd")].filter(e => e.checkVisibility()).map(e => e.textContent))`).(string)
		if !strings.Contains(text, want) {
			t.Errorf("%s says %s, want %q", hash, text, want)
		}
		if filters := p.eval(`document.querySelectorAll("main .list").length`).(float64); hash == "#/suppressed" && filters > 0 {
			t.Errorf("%s has filters over nothing", hash)
		}
	}
	p.quiet()
}
