package rules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
	for _, x := range []struct{ key, text string }{{"why", root.get("rationale").text()}, {"fix", root.get("remediation").text()}} {
		if strings.TrimSpace(x.text) != "" {
			fmt.Fprintf(&out, "    %s: %s\n", x.key, quote(strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(x.text, " "))))
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

// condition writes conditions of a rule about the resources at a path.
type condition struct {
	path string
	args []int // the arguments that are used, in their order
}

// typ is the resource type of the path.
func (o *condition) typ() (string, error) {
	for _, t := range []struct{ path, typ string }{
		{"ec2.regions.id.vpcs.id.instances.id", "AWS::EC2::Instance"},
		{"ec2.regions.id.volumes.id", "AWS::EC2::Volume"},
		{"ec2.regions.id.snapshots.id", "AWS::EC2::Snapshot"},
		{"ec2.regions.id.images.id", "AWS::EC2::Image"},
		{"ec2.regions.id.vpcs.id.security_groups.id", "AWS::EC2::SecurityGroup"},
		{"vpc.regions.id.vpcs.id.subnets.id", "AWS::EC2::Subnet"},
		{"vpc.regions.id.vpcs.id", "AWS::EC2::VPC"},
		{"iam.users.id", "AWS::IAM::User"},
		{"iam.roles.id", "AWS::IAM::Role"},
		{"iam.groups.id", "AWS::IAM::Group"},
		{"iam.policies.id", "AWS::IAM::ManagedPolicy"},
		{"s3.buckets.id", "AWS::S3::Bucket"},
		{"rds.regions.id.vpcs.id.instances.id", "AWS::RDS::DBInstance"},
		{"redshift.regions.id.vpcs.id.clusters.id", "AWS::Redshift::Cluster"},
		{"awslambda.regions.id.functions.id", "AWS::Lambda::Function"},
		{"kms.regions.id.keys.id", "AWS::KMS::Key"},
		{"cloudtrail.regions.id.trails.id", "AWS::CloudTrail::Trail"},
		{"acm.regions.id.certificates.id", "AWS::CertificateManager::Certificate"},
		{"efs.regions.id.filesystems.id", "AWS::EFS::FileSystem"},
	} {
		if t.path == o.path && slices.ContainsFunc(scan.Kinds(), func(k *scan.Kind) bool { return k.Type == t.typ }) {
			return t.typ, nil
		}
	}
	return "", fmt.Errorf("its path %q is no type of resource that rules can be about", o.path)
}

// all writes a list that begins with "and" or "or", or a single test.
func (o *condition) all(list *old, depth int) (string, error) {
	if list == nil || len(list.elements) == 0 || depth > 20 {
		return "", errors.New("a condition is empty, or goes too deep")
	}
	word := list.elements[0].text()
	if word != "and" && word != "or" {
		return o.test(list)
	}
	var parts []string
	for _, e := range list.elements[1:] {
		part, err := o.all(e, depth+1)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "", errors.New("a condition is empty")
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return "(" + strings.Join(parts, " "+word+" ") + ")", nil
}

// test writes one test: the path of a value, the name of the test, and what it is tested
// for.
func (o *condition) test(list *old) (string, error) {
	if len(list.elements) != 3 {
		return "", fmt.Errorf("a test has %d parts, not three", len(list.elements))
	}
	name, wanted := list.elements[1].text(), list.elements[2]
	field, err := o.field(list.elements[0].text())
	if err != nil {
		return "", err
	}
	v, err := o.wanted(wanted)
	if err != nil {
		return "", err
	}
	if name == "withKey" || name == "withoutKey" {
		return withKey(field, name, v)
	}
	if field == "resource" {
		return "", fmt.Errorf("the test %s is of the whole resource", name)
	}
	return o.write(field, name, v, wanted)
}

// withKey writes a test of whether a value has a part of some name.
func withKey(f, name string, v []string) (string, error) {
	if len(v) != 1 {
		return "", fmt.Errorf("the test %s is not with one name", name)
	}
	out := fmt.Sprintf("has(%s[%s])", f, v[0])
	if f == "tags" {
		out = v[0] + " in tags"
	}
	if name == "withoutKey" {
		out = "not (" + out + ")"
	}
	return out, nil
}

// write writes a test of a field.
func (o *condition) write(f, name string, v []string, wanted *old) (string, error) {
	one := ""
	if len(v) > 0 {
		one = v[0]
	}
	any := "[" + strings.Join(v, ", ") + "]"
	if len(v) == 1 && strings.HasPrefix(one, "params.") {
		any = "list(" + one + ")" // it may be either
	}
	number := func(form string) (string, error) {
		if _, err := strconv.Atoi(wanted.text()); err == nil {
			return fmt.Sprintf(form, f, wanted.text()), nil
		}
		if strings.HasPrefix(one, "params.") {
			return fmt.Sprintf(form, f, "int("+one+")"), nil
		}
		return "", fmt.Errorf("the test %s is with %q, which is no whole number", name, wanted.text())
	}
	switch name {
	case "equal", "notEqual":
		operator := map[string]string{"equal": "==", "notEqual": "!="}[name]
		if b := strings.ToLower(wanted.text()); b == "true" || b == "false" {
			return fmt.Sprintf("lower(string(%s)) %s %q", f, operator, b), nil
		}
		return fmt.Sprintf("string(%s) %s %s", f, operator, one), nil
	case "true":
		return fmt.Sprintf(`lower(string(%s)) == "true"`, f), nil
	case "false", "notTrue":
		return fmt.Sprintf(`lower(string(%s)) == "false"`, f), nil
	case "null":
		return "not has(" + f + ")", nil
	case "notNull":
		return "has(" + f + ")", nil
	case "empty":
		return "len(" + f + ") == 0", nil
	case "notEmpty":
		return "len(" + f + ") > 0", nil
	case "lessThan":
		return number("int(%s) < %s")
	case "lessOrEqual":
		return number("int(%s) <= %s")
	case "moreThan":
		return number("int(%s) > %s")
	case "moreOrEqual":
		return number("int(%s) >= %s")
	case "lengthLessThan":
		return number("len(%s) < %s")
	case "lengthMoreThan":
		return number("len(%s) > %s")
	case "lengthEqual":
		return number("len(%s) == %s")
	case "containString":
		return fmt.Sprintf("%s contains %s", f, one), nil
	case "notContainString":
		return fmt.Sprintf("not (%s contains %s)", f, one), nil
	case "containAtLeastOneOf":
		return fmt.Sprintf("any(list(%s), string(#) in %s)", f, any), nil
	case "containNoneOf":
		return fmt.Sprintf("none(list(%s), string(#) in %s)", f, any), nil
	case "containAtLeastOneDifferentFrom":
		return fmt.Sprintf(`any(list(%s), # != "" and not (string(#) in %s))`, f, any), nil
	case "match", "notMatch":
		return matches(f, name, wanted.texts())
	case "olderThan", "newerThan", "dateOlderThan":
		return age(f, name, wanted, v)
	}
	return "", fmt.Errorf("there is nothing like the test %q", name)
}

// matches writes patterns that hold from the beginning of a text.
func matches(f, name string, patterns []string) (string, error) {
	var parts []string
	for _, p := range patterns {
		if _, err := regexp.Compile(p); err != nil || strings.Contains(p, "_ARG_") {
			return "", fmt.Errorf("the pattern %q is not one that can be used here", p)
		}
		parts = append(parts, fmt.Sprintf("string(%s) matches %s", f, literal("^(?:"+p+")")))
	}
	if len(parts) == 0 {
		return "", fmt.Errorf("the test %s has no pattern", name)
	}
	out := "(" + strings.Join(parts, " or ") + ")"
	if name == "notMatch" {
		out = "not " + out
	}
	return out, nil
}

// age writes a test of how long ago a time is: [90, "days"].
func age(f, name string, wanted *old, v []string) (string, error) {
	list := wanted.texts()
	if len(list) != 2 || len(v) != 2 {
		return "", fmt.Errorf("the test %s is not with a number and a unit", name)
	}
	operator := map[string]string{"newerThan": "<"}[name]
	if operator == "" {
		operator = ">"
	}
	n := v[0]
	if i, err := strconv.Atoi(list[0]); err == nil {
		n = strconv.Itoa(i)
	} else if strings.HasPrefix(n, "params.") {
		n = "int(" + n + ")"
	} else {
		return "", fmt.Errorf("the test %s is with %q, which is no whole number", name, list[0])
	}
	switch list[1] {
	case "days":
		return fmt.Sprintf("days_since(%s) %s %s", f, operator, n), nil
	case "hours":
		return fmt.Sprintf("days_since(%s) * 24 %s %s", f, operator, n), nil
	}
	return "", fmt.Errorf("the unit %q is not known", list[1])
}

// field writes the path of a value: it is about the resource, and begins with the rule's
// path or with a field. Only AWS's own names are the same here.
func (o *condition) field(path string) (string, error) {
	rest, ok := strings.CutPrefix(path+".", o.path+".")
	if !ok && strings.Contains(path, ".id.") || strings.Contains(path, "_GET_VALUE_AT_") || strings.Contains(path, "_INCLUDE_") {
		return "", fmt.Errorf("the path %q leads to something else than the resource", path)
	}
	rest = strings.Trim(rest, ".")
	switch rest {
	case "":
		return "resource", nil
	case "name", "arn":
		return rest, nil
	case "Name", "Arn":
		return strings.ToLower(rest), nil
	case "Tags", "TagSet", "tags":
		return "tags", nil
	case "groups":
		return "resource.GroupList", nil
	}
	for _, step := range strings.Split(rest, ".") {
		if !regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`).MatchString(step) {
			return "", fmt.Errorf("%q in the path %q is a name of the old tools' own", step, path)
		}
	}
	return "resource." + rest, nil
}

// wanted are the values that a test is with, as the language writes them.
func (o *condition) wanted(v *old) (out []string, err error) {
	for _, s := range v.texts() {
		arg := regexp.MustCompile(`^_ARG_(\d)_$`).FindStringSubmatch(s)
		switch {
		case arg != nil:
			n, _ := strconv.Atoi(arg[1])
			if i, there := slices.BinarySearch(o.args, n); !there {
				o.args = slices.Insert(o.args, i, n)
			}
			out = append(out, "params.arg"+arg[1])
		case s == "_AWS_ACCOUNT_ID_":
			out = append(out, "account")
		case regexp.MustCompile(`_[A-Z]+_`).MatchString(s) && strings.HasPrefix(strings.TrimLeft(s, ".*^"), "_"):
			return nil, fmt.Errorf("%q stands for something that is not known here", s)
		default:
			out = append(out, literal(s))
		}
	}
	return out, nil
}

// literal writes a text in the language.
func literal(s string) string { return strconv.Quote(strings.ToValidUTF8(s, "?")) }
