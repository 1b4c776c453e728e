package collect

import (
	"encoding/json"
	"fmt"
)

// shape writes a value of the SDK as it stands in a record: the API's own names,
// without what AWS left out.
func shape(v any) (json.RawMessage, error) {
	if raw, ok := v.(json.RawMessage); ok {
		return raw, nil // of a record that was taken apart
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %T: %w", v, err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	return json.Marshal(prune(tree))
}

// prune takes away nulls and the SDK's own field, in place.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "ResultMetadata")
		for name, x := range v {
			if x == nil {
				delete(v, name)
				continue
			}
			v[name] = prune(x)
		}
	case []any:
		for i, x := range v {
			v[i] = prune(x)
		}
	}
	return v
}

// parts takes the top of an SDK value apart into fields of a record.
func parts(v any) (fields, error) {
	raw, err := shape(v)
	if err != nil {
		return nil, err
	}
	var out map[string]json.RawMessage
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, err
	}
	f := fields{}
	for name, x := range out {
		f[name] = x
	}
	return f, nil
}

// recorded reads a field of a resource as it stands in the record, and says whether it is
// there. What an operation knows of a resource it takes from here and not from Data: in a
// scan that goes on where another stopped, Data holds what the snapshot had.
func recorded[T any](i *item, name string) (out T, ok bool) {
	v, ok := i.Data[name]
	if !ok || v == nil {
		return out, false
	}
	if v, ok := v.(T); ok {
		return v, true
	}
	raw, err := shape(v)
	if err != nil || string(raw) == "null" || json.Unmarshal(raw, &out) != nil {
		var none T
		return none, false
	}
	return out, true
}
