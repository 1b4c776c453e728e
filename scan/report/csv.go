package report

import (
	"encoding/csv"
	"strings"
	"time"

	"fob/scan"
)

// csvColumns are fixed: columns may be added at the end, never moved.
var csvColumns = [...]string{
	"account", "account_name", "region", "service", "check", "severity", "status", "resource", "resource_type", "resource_name",
	"title", "message", "fix", "references", "not_read", "observed", "diff", "exception_reason", "exception_owner", "exception_expires", "id",
}

// writeCSV writes a row for every verdict.
func writeCSV(to Sink, r *Result, _ Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	rows := csv.NewWriter(w)
	if err := rows.Write(csvColumns[:]); err != nil {
		return err
	}
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		if err := rows.Write(csvRow(f)); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}

func csvRow(f *scan.Finding) []string {
	var exception scan.ExceptionNote
	if f.Exception != nil {
		exception = *f.Exception
	}
	row := []string{
		f.Account.ID, f.Account.Name, f.Region, f.Service, f.Check, f.Severity.String(), string(f.Status), f.Resource.ARN, f.Resource.Type, f.Resource.Name,
		f.Title, f.Message, f.Fix, strings.Join(f.Refs, " "), notRead(f), f.Observed.Format(time.RFC3339), f.Diff, exception.Reason, exception.Owner, exception.Expires, f.ID,
	}
	for i, cell := range row {
		row[i] = inert(cell)
	}
	return row
}

// inert keeps spreadsheets from taking a cell for a formula (CWE-1236).
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// notRead is what an unknown verdict lacks, "s3:GetBucketAcl denied by scp; …".
func notRead(f *scan.Finding) string {
	var out []string
	for _, e := range f.Unread {
		out = append(out, e.Error())
	}
	return strings.Join(out, "; ")
}
