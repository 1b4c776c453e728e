package scan_test

import (
	"encoding/csv"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// TestRows holds every row against the table of checks that was agreed on.
func TestRows(t *testing.T) {
	table := readTable(t)
	seen := map[string]bool{}
	for _, c := range scan.Checks() {
		if c.Manual {
			continue
		}
		row, ok := table[c.ID]
		if !ok {
			t.Errorf("%s is not in the table", c.ID)
			continue
		}
		if seen[c.ID] {
			t.Errorf("%s is there twice", c.ID)
		}
		seen[c.ID] = true
		if c.Severity.String() != row["severity"] || c.Service != row["service"] || c.Type != row["resource_type"] {
			t.Errorf("%s: %s %s %s, the table has %s %s %s", c.ID, c.Severity, c.Service, c.Type, row["severity"], row["service"], row["resource_type"])
		}
		if c.Title == "" || c.Why == "" || c.Fix == "" || c.Logic == "" || c.Logic != row["logic"] {
			t.Errorf("%s: title, why, fix or logic is missing", c.ID)
		}
		if c.Off != (row["default"] == "off") {
			t.Errorf("%s: off by default %v, the table says %s", c.ID, c.Off, row["default"])
		}
		sameList(t, c.ID+" calls", c.Operations(), list(row["api_calls"]))
		sameList(t, c.ID+" references", c.Refs, references(row))
	}
	for id, row := range table {
		if row["tier"] == "P1" && !seen[id] {
			t.Errorf("%s is of the first tier, and not in the catalogue", id)
		}
	}
}

func references(row map[string]string) (refs []string) {
	for column, name := range map[string]string{
		"cis_1_2": "cis-1.2", "cis_3_0": "cis-3.0", "cis_5_0": "cis-5.0", "cis_7_0": "cis-7.0",
		"fsbp": "fsbp", "scoutsuite_rules": "scoutsuite",
	} {
		for _, r := range list(row[column]) {
			refs = append(refs, name+":"+r)
		}
	}
	return refs
}

func sameList(t *testing.T, what string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, the table has %v", what, got, want)
	}
}

func list(cell string) (out []string) {
	for part := range strings.SplitSeq(cell, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func readTable(t *testing.T) map[string]map[string]string {
	t.Helper()
	file, err := os.Open("checks.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]map[string]string{}
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		table[row["id"]] = row
	}
	return table
}

// TestWording: what a report says of an account is read by its owner: nothing in it is
// ours, and whoever attacks it is not a man.
func TestWording(t *testing.T) {
	words := regexp.MustCompile(`(?i)\b(he|him|himself|his|ours?|we)\b`)
	for _, c := range scan.Checks() {
		for _, text := range []string{c.Title, c.Why, c.Fix} {
			if w := words.FindString(text); w != "" {
				t.Errorf("%s says %q: %s", c.ID, w, text)
			}
		}
	}
}
