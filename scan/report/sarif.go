package report

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"fob/scan"
)

// sarifMost is how many results a consumer takes: GitHub reads 25,000 of a run.
const sarifMost = 25_000

const sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"

// writeSARIF writes SARIF 2.1.0: one run, the worst results first. UNKNOWN is of the
// kind "open", which SARIF has for what could not be decided, and MANUAL of "review".
func writeSARIF(to Sink, r *Result, o Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	left, err := sarifLeftOut(r, o)
	if err != nil {
		return err
	}
	index := map[string]int{}
	for i, c := range r.Summary.Checks {
		index[c.ID] = i
	}
	run := []struct {
		before string
		v      any
	}{
		{`{"$schema":"` + sarifSchema + `","version":"2.1.0","runs":[{"tool":`, sarifTool{sarifDriverOf(r.Summary)}},
		{`,"invocations":`, []sarifInvocation{sarifInvocationOf(r.Summary, left)}},
		{`,"automationDetails":`, map[string]string{"id": "fob-scan/" + sarifScope(r.Summary)}},
	}
	for _, m := range run {
		if err := member(w, m.before, m.v); err != nil {
			return err
		}
	}
	results := func(yield func(sarifResult, error) bool) {
		n := 0
		for f, err := range worstOnes(r) {
			if err == nil && !sarifTakes(f, o) {
				continue
			}
			if n++; n > sarifMost {
				return
			}
			var result sarifResult
			if err == nil {
				result = sarifResultOf(f, index[f.Check])
			}
			if !yield(result, err) {
				return
			}
		}
	}
	return array(w, `,"results":[`, results, "\n]}]}\n")
}

// worstOnes are all findings, the worst severity first; within one as they come. The
// results are read once for each severity, so that none has to be held.
func worstOnes(r *Result) func(func(*scan.Finding, error) bool) {
	return func(yield func(*scan.Finding, error) bool) {
		for _, severity := range worstFirst() {
			for f, err := range r.Findings {
				if (err != nil || f.Severity == severity) && !yield(f, err) {
					return
				}
			}
		}
	}
}

func sarifTakes(f *scan.Finding, o Options) bool {
	return f.Status != scan.StatusPass && f.Status != scan.StatusNotApplicable || f.Diff == scan.DiffFixed || o.Passes
}

// sarifLeftOut counts the results that there is no room for.
func sarifLeftOut(r *Result, o Options) (int, error) {
	n := 0
	for f, err := range r.Findings {
		if err != nil {
			return 0, err
		}
		if sarifTakes(f, o) {
			n++
		}
	}
	return max(0, n-sarifMost), nil
}

func sarifScope(s *scan.Summary) string {
	var ids []string
	for _, a := range s.Accounts {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids[:min(len(ids), 10)], "+") + "/"
}

func sarifDriverOf(s *scan.Summary) sarifDriver {
	d := sarifDriver{Name: "fob-scan", Version: s.Tool, Rules: []sarifRule{}}
	for _, c := range s.Checks {
		d.Rules = append(d.Rules, sarifRule{
			ID: c.ID, Name: sarifName(c.ID), ShortDescription: sarifText{Text: c.Title}, FullDescription: sarifText{Text: c.Title + ". " + c.Why},
			Help:          sarifHelp(&c),
			Configuration: sarifLevel{sarifLevelOf(c.Severity)},
			Properties:    sarifRuleProps{sarifScore(c.Severity), c.Severity.String(), append([]string{"security", c.Service}, controls(c.Refs)...)},
		})
	}
	return d
}

// sarifHelp is what a person needs who comes upon a result: why, when, what to do.
func sarifHelp(c *scan.CheckInfo) sarifText {
	help := sarifText{Text: c.Why, Markdown: md(c.Why)}
	for _, part := range [...]struct{ name, says string }{{"Fails when", c.Logic}, {"Fix", c.Fix}} {
		if part.says != "" {
			help.Text += "\n\n" + part.name + ": " + part.says
			help.Markdown += "\n\n**" + part.name + ":** " + md(part.says)
		}
	}
	return help
}

