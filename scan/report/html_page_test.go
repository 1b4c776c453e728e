package report_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/scan"
)

// TestHTMLPage walks through a report as a reader would.
func TestHTMLPage(t *testing.T) {
	m := newMade(t, 3, 3, 6, 6)
	m.diff = true
	r := m.result()
	r.Summary.Accounts[1].Guessed = madeAt
	for _, why := range []scan.Why{scan.Throttled, scan.Failed, scan.Blocked, scan.Budget} {
		r.Summary.Gaps = append(r.Summary.Gaps, scan.Gap{Account: r.Summary.Accounts[0].ID, Region: "eu-west-1", Op: "eks:ListClusters", Action: "eks:ListClusters", Why: why, Count: 1, Checks: []string{"eks-version"}})
	}
	path := write(t, r)
	b := openBrowser(t)
	for name, test := range map[string]func(*testing.T, *made, *tab){
		"overview counts what the summary counts": overviewCounts,
		"filters":             filters,
		"filters in the page": filtersByHand,
		"keys":                keys,
		"export":              export,
		"resource":            resourceOfFinding,
		"check":               checkSays,
		"regions":             guessedRegions,
		"widths":              widths,
		"contrast":            contrasts,
		"paper":               paper,
		"theme":               theme,
		"narrow rows":         narrowRows,
		"feedback":            feedback,
		"not checked":         notChecked,
	} {
		t.Run(name, func(t *testing.T) {
			b.t = t
			p := b.open(path, "", 1440, 900)
			test(t, m, p)
			p.quiet()
			p.must("Page.close", map[string]any{})
		})
	}
	b.t = t
	if dir := os.Getenv("FOB_TEST_PICTURES"); dir != "" {
		pictures(t, b, path, dir)
	}
}

// go goes to a page of the report.
func (p *tab) goTo(hash string) {
	p.t.Helper()
	text, _ := json.Marshal(hash)
	p.eval(`(async () => { location.hash = ` + string(text) + `; await new Promise(r => setTimeout(r)); await new Promise(requestAnimationFrame); })()`)
}

func overviewCounts(t *testing.T, m *made, p *tab) {
	counts := m.result().Summary.Counts
	for severity := range counts {
		if got, want := p.number(fmt.Sprintf(`Number(document.querySelector(".tile.of-%s b").textContent.replaceAll(",", ""))`, severity)), counts[severity]["FAIL"]; got != want {
			t.Errorf("%s: the page says %d, the summary %d", severity, got, want)
		}
	}
	unknown := 0
	for _, c := range counts {
		unknown += c["UNKNOWN"]
	}
	if text := p.eval(`document.querySelector(".banner").textContent`).(string); !strings.Contains(text, fmt.Sprintf("%d verdicts are unknown", unknown)) {
		t.Errorf("the banner says %q", text)
	}
	if policy := p.eval(`document.querySelector("meta[http-equiv]").content`).(string); !strings.HasPrefix(policy, "default-src 'none'; script-src 'sha256-") {
		t.Error("the policy is ", policy)
	}
}

