package scan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"fob/scan"
)

const iamAccount = caseAccount

func testReport(user, password string) string {
	const header = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
		"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
		"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
		"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n"
	const rest = ",2024-01-01T00:00:00+00:00,%s,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
	return header + "<root_account>,arn:aws:iam::" + iamAccount + ":root" + fmt.Sprintf(rest, "not_supported") +
		user + ",arn:aws:iam::" + iamAccount + ":user/" + user + fmt.Sprintf(rest, password)
}

func TestCredentialReportRows(t *testing.T) {
	rows, err := scan.CredentialReportRows([]byte(testReport("o'neil, ann", "false")))
	if err == nil {
		t.Errorf("a comma in a name goes unnoticed: %v", rows)
	}
	rows, err = scan.CredentialReportRows([]byte(testReport(`"ann ""x"", b"`, "false")))
	if err == nil {
		t.Errorf("a quote within an ARN goes unnoticed: %v", rows)
	}
	for _, s := range []string{"", "user,arn\nann\n", "user,arn\n,\n", "user\nann\n", "a,b\n1,2\n"} {
		if rows, err := scan.CredentialReportRows([]byte(s)); err == nil {
			t.Errorf("%q reads as %v", s, rows)
		}
	}
	rows, err = scan.CredentialReportRows([]byte("user,arn,new_column\nann,a:b,x\n"))
	if err != nil || len(rows) != 1 || rows[0]["new_column"] != "x" {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestReportRow(t *testing.T) {
	rows, err := scan.CredentialReportRows([]byte(testReport("ann", "true")))
	if err != nil {
		t.Fatal(err)
	}
	with := func(column, cell string) (r scan.ReportRow, err error) {
		row := maps.Clone(rows[1])
		row[column] = cell
		raw, _ := json.Marshal(row)
		return r, json.Unmarshal(raw, &r)
	}
	for _, c := range []struct {
		column, cell string
		readable     bool
		holds        func(scan.ReportRow) bool
	}{
		{"password_enabled", "TRUE", true, func(r scan.ReportRow) bool { return r.Password }},
		{"password_enabled", "False", true, func(r scan.ReportRow) bool { return !r.Password }},
		{"password_enabled", "not_supported", true, func(r scan.ReportRow) bool { return !r.Password }},
		{"password_enabled", "no_information", false, nil},
		{"password_enabled", "", false, nil},
		{"password_enabled", "yes", false, nil},
		{"password_last_used", "no_information", true, func(r scan.ReportRow) bool { return r.PasswordUsed.IsZero() }},
		{"password_last_used", "2026-01-02T03:04:05Z", true, func(r scan.ReportRow) bool { return r.PasswordUsed.Year() == 2026 }},
		{"password_last_used", "soon", false, nil},
		{"access_key_1_last_rotated", "", false, nil},
		{"mfa_type", "FIDO2", true, func(r scan.ReportRow) bool { return r.Further == "" }},
		{"additional_credentials_info", "N/A", true, func(r scan.ReportRow) bool { return r.Further == "" }},
		{"additional_credentials_info", "1 more", true, func(r scan.ReportRow) bool { return r.Further == "1 more" }},
	} {
		r, err := with(c.column, c.cell)
		if (err == nil) != c.readable || err == nil && !c.holds(r) {
			t.Errorf("%s %q is read as %+v, %v", c.column, c.cell, r, err)
		}
	}
	for _, column := range []string{"password_enabled", "mfa_active", "cert_2_active", "access_key_2_last_used_date", "user_creation_time"} {
		row := maps.Clone(rows[1])
		delete(row, column)
		raw, _ := json.Marshal(row)
		if err := json.Unmarshal(raw, new(scan.ReportRow)); err == nil {
			t.Errorf("a report without %s goes unnoticed", column)
		}
	}
}

func FuzzCredentialReportRows(f *testing.F) {
	f.Add([]byte(testReport("ann", "true")))
	f.Add([]byte("user,arn\nann,\"a\nb\"\n"))
	f.Add([]byte(testReport("ann", "TRUE")))
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := scan.CredentialReportRows(content)
		if err != nil {
			return
		}
		for _, row := range rows {
			raw, _ := json.Marshal(row)
			var r scan.ReportRow
			if json.Unmarshal(raw, &r) == nil && (row["mfa_active"] == "" || r.MFA != strings.EqualFold(row["mfa_active"], "true")) {
				t.Errorf("%q is read as %+v", raw, r)
			}
			if row["user"] == "" || row["arn"] == "" {
				t.Errorf("%q gives a row that names no user: %v", content, row)
			}
		}
		if cut := bytes.LastIndexByte(bytes.TrimSpace(content), ','); cut > 0 && len(rows) == 1 {
			if less, err := scan.CredentialReportRows(content[:cut]); err == nil && len(less) > len(rows) {
				t.Errorf("%q cut off gives more rows", content)
			}
		}
	})
}
