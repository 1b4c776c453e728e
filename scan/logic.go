package scan

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// table is the table of checks: those that are there, which it is held against in a
// test, and those to come.
//
//go:embed checks.csv
var table string

// Logic says by a check's id when it fails, and what passes where that is not plain. It
// reads the table anew at every call; a rule of one's own is not in it.
func Logic() (map[string]string, error) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read table of checks: %w", err)
	}
	logic := map[string]string{}
	id, says := slices.Index(rows[0], "id"), slices.Index(rows[0], "logic")
	for _, row := range rows[1:] {
		logic[row[id]] = row[says]
	}
	return logic, nil
}