// filters holds the page's number of findings against one that is counted here.
func filters(t *testing.T, m *made, p *tab) {
	has := func(f *scan.Finding, s string) bool {
		text := strings.ToLower(strings.Join([]string{f.Check, f.Title, f.Message, f.Resource.ARN, f.Resource.Name, f.Resource.Type, f.Account.ID, f.Account.Name, strings.Join(f.Refs, "\n")}, "\n"))
		for k, v := range f.Resource.Tags {
			text += "\n" + strings.ToLower(k+"="+v)
		}
		return strings.Contains(text, s)
	}
	status := func(f *scan.Finding) string {
		if f.Status == scan.StatusFail && f.Exception != nil {
			return scan.Suppressed
		}
		return string(f.Status)
	}
	for hash, fits := range map[string]func(*scan.Finding) bool{
		"":                  func(*scan.Finding) bool { return true },
		"status=FAIL":       func(f *scan.Finding) bool { return status(f) == "FAIL" },
		"status=SUPPRESSED": func(f *scan.Finding) bool { return status(f) == scan.Suppressed },
		"status=FAIL&status=UNKNOWN&severity=high": func(f *scan.Finding) bool {
			return (status(f) == "FAIL" || status(f) == "UNKNOWN") && f.Severity == scan.High
		},
		"service=s3&region=eu-central-1": func(f *scan.Finding) bool { return f.Service == "s3" && f.Region == "eu-central-1" },
		"account=" + m.account(1).ID + "&type=AWS%3A%3AIAM%3A%3ARole": func(f *scan.Finding) bool {
			return f.Account.ID == m.account(1).ID && f.Resource.Type == "AWS::IAM::Role"
		},
		"check=vpc-sg-ssh-open&diff=new": func(f *scan.Finding) bool { return f.Check == "vpc-sg-ssh-open" && f.Diff == "new" },
		"tag=env%3Dprod&status=FAIL":     func(f *scan.Finding) bool { return f.Resource.Tags["env"] == "prod" && status(f) == "FAIL" },
		"framework=cis-3.0&framework=fsbp": func(f *scan.Finding) bool {
			return slices.ContainsFunc(f.Refs, func(r string) bool { return strings.HasPrefix(r, "cis-3.0:") || strings.HasPrefix(r, "fsbp:") })
		},
		"text=PAYMENTS":            func(f *scan.Finding) bool { return has(f, "payments") },
		"text=payments+prod":       func(f *scan.Finding) bool { return has(f, "payments") && has(f, "prod") },
		"text=3":                   func(f *scan.Finding) bool { return has(f, "3") },
		"text=dev":                 func(f *scan.Finding) bool { return has(f, "dev") },
		"text=nothing-is-like-me":  func(*scan.Finding) bool { return false },
		"severity=there-is-no-one": func(*scan.Finding) bool { return false },
	} {
		want := 0
		for f := range m.findings {
			if fits(f) {
				want++
			}
		}
		p.goTo("#/findings?" + hash)
		if got := found(p); got != want {
			t.Errorf("%s: %d findings, want %d", hash, got, want)
		}
	}
}

// found is the number that the page says.
func found(p *tab) int {
	p.t.Helper()
	return p.number(`(parseInt(document.querySelector(".found").textContent.replaceAll(",", "")) || 0)`)
}

func filtersByHand(t *testing.T, m *made, p *tab) {
	p.goTo("#/findings")
	p.eval(`[...document.querySelectorAll("details.menu")].find(m => m.textContent.startsWith("Severity")).open = true`)
	count := p.number(`(async () => {
		await new Promise(r => setTimeout(r, 30));
		const label = [...document.querySelectorAll(".menu[open] label")].find(l => l.textContent.startsWith("high"));
		label.click();
		return Number(label.querySelector(".n").textContent.replaceAll(",", ""));
	})()`)
	if got := found(p); got != count || count == 0 {
		t.Errorf("the menu promised %d findings, there are %d", count, got)
	}
	p.press("Escape")
	p.press("/")
	for _, c := range "mobile" {
		p.press(string(c))
	}
	p.eval(`new Promise(r => setTimeout(r, 250))`)
	hash := p.eval(`location.hash`).(string)
	if !strings.Contains(hash, "severity=high") || !strings.Contains(hash, "text=mobile") {
		t.Errorf("the address does not hold the filter: %s", hash)
	}
	n := found(p)
	again := p.open(strings.TrimPrefix(p.url, "file://"), hash, 1440, 900)
	if got := found(again); got != n || n == 0 || n >= count {
		t.Errorf("opened anew there are %d findings, there were %d of %d", got, n, count)
	}
	if v := again.eval(`document.querySelector("#search").value`); v != "mobile" {
		t.Errorf("opened anew the search is %q", v)
	}
	again.eval(`document.querySelector(".chip").click()`)
	if got := found(again); got <= n {
		t.Errorf("with one filter less there are %d findings, there were %d", got, n)
	}
	again.must("Page.close", map[string]any{})

	p.press("Escape")
	p.press("/")
	p.press("x")
	p.goTo("#/about") // sooner than the search begins
	p.eval(`new Promise(r => setTimeout(r, 250))`)
	if hash := p.eval(`location.hash`); hash != "#/about" {
		t.Errorf("a search begun on the page before changes the address to %s", hash)
	}
}

