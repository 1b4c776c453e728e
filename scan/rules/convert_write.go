package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

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
