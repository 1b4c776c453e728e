package rules

import (
	"bytes"
	"regexp"
)

// isDump says whether a file begins as exceptions of Scout2 and ScoutSuite do: with a
// name that they are given to, or with services.
func isDump(data []byte) bool {
	return regexp.MustCompile(`^\s*exceptions\s*=`).Match(data) ||
		regexp.MustCompile(`^\s*\{\s*"(services|[a-z0-9]+)"\s*:\s*\{`).Match(bytes.TrimPrefix(data, []byte("\ufeff")))
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
