package rules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fob/scan"
)

// selection is what a ruleset says of a check, over all the rules that it took over.
type selection struct {
	on, off  bool
	severity scan.Severity // the worst of those that are on
}

// ruleset writes a ruleset as a configuration: which checks differ from what is on by
// itself, their severities, and parameters where there are some for the arguments.
func (c *converter) ruleset(rules *old) string {
	checks := map[string]*selection{}
	params := map[string]map[string]string{}
	for _, m := range rules.members {
		file := strings.TrimSuffix(m.name[strings.LastIndex(m.name, "/")+1:], ".json")
		uses := m.value.elements
		if m.value.members != nil {
			uses = []*old{m.value}
		}
		for i, use := range uses {
			c.use(fmt.Sprintf("rules.%s[%d]", m.name, i), file, use, checks, params)
		}
	}
	return c.configuration(checks, params)
}

// use reads one use of a rule.
func (c *converter) use(place, file string, use *old, checks map[string]*selection, params map[string]map[string]string) {
	args, on := use.get("args").texts(), use.get("enabled").text() == "true"
	ids := c.tookOver(file, args)
	if len(ids) == 0 {
		if on { // what was off is not missed
			c.leave(place, "%s", c.noCheck(file))
		}
		return
	}
	for _, id := range ids {
		s := checks[id]
		if s == nil {
			s = &selection{}
			checks[id] = s
		}
		s.on, s.off = s.on || on, s.off || !on
		if on {
			s.severity = max(s.severity, c.severity(place, id, use.get("level").text()))
		}
	}
	if !on {
		return
	}
	for _, extra := range []string{"conditions", "versions"} {
		if v := use.get(extra); v != nil && (len(v.members) > 0 || len(v.elements) > 0) {
			c.note(place, "its %s are left out: the check is asked of every resource", extra)
		}
	}
	c.arguments(place, file, args, params)
}

// severity is what a level means for a check. A severity that fits the level stays: the
// old tools had two, and fob five.
func (c *converter) severity(place, id, level string) scan.Severity {
	i := slices.IndexFunc(c.checks, func(x scan.Check) bool { return x.ID == id })
	own := c.checks[i].Severity
	switch level {
	case "danger":
		return max(own, scan.High)
	case "warning":
		return min(own, scan.Medium)
	case "":
		return own
	}
	c.leave(place, "the level %q is not known", level)
	return own
}

// arguments makes parameters of arguments.
func (c *converter) arguments(place, file string, args []string, params map[string]map[string]string) {
	set := func(id, name, value string) {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			c.leave(place, "the argument %q is no number", value)
			return
		}
		if was := params[id][name]; was != "" && was != value {
			c.note(place, "%s has one %s, and %s was said before: %s holds", id, name, was, value)
		}
		if params[id] == nil {
			params[id] = map[string]string{}
		}
		params[id][name] = strconv.Itoa(n)
	}
	switch {
	case len(args) == 0 || isLabelled(file):
	case file == "iam-user-no-key-rotation" && len(args) == 2 && args[0] == "Active":
		set("iam-user-key-age", "days", args[1])
	case file == "iam-unused-credentials-not-disabled" && len(args) == 1:
		set("iam-user-password-unused", "days", args[0])
		set("iam-user-key-unused", "days", args[0])
	default:
		c.note(place, "there is no parameter for its arguments %s", flow(args))
	}
}

// isLabelled says whether the arguments of a rule only say which part of it is meant, all
// of which the checks look at.
func isLabelled(file string) bool {
	return slices.Contains([]string{
		"ec2-security-group-opens-known-port-to-all", "ec2-security-group-opens-plaintext-port", "ec2-security-group-opens-port-to-all",
		"iam-inline-policy-allows-NotActions", "iam-inline-policy-for-role", "iam-managed-policy-for-role", "iam-user-with-policies",
		"s3-bucket-world-acl", "s3-bucket-world-policy-arg", "ses-identity-world-policy", "sns-topic-world-policy", "sqs-queue-world-policy",
		"vpc-custom-network-acls-allow-all", "vpc-default-network-acls-allow-all", "vpc-subnet-with-bad-acls",
	}, file)
}

func (c *converter) configuration(checks map[string]*selection, params map[string]map[string]string) string {
	var enable, disable []string
	var severities strings.Builder
	already := 0
	for _, x := range c.checks {
		s := checks[x.ID]
		switch {
		case s == nil:
			continue
		case s.on && x.Off:
			enable = append(enable, x.ID)
		case s.on:
			already++
		case !x.Off:
			disable = append(disable, x.ID)
		}
		if s.on && s.off {
			c.note("check "+x.ID, "the ruleset wants only parts of what it looks at; it is on")
		}
		if s.on && s.severity != x.Severity {
			fmt.Fprintf(&severities, "  %s: %s\n", x.ID, s.severity)
		}
	}
	var out strings.Builder
	out.WriteString(comment("Converted from " + c.name + "."))
	out.WriteString(comment(fmt.Sprintf("Of the checks that the ruleset wants, %d are on by themselves. Checks that it does not", already)))
	out.WriteString(comment("name are asked, too, unless you select with --checks or --framework."))
	if len(params) > 0 {
		out.WriteString("params:\n")
		for _, id := range slices.Sorted(maps.Keys(params)) {
			for _, name := range slices.Sorted(maps.Keys(params[id])) {
				fmt.Fprintf(&out, "  %s: {%s: %s}\n", id, name, params[id][name])
			}
		}
	}
	if severities.Len() > 0 {
		out.WriteString(comment("The ruleset's levels, where fob's own severity does not fit them: danger is high at least, warning is medium at most."))
		out.WriteString("severity:\n" + severities.String())
	}
	for _, list := range []struct {
		key string
		ids []string
	}{{"enable", enable}, {"disable", disable}} {
		if len(list.ids) > 0 {
			fmt.Fprintf(&out, "%s:\n  - %s\n", list.key, strings.Join(list.ids, "\n  - "))
		}
	}
	return out.String()
}
