package awsfile

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"gopkg.in/ini.v1"
)

// pair is a property as ini.v1 has read it: the key in lower case, the value
// with the lines that continue it behind line breaks.
type pair struct{ key, text string }

// chunk is the number of properties in one section of the text for ini.v1, which
// searches its list of keys from the start for each new one.
const chunk = 64

// readProperties has ini.v1 read properties and returns one pair for each.
//
// ini.v1 has a taste of its own for quotes, backquotes, continuation lines,
// comments and the key "-", and not all of it can be turned off. So it gets what
// it cannot misread: one line for each property, with a number that makes the
// key unique and keeps "-" from being one, and with bars around the value,
// behind which quotes and blanks mean nothing.
func readProperties(properties []property) ([]pair, error) {
	if len(properties) == 0 {
		return nil, nil
	}
	file, err := ini.LoadSources(ini.LoadOptions{
		InsensitiveKeys:         true,
		IgnoreContinuation:      true,
		IgnoreInlineComment:     true,
		PreserveSurroundedQuote: true,
		AllowNonUniqueSections:  true,
		KeyValueDelimiters:      "=",
	}, prepare(properties))
	if err != nil {
		return nil, errPrepared // err quotes the line
	}
	sections, err := file.SectionsByName("s")
	if err != nil {
		return nil, errPrepared
	}
	pairs := make([]pair, 0, len(properties))
	for _, section := range sections {
		for _, key := range section.Keys() {
			_, name, _ := strings.Cut(key.Name(), ".")
			pairs = append(pairs, pair{name, restore(key.Value())})
		}
	}
	if len(pairs) != len(properties) {
		return nil, errPrepared
	}
	return pairs, nil
}

var errPrepared = errors.New("ini.v1 cannot read a prepared property")

func prepare(properties []property) []byte {
	var text bytes.Buffer
	for i, p := range properties {
		if i%chunk == 0 {
			text.WriteString("[s]\n")
		}
		text.Write(strconv.AppendInt(text.AvailableBuffer(), int64(i), 10))
		text.WriteByte('.')
		text.Write(p.key)
		text.WriteString(" = |")
		writeEscaped(&text, p.value)
		for _, line := range p.more {
			text.WriteString(`\n`)
			writeEscaped(&text, line)
		}
		text.WriteString("|\n")
	}
	return text.Bytes()
}

func writeEscaped(text *bytes.Buffer, line []byte) {
	for {
		before, after, found := bytes.Cut(line, []byte{'\\'})
		text.Write(before)
		if !found {
			return
		}
		text.WriteString(`\\`)
		line = after
	}
}

// restore undoes what prepare did to a value.
func restore(value string) string {
	value = strings.TrimSuffix(strings.TrimPrefix(value, "|"), "|")
	if !strings.Contains(value, `\`) {
		return value
	}
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(value)
}
