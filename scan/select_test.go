package scan_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

func TestSelection(t *testing.T) {
	all := scan.Checks()
	for name, test := range map[string]struct {
		selection scan.Selection
		in, out   []string // ids that are selected, ids that are not
	}{
		"all":             {scan.Selection{}, []string{"iam-root-mfa", "s3-bucket-versioning"}, nil},
		"an id":           {scan.Selection{Checks: []string{"iam-root-mfa"}}, []string{"iam-root-mfa"}, []string{"iam-root-hardware-mfa"}},
		"a glob":          {scan.Selection{Checks: []string{"iam-root-*"}}, []string{"iam-root-mfa", "iam-root-hardware-mfa"}, []string{"iam-user-admin"}},
		"an old id":       {scan.Selection{Checks: []string{"iam-root-account-no-mfa"}}, []string{"iam-root-mfa"}, []string{"iam-root-hardware-mfa"}},
		"a framework":     {scan.Selection{Frameworks: []string{"cis-3.0"}}, []string{"iam-root-mfa"}, []string{"iam-root-signing-cert"}},
		"a service":       {scan.Selection{Services: []string{"s3"}}, []string{"s3-bucket-versioning"}, []string{"iam-root-mfa"}},
		"an alias":        {scan.Selection{Services: []string{"vpc"}}, []string{"vpc-sg-ssh-open"}, []string{"iam-root-mfa"}},
		"skipped":         {scan.Selection{Skip: []string{"iam"}}, []string{"s3-bucket-versioning"}, []string{"iam-root-mfa"}},
		"severe":          {scan.Selection{Severity: scan.High}, []string{"iam-root-mfa"}, []string{"s3-bucket-versioning"}},
		"severe at worst": {scan.Selection{Severity: scan.Critical}, []string{"rds-public"}, []string{"acm-expiring"}},
		"disabled":        {scan.Selection{Disable: []string{"iam-root-*"}}, []string{"s3-bucket-versioning"}, []string{"iam-root-mfa"}},
		"named, disabled": {scan.Selection{Checks: []string{"iam-root-mfa"}, Disable: []string{"iam-root-*"}}, []string{"iam-root-mfa"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.selection.Of(all)
			if err != nil {
				t.Fatal(err)
			}
			has := func(id string) bool { return slices.ContainsFunc(got, func(c scan.Check) bool { return c.ID == id }) }
			for _, id := range test.in {
				if !has(id) {
					t.Errorf("%s is not selected", id)
				}
			}
			for _, id := range test.out {
				if has(id) {
					t.Errorf("%s is selected", id)
				}
			}
		})
	}
}

// A name that matches nothing is said, and what was perhaps meant.
func TestSelectionUnknown(t *testing.T) {
	for _, s := range []scan.Selection{
		{Checks: []string{"iam-rot-mfa"}}, {Checks: []string{"iam-rot-*"}}, {Disable: []string{"iam-rot-mfa"}}, {Frameworks: []string{"cis-9"}}, {Services: []string{"ecc2"}}, {Skip: []string{"iamm"}},
	} {
		got, err := s.Of(scan.Checks())
		var unknown *scan.UnknownNameError
		if !errors.As(err, &unknown) {
			t.Errorf("%+v selects %d checks", s, len(got))
		}
	}
	_, err := scan.Selection{Checks: []string{"iam-rot-mfa"}}.Of(scan.Checks())
	var unknown *scan.UnknownNameError
	if !errors.As(err, &unknown) || !slices.Contains(unknown.Near, "iam-root-mfa") || !strings.Contains(err.Error(), "iam-rot-mfa") {
		t.Errorf("got %v", err)
	}
	_, err = scan.Selection{Frameworks: []string{"cis"}}.Of(scan.Checks())
	if !errors.As(err, &unknown) || !slices.Equal(unknown.Near, []string{"cis-1.2", "cis-3.0", "cis-5.0", "cis-7.0", "all"}) {
		t.Errorf("got %v, near are %v", err, unknown.Near)
	}
}
