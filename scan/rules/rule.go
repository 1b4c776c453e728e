package rules

import "fob/scan"

// rule is a check that a configuration brings.
type rule struct {
	check  scan.Check
	params map[string]any
}

func parseRules(v value) ([]*rule, error) {
	return nil, v.fail("", "rules are not read yet")
}
