package keycsv

import (
	"encoding/csv"
	"strings"
)

// row is a line that is not blank, cut into cells without the blanks around them.
type row struct {
	line  int
	cells []string
}

// split cuts text into rows. No cell of a key file spans lines, so each line is
// read alone and a stray quote spoils no other one.
func split(text string) ([]row, error) {
	lines := strings.Split(text, "\n")
	var rows []row
	var comma rune
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if len(rows) == MaxRows {
			return nil, &Error{Reason: TooManyRows}
		}
		if comma == 0 {
			if propertyLine().MatchString(line) {
				return properties(lines), nil
			}
			comma = separator(line)
		}
		rows = append(rows, row{i + 1, cut(line, comma)})
	}
	return rows, nil
}

// separator guesses from the first row: AWS writes commas, spreadsheets also
// semicolons and TABs, none of which is part of a header, a key or a user name
// that is not quoted.
func separator(line string) rune {
	best, most := ',', strings.Count(line, ",")
	for _, c := range ";\t" {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// blanksAround takes blanks away from the outside of quotes, where the csv package
// wants none. It may also hit the inside of a cell, but no value that is kept has
// a blank beside a separator.
var blanksAround = pattern(` *([,;\t]) *`)

// cut splits one line. Lazy quotes let a password hold a quote that is not doubled
// and leave nothing to fail; a line without cells would be refused as keyless.
func cut(line string, comma rune) []string {
	line = strings.Trim(blanksAround().ReplaceAllString(line, "$1"), " ")
	r := csv.NewReader(strings.NewReader(line))
	r.Comma = comma
	r.LazyQuotes = true
	cells, _ := r.Read()
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return cells
}

// propertyLine is the form of rootkey.csv before it became a table.
var propertyLine = pattern(`^\s*(AWSAccessKeyId|AWSSecretKey)\s*=\s*(.*?)\s*$`)

// properties turns name=value lines into a header and one row below it.
func properties(lines []string) []row {
	var header, values row
	for i, line := range lines {
		m := propertyLine().FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if header.line == 0 {
			header.line, values.line = i+1, i+1
		}
		header.cells = append(header.cells, m[1])
		values.cells = append(values.cells, m[2])
	}
	return []row{header, values}
}
