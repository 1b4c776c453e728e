package rules

import (
	"regexp"
	"slices"
	"strings"
)

// Some rules of Scout2 and ScoutSuite are written once and used with several arguments,
// under names that the arguments are part of. What fob made of them depends on those.

// ruleOf says which file of a rule a name comes from, and with which arguments.
func ruleOf(name string) (file string, args []string) {
	for _, n := range []struct{ pattern, file string }{
		{`^ec2-security-group-opens-(TCP|UDP|ICMP)-port-to-all$`, "ec2-security-group-opens-port-to-all"},
		{`^ec2-security-group-opens-(.+)-port-to-all$`, "ec2-security-group-opens-known-port-to-all"},
		{`^ec2-security-group-opens-plaintext-port-(.+)$`, "ec2-security-group-opens-plaintext-port"},
		{`^iam-user-no-(Active|Inactive)-key-rotation$`, "iam-user-no-key-rotation"},
		{`^iam-inline-(group|role|user)-policy-allows-NotActions$`, "iam-inline-policy-allows-NotActions"},
		{`^iam-inline-(group|role|user)-policy-allows-(iam|sts)-(PassRole|AssumeRole)$`, "iam-inline-policy-for-role"},
		{`^iam-managed-policy-allows-(iam|sts)-(PassRole|AssumeRole)$`, "iam-managed-policy-for-role"},
		{`^s3-bucket-(AllUsers|AuthenticatedUsers)-(read|write|read_acp|write_acp)$`, "s3-bucket-world-acl"},
		{`^s3-bucket-world-(Delete|Get|List|Put|Manage)-policy$`, "s3-bucket-world-policy-arg"},
	} {
		if m := regexp.MustCompile(n.pattern).FindStringSubmatch(name); m != nil {
			return n.file, m[1:]
		}
	}
	return name, nil
}

// tookOver are the checks that took over a rule of ScoutSuite, with its arguments.
func (c *converter) tookOver(file string, args []string) (out []string) {
	part := partOf(file, args)
	for _, x := range c.checks {
		if slices.Contains(x.Refs, "scoutsuite:"+file) && (part == nil || slices.Contains(part, x.ID)) {
			out = append(out, x.ID)
		}
	}
	return out
}

// partOf are the checks for some arguments of a rule, nil where they make no difference.
func partOf(file string, args []string) []string {
	has := func(word string) bool { return slices.Contains(args, word) }
	switch {
	case len(args) == 0:
		return nil
	case file == "ec2-security-group-opens-known-port-to-all":
		return []string{portCheck(args)}
	case file == "iam-user-no-key-rotation" && has("Active"):
		return []string{"iam-user-key-age"}
	case file == "iam-user-no-key-rotation" && has("Inactive"):
		return []string{"iam-user-inactive-key"}
	case strings.HasSuffix(file, "-policy-for-role") && has("PassRole"):
		return []string{"iam-policy-passrole-any"}
	case strings.HasSuffix(file, "-policy-for-role") && has("AssumeRole"):
		return []string{"iam-policy-assume-any"}
	case file == "s3-bucket-world-acl" && (has("read") || has("read_acp")):
		return []string{"s3-bucket-acl-public-read"}
	case file == "s3-bucket-world-acl":
		return []string{"s3-bucket-acl-public-write"}
	case file == "s3-bucket-world-policy-arg" && (has("Get") || has("List")):
		return []string{"s3-bucket-policy-public-read"}
	case file == "s3-bucket-world-policy-arg":
		return []string{"s3-bucket-policy-public-write"}
	}
	return nil
}

// portCheck is the check for a port, by its number or the name that it has in names of
// rules.
func portCheck(args []string) string {
	for _, p := range []struct{ check, words string }{
		{"vpc-sg-ssh-open", "ssh 22"},
		{"vpc-sg-rdp-open", "rdp 3389"},
		{"vpc-sg-db-open", "mysql 3306 mongodb 27017 mssql 1433 oracledb 1521 oracle postgresql 5432 redis 6379"},
		{"vpc-sg-fileshare-open", "nfs 2049 smb 445 cifs"},
		{"vpc-sg-cleartext-open", "smtp 25 dns 53 ftp 21 telnet 23"},
	} {
		for _, a := range args {
			if slices.Contains(strings.Fields(p.words), strings.ToLower(strings.ReplaceAll(a, " ", ""))) {
				return p.check
			}
		}
	}
	return "vpc-sg-other-open"
}

// listRules are the rules of ScoutSuite that depend on lists of one's own, and the
// example that replaces each.
func listRules() map[string]string {
	return map[string]string{
		"ec2-instance-in-security-group":           "site-instance-banned-group",
		"ec2-instance-type":                        "site-instance-type",
		"ec2-instance-types":                       "site-instance-types",
		"iam-inline-policy-allows-non-sts-action":  "site-inline-policy-beyond-sts",
		"iam-managed-policy-allows-non-sts-action": "site-managed-policy-beyond-sts",
		"iam-service-user-with-password":           "site-service-user-password",
		"iam-user-not-in-category-group":           "site-user-no-category-group",
		"iam-user-not-in-common-group":             "site-user-no-common-group",
	}
}

// noCheck says why there is no check for a rule.
func (c *converter) noCheck(file string) string {
	if own, ok := listRules()[file]; ok {
		return "it depends on lists of your own: take the rule " + own + " from examples/rules/scoutsuite.yaml"
	}
	if len(c.tookOver(file, nil)) > 0 {
		return "fob has no check for that part of it"
	}
	return "fob has no check of that name; if it is a rule of your own, convert its file"
}
