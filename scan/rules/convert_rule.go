package rules

import (
	"fmt"
	"regexp"
	"strings"

	"fob/scan"

	"github.com/expr-lang/expr"
)

// rule writes a rule with conditions as one of fob's. All of it has to be sayable: half a
// condition would be another rule.
func (c *converter) rule(root *old) string {
	title := regexp.MustCompile(`_[A-Z_]*ARG_(\d+)_`).ReplaceAllString(said(root.get("description").text(), root.get("title").text(), root.get("dashboard_name").text(), "Converted rule"), "…")
	id := ownID(said(root.get("key").text(), title))
	head := comment("Converted from " + c.name + ".")
	o := condition{path: root.get("path").text()}
	typ, err := o.typ()
	var failIf string
	if err == nil {
		failIf, err = o.all(root.get("conditions"), 0)
	}
	if err == nil {
		_, err = compile(failIf, expr.AsBool())
	}
	if err != nil {
		c.leave("rule "+id, "%s", err)
		return head + comment("Nothing of it could be converted.")
	}
	severity := scan.Medium
	if root.get("level").text() == "danger" {
		severity = scan.High
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%srules:\n  - id: %s\n    title: %s\n    severity: %s\n    resource: %s\n", head, id, quote(title), severity, typ)
	for _, x := range []struct{ key, text string }{{"why", unmarked(root.get("rationale").text())}, {"fix", unmarked(root.get("remediation").text())}} {
		if x.text != "" {
			fmt.Fprintf(&out, "    %s: %s\n", x.key, quote(x.text))
		}
	}
	if len(o.args) > 0 {
		out.WriteString("    params:\n")
		names := root.get("arg_names").texts()
		for _, n := range o.args {
			what := ""
			if n < len(names) {
				what = " (" + names[n] + ")"
			}
			fmt.Fprintf(&out, "      arg%d: %s\n", n, quote("fill in"+what))
			c.note("rule "+id, "fill in params.arg%d%s, a text or a list of texts", n, what)
		}
	}
	fmt.Fprintf(&out, "    fail_if: %s\n", quote(failIf))
	return out.String()
}

// unmarked is a text without its HTML tags, which may be all there was of it.
func unmarked(s string) string {
	return strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, " "))
}

func said(texts ...string) string {
	for _, s := range texts {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// ownID makes an id with a prefix that no check of fob has.
func ownID(s string) string {
	s = strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(strings.TrimSuffix(s, ".json")), "-"), "-")
	return strings.TrimSuffix("site-"+s, "-") + map[bool]string{true: "rule"}[s == ""]
}
