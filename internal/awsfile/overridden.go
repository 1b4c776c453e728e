package awsfile

import (
	"bytes"
	"fmt"
)

// profileKeys holds, for each profile of the credentials file, where its keys
// stand. A key without a value is left out: it does not count.
type profileKeys map[string]map[string]Position

func (s *source) profileKeys() profileKeys {
	profiles := make(profileKeys, len(s.headers))
	parser := bodyParser{}
	for p := range s.parts(false) {
		if p.header.kind != kindProfile {
			continue
		}
		keys := profiles[string(p.header.name)]
		if keys == nil {
			keys = map[string]Position{}
			profiles[string(p.header.name)] = keys
		}
		parser.parse(p.body, p.line)
		for i := range parser.properties {
			if property := &parser.properties[i]; !property.ignored && !property.empty() {
				keys[property.name()] = Position{s.path.Name, property.line}
			}
		}
	}
	return profiles
}

// override reports the properties of a section of the config file that are not
// used because the profile has them in the credentials file too.
func (k profileKeys) override(p part, properties []property) []Warning {
	keys := k[string(p.header.name)]
	if p.header.kind != kindProfile || keys == nil {
		return nil
	}
	var found []Warning
	for i := range properties {
		property := &properties[i]
		if at, both := keys[property.name()]; both && !property.empty() {
			found = append(found, p.source.warning(property.line,
				fmt.Sprintf("the value is not used: the profile has the key in %s too", at)))
		}
	}
	return found
}

func (p *property) name() string { return string(bytes.ToLower(p.key)) }

func (p *property) empty() bool { return len(p.value) == 0 && len(p.more) == 0 }