// sarifName is an id in the spelling that SARIF wants for names: S3BucketTls.
func sarifName(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

func sarifInvocationOf(s *scan.Summary, left int) sarifInvocation {
	out := sarifInvocation{ExecutionSuccessful: s.Complete, EndTimeUTC: s.At.UTC().Format(time.RFC3339), Notifications: []sarifNotification{}}
	say := func(level, id, text string) {
		out.Notifications = append(out.Notifications, sarifNotification{level, sarifText{Text: text}, &sarifDescriptor{id}})
	}
	for _, g := range s.Gaps {
		level := "warning"
		if g.Why.Incomplete() {
			level = "error"
		}
		e := scan.ReadError{Op: g.Op, Why: g.Why, By: g.By, Code: g.Code}
		say(level, g.Op, fmt.Sprintf("%s in %s %s: %d verdicts are unknown (%s)", e.Error(), g.Account, g.Region, g.Count, strings.Join(g.Checks, ", ")))
	}
	for _, a := range s.Accounts {
		if a.Problem != "" {
			say("error", "account", "account "+a.ID+": "+a.Problem)
		}
	}
	if left > 0 {
		say("warning", "cut", fmt.Sprintf("%d milder results are left out: there is room for %d", left, sarifMost))
	}
	return out
}

func sarifResultOf(f *scan.Finding, index int) sarifResult {
	kind, level := sarifKind(f)
	out := sarifResult{
		RuleID: f.Check, RuleIndex: index, Kind: kind, Level: level, Message: sarifText{Text: sarifMessage(f)},
		Locations:     []sarifLocation{sarifPlace(f)},
		Fingerprints:  map[string]string{"fob/v1": f.ID},
		BaselineState: sarifBaseline(f),
		Properties:    map[string]any{"severity": f.Severity.String(), "status": f.Status, "account": f.Account.ID, "region": f.Region, "resource": f.Resource.ARN},
	}
	if len(f.Evidence) > 0 {
		out.Properties["evidence"] = f.Evidence
	}
	if f.Exception != nil {
		out.Suppressions = []sarifSuppression{{"external", "accepted", f.Exception.Reason}}
	}
	return out
}

func sarifMessage(f *scan.Finding) string {
	name := f.Resource.Name
	if name == "" {
		name = f.Resource.ARN
	}
	return name + ": " + f.Message
}

// sarifKind returns a result's kind and level; only what fails has a level.
func sarifKind(f *scan.Finding) (kind, level string) {
	switch f.Status {
	case scan.StatusFail:
		return "fail", sarifLevelOf(f.Severity)
	case scan.StatusUnknown:
		return "open", "none"
	case scan.StatusManual:
		return "review", "none"
	case scan.StatusPass:
		return "pass", "none"
	}
	return "notApplicable", "none"
}

func sarifLevelOf(s scan.Severity) string {
	switch {
	case s >= scan.High:
		return "error"
	case s == scan.Medium:
		return "warning"
	}
	return "note"
}

// sarifScore is what GitHub sorts by: above 9 is critical, 7 high, 4 medium, 0.1 low.
func sarifScore(s scan.Severity) string {
	return [...]string{"0.0", "0.0", "3.0", "5.5", "8.0", "9.5"}[s]
}

func sarifBaseline(f *scan.Finding) string {
	switch f.Diff {
	case scan.DiffNew:
		return "new"
	case scan.DiffChanged:
		return "updated"
	case scan.DiffSame, scan.DiffUnseen:
		return "unchanged"
	case scan.DiffFixed:
		return "absent"
	}
	return ""
}

// sarifPlace makes up a file for a resource, as consumers show results by file.
func sarifPlace(f *scan.Finding) sarifLocation {
	name, arn := f.Resource.Name, f.Resource.ARN
	if name == "" {
		name = arn[strings.LastIndexAny(arn, ":/")+1:]
	}
	parts := []string{"aws", f.Account.ID, f.Region, f.Service, name}
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return sarifLocation{
		Physical: sarifPhysical{sarifArtifact{strings.Join(parts, "/")}, sarifRegion{1}},
		Logical:  []sarifLogical{{Name: f.Resource.Name, QualifiedName: arn, Kind: "resource"}},
	}
}