func keys(t *testing.T, _ *made, p *tab) {
	p.press("Tab")
	if text := p.eval(`document.activeElement.textContent`); text != "Skip to the content" {
		t.Errorf("Tab goes to %q first", text)
	}
	p.goTo("#/findings?status=FAIL")
	for range 3 {
		p.press("j")
	}
	p.press("k")
	at := p.eval(`document.activeElement.getAttribute("aria-rowindex")`)
	if at != "3" {
		t.Errorf("j j j k goes to row %v, want the second, 3", at)
	}
	for range 60 {
		p.press("j")
	}
	if !p.eval(`(() => { const r = document.activeElement.getBoundingClientRect(); return r.top > document.querySelector(".rowhead").getBoundingClientRect().bottom - 1 && r.bottom <= innerHeight; })()`).(bool) {
		t.Error("after many j the row is not in view")
	}
	name := p.eval(`document.activeElement.querySelector(".name").textContent`)
	p.press("Enter")
	p.eval(`new Promise(r => setTimeout(r, 60))`)
	if got := p.eval(`document.querySelector("h1").textContent`); got != name {
		t.Errorf("Enter opens %v, want %v", got, name)
	}
	p.eval(`(async () => { history.back(); await new Promise(r => setTimeout(r, 150)); })()`)
	if y := p.number(`scrollY`); y < 1000 {
		t.Errorf("the way back ends at %d, not where the list was left", y)
	}
	p.press("/")
	if id := p.eval(`document.activeElement.id`); id != "search" {
		t.Errorf("/ goes to %v", id)
	}
	p.press("Escape")
	if tag := p.eval(`document.activeElement.tagName`); tag != "BODY" {
		t.Errorf("Esc leaves the focus at %v", tag)
	}
}

// export saves the list of a page and returns its rows.
func (p *tab) export(hash string) [][]string {
	p.t.Helper()
	dir := p.t.TempDir()
	p.must("Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": dir, "eventsEnabled": true})
	p.goTo(hash)
	p.eval(`document.querySelector("#export").click()`)
	p.await("Page.downloadProgress", func(params json.RawMessage) bool { return field(params, "state") == "completed" })
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(files) != 1 {
		p.t.Fatal(files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		p.t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		p.t.Fatal(err)
	}
	return rows
}

