package rules

import (
	"bytes"
	"regexp"
)

// isDump says whether a file begins as exceptions of Scout2 and ScoutSuite do: with a
// name that they are given to, or with services.
func isDump(data []byte) bool {
	service := regexp.MustCompile(`^\s*\{\s*"([a-z0-9]+)"\s*:\s*\{`).FindSubmatch(bytes.TrimPrefix(data, []byte("\ufeff")))
	return regexp.MustCompile(`^\s*exceptions\s*=`).Match(data) || service != nil && string(service[1]) != "exceptions"
}

// isRuleset complains about a ruleset of Scout2 or ScoutSuite.
func isRuleset(root value) error {
	pairs, err := root.pairs("a configuration")
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if p.key == "rules" {
			if files, err := p.value.pairs(""); err == nil && len(files) > 0 {
				return p.at.fail("convert it with: fob scan rules convert "+root.file, "this is a ruleset of Scout2 or ScoutSuite")
			}
		}
	}
	return nil
}
