package awsfile

import (
	"regexp"
	"strings"
)

// reference is the strict grammar once more, read line by line with strings and
// maps, without an index and without ini.v1. It is slow and plain, for comparison.
type reference struct {
	profiles, sessions sections
	errLine            int
}

func readReference(config, credentials string) reference {
	all := reference{profiles: sections{}, sessions: sections{}}
	for place, text := range map[place]string{inConfig: config, inCredentials: credentials} {
		if line := referenceError(text); line > 0 && (all.errLine == 0 || place == inConfig) {
			all.errLine = line
		}
	}
	if all.errLine > 0 {
		return reference{errLine: all.errLine}
	}
	all.merge(config, inConfig)
	all.merge(credentials, inCredentials)
	return all
}

var (
	identifier  = regexp.MustCompile(`^[-A-Za-z0-9_/.%@:+]+$`)
	lineComment = regexp.MustCompile(`[ \t][#;].*$`)
	prefixed    = regexp.MustCompile(`^(profile|sso-session|services)[ \t]+(.*)$`)
)

func referenceLines(text string) []string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines
}

func blankTrim(text string) string { return strings.Trim(text, " \t") }

func uncomment(text string) string {
	text = blankTrim(text)
	if at := lineComment.FindStringIndex(strings.ReplaceAll(text, "\n", " ")); at != nil {
		text = text[:at[0]]
	}
	return blankTrim(text)
}

func passedOver(line string) bool {
	return blankTrim(line) == "" || line[0] == '#' || line[0] == ';'
}

func indentedLine(line string) bool { return line[0] == ' ' || line[0] == '\t' }

func referenceError(text string) int {
	inSection, inProperty, inBlock := false, false, false
	for i, line := range referenceLines(text) {
		if passedOver(line) {
			continue
		}
		if line[0] == '[' {
			if _, ok := referenceHeader(line); !ok {
				return i + 1
			}
			inSection, inProperty, inBlock = true, false, false
			continue
		}
		key, value, found := strings.Cut(uncomment(line), "=")
		wellFormed := found && blankTrim(key) != ""
		switch {
		case !inSection:
			return i + 1
		case indentedLine(line) && (!inProperty || inBlock && !wellFormed):
			return i + 1
		case indentedLine(line):
			continue
		case !wellFormed:
			return i + 1
		}
		inProperty, inBlock = true, blankTrim(value) == ""
	}
	return 0
}

func referenceHeader(line string) (inside string, ok bool) {
	if at := strings.IndexAny(line, "#;"); at >= 0 {
		line = line[:at]
	}
	line = blankTrim(line)
	return blankTrim(strings.TrimSuffix(line[1:], "]")), strings.HasSuffix(line[1:], "]")
}

func (r *reference) merge(text string, in place) {
	hasPrefixedDefault := false
	for _, line := range referenceLines(text) {
		if !passedOver(line) && line[0] == '[' {
			inside, _ := referenceHeader(line)
			match := prefixed.FindStringSubmatch(inside)
			hasPrefixedDefault = hasPrefixedDefault || match != nil && match[1] == "profile" && match[2] == "default"
		}
	}
	var section map[string]string
	var key string
	for _, line := range referenceLines(text) {
		switch {
		case passedOver(line):
		case line[0] == '[':
			inside, _ := referenceHeader(line)
			section = r.section(inside, in, hasPrefixedDefault && in == inConfig)
		case section == nil:
		case indentedLine(line):
			if key != "" {
				section[key] += "\n" + blankTrim(line)
			}
		default:
			name, value, _ := strings.Cut(uncomment(line), "=")
			key = ""
			if name = blankTrim(name); identifier.MatchString(name) {
				key = strings.ToLower(name)
				section[key] = blankTrim(value)
			}
		}
	}
}

// section is where the properties below a header go, nil for nowhere.
func (r *reference) section(inside string, in place, hasPrefixedDefault bool) map[string]string {
	into, name := r.profiles, inside
	match := prefixed.FindStringSubmatch(inside)
	switch {
	case in == inCredentials && match != nil, match != nil && match[1] == "services":
		return nil
	case in == inCredentials:
	case match != nil:
		name = match[2]
		if match[1] == "sso-session" {
			into = r.sessions
		}
	case name != "default" || hasPrefixedDefault:
		return nil
	}
	if !identifier.MatchString(name) {
		return nil
	}
	if into[name] == nil {
		into[name] = map[string]string{}
	}
	return into[name]
}