func export(t *testing.T, m *made, p *tab) {
	rows := p.export("#/findings?status=FAIL&severity=critical&tag=env%3Dprod")
	line := func(f *scan.Finding) string {
		return strings.Join([]string{string(f.Status), f.Severity.String(), f.Check, f.Account.ID, f.Region, f.Resource.ARN, f.Message, f.Diff}, "|")
	}
	var got, want []string
	for _, r := range rows[1:] {
		got = append(got, strings.Join([]string{r[0], r[1], r[2], r[5], r[7], r[10], r[11], r[15]}, "|"))
	}
	for f := range m.findings {
		if f.Status == scan.StatusFail && f.Exception == nil && f.Severity == scan.Critical && f.Resource.Tags["env"] == "prod" {
			want = append(want, line(f))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("exported\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func resourceOfFinding(t *testing.T, m *made, p *tab) {
	for f := range m.findings {
		if f.Status != scan.StatusFail || f.Exception != nil || len(f.Evidence) == 0 || f.Evidence[0].Path != "Policy.Statement[0]" {
			continue
		}
		var parts []string
		for _, s := range []string{f.Account.ID, f.Region, f.Resource.Type, f.Resource.ARN} {
			parts = append(parts, strings.NewReplacer("/", "%2F", ":", "%3A").Replace(s))
		}
		p.goTo("#/resource/" + strings.Join(parts, "/") + "?check=" + f.Check)
		p.eval(`new Promise(r => setTimeout(r, 100))`)
		if got := p.eval(`document.querySelector(".verdict.named")?.textContent ?? ""`).(string); !strings.Contains(got, f.Message) || !strings.Contains(got, f.Title) {
			t.Errorf("the verdict shows %q", got)
		}
		if hit := p.eval(`[...document.querySelectorAll(".line.hit")].map(e => e.textContent).join("\n")`).(string); !strings.Contains(hit, `"Effect": "Allow"`) || strings.Contains(hit, "Version") {
			t.Errorf("marked is %q", hit)
		}
		if !strings.Contains(p.eval(`document.querySelector(".json").textContent`).(string), "(masked: aws-key") {
			t.Error("the masked secret is not shown as it was masked")
		}
		return
	}
	t.Fatal("no finding rests on a statement")
}

// checkSays has the page of a check say why, when it fails and what to do; of one whose
// results are older than that, what there is.
func checkSays(t *testing.T, m *made, p *tab) {
	for _, c := range m.result().Summary.Checks {
		p.goTo("#/check/" + c.ID)
		text := p.eval(`document.querySelector("main").textContent`).(string)
		for _, want := range []string{c.Title, c.Why, c.Logic, c.Fix} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing", c.ID, want)
			}
		}
		if strings.Contains(text, "When it fails") != (c.Logic != "") {
			t.Errorf("%s has the logic %q, and its page says %q", c.ID, c.Logic, text)
		}
	}
}

// guessedRegions: the coverage page says of which account the regions are not known.
func guessedRegions(t *testing.T, m *made, p *tab) {
	p.goTo("#/gaps")
	text := p.eval(`[...document.querySelectorAll("section")].find(s => s.textContent.startsWith("Regions that were left out"))?.textContent ?? ""`).(string)
	want := " does not let its regions be listed: those known on " + madeAt.Format(time.DateOnly)
	if strings.Count(text, want) != 1 || !strings.Contains(text, m.account(1).ID+want) && !strings.Contains(text, m.account(1).Name+want) {
		t.Errorf("it says %q", text)
	}
}

// pages are the addresses of every kind of page.
func pages() []string {
	return []string{"#/overview", "#/findings", "#/findings?status=FAIL&severity=high&text=open", "#/services", "#/service/ec2", "#/check/vpc-sg-ssh-open", "#/framework/cis-3.0", "#/surface", "#/gaps", "#/suppressed", "#/about", "#/nowhere", "#/check/none", "#/service/none", "#/resource/1/2/3/4"}
}

func widths(t *testing.T, _ *made, p *tab) {
	for _, width := range []int{1920, 1440, 1280, 1024, 800, 400} {
		p.must("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 768, "deviceScaleFactor": 1, "mobile": false})
		for _, hash := range pages() {
			p.goTo(hash)
			p.eval(`new Promise(r => setTimeout(r, 20))`)
			if over := p.number(`document.scrollingElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s is %d points wider than %d", hash, over, width)
			}
		}
	}
}

// contrasts measures the contrast of every text with what is behind it: 4.5 is wanted.
func contrasts(t *testing.T, _ *made, p *tab) {
	for _, dark := range []string{"light", "dark"} {
		p.eval(`document.documentElement.dataset.theme = "` + dark + `"`)
		for _, hash := range append(pages(), p.eval(`(() => { location.hash = "#/findings?status=FAIL"; return new Promise(r => setTimeout(() => r(document.querySelector(".row .name").getAttribute("href")), 50)); })()`).(string)) {
			p.goTo(hash)
			p.eval(`new Promise(r => setTimeout(r, 50))`)
			bad := p.eval(`(() => {
				const ctx = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
				const paint = colors => { ctx.clearRect(0, 0, 1, 1); for (const c of colors) { ctx.fillStyle = c; ctx.fillRect(0, 0, 1, 1); } return [...ctx.getImageData(0, 0, 1, 1).data].slice(0, 3); };
				const light = rgb => { const [r, g, b] = rgb.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
				const out = new Set();
				for (const e of document.querySelectorAll("#app *")) {
					if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility({visibilityProperty: true}) || e.closest(".skip")) continue;
					const style = getComputedStyle(e), behind = [];
					let opacity = 1;
					for (let x = e; x; x = x.parentElement) { behind.unshift(getComputedStyle(x).backgroundColor); opacity *= getComputedStyle(x).opacity; }
					const back = paint(["white", ...behind]);
					ctx.globalAlpha = opacity;
					ctx.fillStyle = style.color;
					ctx.fillRect(0, 0, 1, 1);
					ctx.globalAlpha = 1;
					const front = [...ctx.getImageData(0, 0, 1, 1).data].slice(0, 3);
					const [a, b] = [light(front), light(back)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
					const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
					if (ratio < (large ? 3 : 4.5)) out.add(e.tagName + "." + e.className + " " + ratio.toFixed(2) + " " + e.textContent.slice(0, 20));
				}
				return [...out].join("\n");
			})()`).(string)
			if bad != "" {
				t.Errorf("%s, %s:\n%s", hash, dark, bad)
			}
		}
	}
}

func paper(t *testing.T, m *made, p *tab) {
	rows := func() int {
		return p.number(`(() => { dispatchEvent(new Event("beforeprint")); const n = document.querySelectorAll("#paper tbody tr").length; dispatchEvent(new Event("afterprint")); return n; })()`)
	}
	want := 0
	for f := range m.findings {
		if f.Status == scan.StatusFail && f.Exception == nil {
			want++
		}
	}
	if got := rows(); got != want {
		t.Errorf("the overview prints %d findings, want %d", got, want)
	}
	p.goTo("#/findings?status=FAIL&service=s3")
	if got, want := rows(), found(p); got != want {
		t.Errorf("the list prints %d findings, want %d", got, want)
	}
	if pdf := p.print(); !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("%.20q is no PDF", pdf)
	}
	if left := p.eval(`document.getElementById("paper") === null`); left != true {
		t.Error("what was made for paper is still there")
	}
}

func theme(t *testing.T, _ *made, p *tab) {
	background := func() string { return p.eval(`getComputedStyle(document.body).backgroundColor`).(string) }
	light := background()
	p.eval(`document.querySelector(".theme").click()`)
	if background() == light {
		t.Error("the switch changes nothing")
	}
	p.eval(`document.querySelector(".theme").click()`)
	if background() != light {
		t.Error("the switch does not go back")
	}
}

// pictures are for looking at.
func pictures(t *testing.T, b *browser, path, dir string) {
	save := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, hash := range append(pages(), "resource") {
		for _, width := range []int{1440, 1024} {
			p := b.open(path, cmp.Or(strings.TrimSuffix(hash, "resource"), "#/check/vpc-sg-ssh-open"), width, map[int]int{1440: 900, 1024: 768}[width])
			if hash == "resource" {
				p.goTo(p.eval(`document.querySelector(".row .name").getAttribute("href")`).(string))
			}
			p.eval(`new Promise(r => setTimeout(r, 150))`)
			name := fmt.Sprintf("%02d-%d", i, width)
			save(name+".png", p.picture(false))
			if width == 1440 {
				save(name+".pdf", p.print())
				p.eval(`document.documentElement.dataset.theme = "dark"`)
				save(name+"-dark.png", p.picture(false))
			}
			p.must("Page.close", map[string]any{})
		}
	}
}
