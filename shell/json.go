package shell

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// object is a JSON object in one line: names to values, null for a variable to
// take away, in the order of the variables.
type object struct{ name string }

// jsonObject is the format json.
func jsonObject() Shell { return object{"json"} }

// nu is nushell, evaluated with fob env --shell nu | from json | load-env: data,
// not code. A variable that is null is not handed to programs.
func nu() Shell { return object{"nu"} }

// Name implements Shell.
func (o object) Name() string { return o.name }

// Export implements Shell.
func (o object) Export(vars []Var) (string, error) {
	if err := check(o.name, vars); err != nil {
		return "", err
	}
	members := make([]string, len(vars))
	for i, v := range vars {
		if !v.Unset && !utf8.ValidString(v.Value) {
			return "", unsafeValue(o.name, v)
		}
		members[i] = `"` + v.Name + `":` + jsonValue(v)
	}
	return "{" + strings.Join(members, ",") + "}\n", nil
}

func jsonValue(v Var) string {
	if v.Unset {
		return "null"
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // people read it
	_ = enc.Encode(v.Value)  // a string into memory cannot fail
	return strings.TrimSuffix(out.String(), "\n")
}
