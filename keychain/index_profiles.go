package keychain

import (
	"bytes"
	"strconv"
)

// Profiles are the names in the index, in no order, for a person who is choosing
// one. Unlike [Index.All] it passes over what cannot be read, so it must not be
// taken for the whole list.
func (x *Index) Profiles() []string {
	raw, err := x.read()
	if err != nil {
		return nil
	}
	var names []string
	for line := range bytes.Lines(raw) {
		field, rest, _ := bytes.Cut(line, []byte{'\t'})
		name, err := strconv.Unquote(string(field))
		if err == nil && !bytes.HasSuffix(rest, []byte("\t\"removing\"\n")) {
			names = append(names, name)
		}
	}
	return names
}
