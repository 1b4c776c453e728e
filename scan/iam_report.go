package scan

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ReportRow is one user's row of the credential report, or that of root.
type ReportRow struct {
	Created         Moment
	Password        bool // it can sign in to the console
	PasswordUsed    Moment
	PasswordChanged Moment
	MFA             bool
	Keys            [2]ReportKey
	Certificates    [2]bool // active ones
	Further         string  // what AWS says of keys and certificates that it leaves out; "" where there are none
}

// ReportKey is one of a user's two access keys.
type ReportKey struct {
	Active        bool
	Rotated, Used Moment
}

// AccountReport is what the credential report says about the account as a whole.
type AccountReport struct {
	Root         *ReportRow // nil if the report has no row of it
	ConsoleUsers int        // users with a password, without root
}

// Moment is a time in the report. The zero Moment is never: N/A, no_information and
// not_supported.
type Moment struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler. A row is written by the names of the
// report's columns. One that is missing, or says what is not understood, is an error:
// it must not be taken for no. Other columns are of no matter, and so is the case of
// true and false, of which AWS's page has the one and its answers the other.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
func (r *ReportRow) UnmarshalJSON(raw []byte) error {
	var cells map[string]string
	if err := json.Unmarshal(raw, &cells); err != nil {
		return err
	}
	c := reportCells{cells: cells}
	*r = ReportRow{
		Created:  c.moment("user_creation_time"),
		Password: c.flag("password_enabled"), PasswordUsed: c.moment("password_last_used"), PasswordChanged: c.moment("password_last_changed"),
		MFA:          c.flag("mfa_active"),
		Certificates: [2]bool{c.flag("cert_1_active"), c.flag("cert_2_active")},
		Further:      c.further(),
	}
	for i := range r.Keys {
		key := fmt.Sprintf("access_key_%d_", i+1)
		r.Keys[i] = ReportKey{Active: c.flag(key + "active"), Rotated: c.moment(key + "last_rotated"), Used: c.moment(key + "last_used_date")}
	}
	return c.err
}

// reportCells reads the cells of a row, and keeps the first error.
type reportCells struct {
	cells map[string]string
	err   error
}

func (c *reportCells) flag(column string) bool {
	switch cell := c.cells[column]; {
	case strings.EqualFold(cell, "true"):
		return true
	case !strings.EqualFold(cell, "false") && cell != "N/A" && cell != "not_supported":
		c.fail(column)
	}
	return false
}

// further reads a column that need not be there.
func (c *reportCells) further() string {
	switch cell := c.cells["additional_credentials_info"]; cell {
	case "N/A", "no_information", "not_supported", "0":
		return ""
	default:
		return cell
	}
}

func (c *reportCells) moment(column string) Moment {
	switch cell := c.cells[column]; cell {
	case "N/A", "no_information", "not_supported":
		return Moment{}
	default:
		t, err := time.Parse(time.RFC3339, cell)
		if err != nil {
			c.fail(column)
		}
		return Moment{t}
	}
}

func (c *reportCells) fail(column string) {
	if c.err == nil {
		c.err = fmt.Errorf("the credential report says %.40q for %s", c.cells[column], column)
	}
}

// newestMoment returns the latest of some moments, the zero Moment if none ever was.
func newestMoment(moments ...Moment) (out Moment) {
	for _, m := range moments {
		if m.After(out.Time) {
			out = m
		}
	}
	return out
}

// String is the day, or "never".
func (m Moment) String() string {
	if m.IsZero() {
		return "never"
	}
	return m.UTC().Format(time.DateOnly)
}

// CredentialReportRows reads the report's rows, each by the names of the columns. A
// report that is cut off, or names no user and ARN, is an error.
func CredentialReportRows(content []byte) ([]map[string]string, error) {
	in := csv.NewReader(bytes.NewReader(content))
	lines, err := in.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read credential report: %w", err)
	}
	if len(lines) == 0 {
		return nil, errors.New("read credential report: it is empty")
	}
	var rows []map[string]string
	for _, cells := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = cells[i]
		}
		if row["user"] == "" || row["arn"] == "" {
			return nil, fmt.Errorf("read credential report: line %d names no user", len(rows)+2)
		}
		rows = append(rows, row)
	}
	return rows, nil
}
