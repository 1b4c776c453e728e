package collect

import (
	"encoding/json"

	"fob/scan/policy"
)

// policyText is a policy as most services hand it out, as the text of a JSON document;
// nil where there is none. One that is not understood stays a text, which says so later.
func policyText(text *string) any {
	if text == nil || *text == "" {
		return nil
	}
	if _, err := policy.Parse([]byte(*text)); err != nil || !json.Valid([]byte(*text)) {
		return *text
	}
	return json.RawMessage(*text)
}

// pairTags are the tags of a resource as most services write them: pairs of key and value.
func pairTags[T any](list []T, pair func(T) (key, value *string)) map[string]string {
	out := map[string]string{}
	for _, t := range list {
		if k, v := pair(t); k != nil {
			out[*k] = ""
			if v != nil {
				out[*k] = *v
			}
		}
	}
	return out
}
