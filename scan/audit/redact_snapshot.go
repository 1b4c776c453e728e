package audit

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
)

// Snapshot writes a snapshot anew.
func (r *Redactor) Snapshot(out io.Writer, s Snapshot) error {
	in, err := s.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	z := gzip.NewWriter(out)
	err = eachLine(in, func(raw []byte) error {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		var l map[string]any
		if d.Decode(&l) != nil {
			return nil // cut off
		}
		for k, v := range l {
			switch k {
			case "a", "accounts", "members", "id", "of", "d", "problem", "code":
				l[k] = r.value("", v)
			case "n", "name":
				if name, ok := v.(string); ok {
					l[k] = r.Name(name)
				}
			case "tags":
				l[k] = r.tags(v)
			case "req":
				delete(l, k)
			}
		}
		if l["k"] == "head" {
			l["redacted"] = true
		}
		if l["t"] == "AWS::Region" {
			l["n"] = l["id"]
		}
		line, err := json.Marshal(ordered(l))
		if err != nil {
			return err
		}
		_, err = z.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		return fmt.Errorf("redact %s: %w", s.Name, err)
	}
	return z.Close()
}

// ordered puts the kind of a line first, as everything that writes lines does.
func ordered(l map[string]any) json.RawMessage {
	k, _ := json.Marshal(l["k"])
	delete(l, "k")
	rest, err := json.Marshal(l)
	if err != nil || len(rest) <= 2 {
		return json.RawMessage(`{"k":` + string(k) + `}`)
	}
	return json.RawMessage(`{"k":` + string(k) + `,` + string(rest[1:]))
}

func (r *Redactor) tags(v any) any {
	tags, _ := v.(map[string]any)
	for k, x := range tags {
		if text, ok := x.(string); ok {
			tags[k] = r.Name(text)
		}
	}
	return tags
}
