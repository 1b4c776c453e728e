package scan

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
)

// table is the table of checks: those that are there, which it is held against in a
// test, and those to come.
//
//go:embed checks.csv
var table string

// tableLogic says by a check's id when it fails. Where the table cannot be read it says
// nothing, which the test finds that wants every check to say it.
func tableLogic() map[string]string {
	logic := map[string]string{}
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return logic
	}
	id, says := slices.Index(rows[0], "id"), slices.Index(rows[0], "logic")
	for _, row := range rows[1:] {
		logic[row[id]] = row[says]
	}
	return logic
}
