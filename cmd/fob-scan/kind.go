package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"fob/internal/display"
	"fob/scan"
	"fob/scan/audit"
)

// What a file may be that was given in the place of another.
const (
	kindSnapshot = "snapshot"
	kindFindings = "findings"
	kindReport   = "report" // made from findings
)

// kindOf says what a file is, by its first line, and "" where it cannot tell.
func kindOf(path string) string {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	in, err := audit.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = in.Close() }()
	lines, err := scan.TextLines(in)
	if err != nil || !lines.Scan() {
		return ""
	}
	var first struct {
		K, Schema string
	}
	err = json.Unmarshal(lines.Bytes(), &first)
	switch ext := filepath.Ext(path); {
	case err == nil && first.K != "":
		return kindSnapshot
	case err == nil && strings.HasPrefix(first.Schema, "fob."):
		return kindFindings
	case ext == ".json" || ext == ".csv" || ext == ".md" || ext == ".html" || ext == ".sarif" || ext == ".xml":
		return kindReport
	}
	return ""
}

// takes is the command that takes a file, where another was given it; usual where nothing
// is known of the file.
func takes(path, usual string) string {
	word := typed(path)
	switch kindOf(path) {
	case kindSnapshot:
		return "it is a snapshot: fob scan eval " + word + " writes the findings of it"
	case kindFindings:
		return "it is a findings file: fob scan merge " + word + " --report-dir NEW writes reports of it, fob scan diff compares two"
	case kindReport:
		findings := filepath.Join(filepath.Dir(path), "findings.jsonl")
		if kindOf(findings) == kindFindings {
			return "it is a report; its findings are in " + typed(findings) + ", which fob scan merge and fob scan diff take"
		}
		return "it is a report: fob scan diff and merge take findings.jsonl, fob scan eval takes snapshots"
	}
	return usual
}

// typed is a path as it is typed into a shell, or a word for it where that cannot be.
func typed(path string) string {
	if word, ok := display.ShellWord(path); ok {
		return word
	}
	return "FILE"
}

// takesAny does it for the first of some files that is none of a kind.
func takesAny(paths []string, kind, usual string) string {
	for _, path := range paths {
		if k := kindOf(path); k != "" && k != kind {
			return takes(path, usual)
		}
	}
	return usual
}
