package report

import "strings"

// standards are the frameworks that references name, as their owners write them. Old
// ids of ScoutSuite are no framework.
func standards(refs []string) (out []string) {
	for _, ref := range refs {
		framework, _, _ := strings.Cut(ref, ":")
		name := ""
		switch version, isCIS := strings.CutPrefix(framework, "cis-"); {
		case isCIS:
			name = "CIS AWS Foundations Benchmark v" + version + ".0"
		case framework == "fsbp":
			name = "AWS Foundational Security Best Practices v1.0.0"
		}
		if name != "" && (len(out) == 0 || out[len(out)-1] != name) {
			out = append(out, name)
		}
	}
	return out
}

// controls are the references without old ids.
func controls(refs []string) []string {
	out := []string{}
	for _, ref := range refs {
		if !strings.HasPrefix(ref, "scoutsuite:") {
			out = append(out, ref)
		}
	}
	return out
}
