package scan_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fob/scan"
	"fob/scan/audit"
)

// TestRedactedCases judges every case again when it is redacted: the verdicts stay, and
// the snapshot has neither the accounts nor the names of the clear one.
func TestRedactedCases(t *testing.T) {
	for _, c := range scan.Checks() {
		if c.Manual {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			for _, path := range casePaths(t, c.ID) {
				f := readCase(t, path, c)
				clear := f.snapshot(t, f.Lines)
				r := audit.NewRedactor([]byte("key"))
				redacted := redactedBytes(t, r, clear)
				want, got := f.verdicts(t, clear), f.of(r).verdicts(t, redacted)
				if !slices.Equal(got, want) && !byPattern(path) {
					t.Errorf("%s: %q, in clear %q\n%s", path, got, want, redacted)
				}
				for _, account := range []string{caseAccount, "210987654321", "111111111111", "222222222222", "example.com", "repo:acme"} {
					if bytes.Contains(redacted, []byte(account)) {
						t.Errorf("%s: it has %s\n%s", path, account, redacted)
					}
				}
			}
		})
	}
}

// byPattern are the cases that parts of names decide, which no hash has: the beginning that
// a pattern asks for, the domain that a registry is for.
func byPattern(path string) bool {
	return slices.ContainsFunc([]string{
		"ecr-scan-on-push/fail-filter-", "ecr-scan-on-push/pass-filter-", "iam-policy-admin-star/pass-other-roles-allowed", "iam-policy-privesc/fail-pass-strong-role",
		"iam-policy-privesc/fail-by-another-user", "iam-policy-privesc/fail-trust-of-a-strong-role", "route53-transfer-lock/fail-open",
	}, func(name string) bool { return strings.Contains(filepath.ToSlash(path), name) })
}

func redactedBytes(t *testing.T, r *audit.Redactor, clear []byte) []byte {
	t.Helper()
	s := audit.Snapshot{Name: "case", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(clear)), nil }}
	if err := r.Learn(s); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := r.Snapshot(&packed, s); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&packed)
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// of is the case as its owner would put it who knows the hashes.
func (f *caseFile) of(r *audit.Redactor) *caseFile {
	own := *f
	own.Trusted = nil
	for _, account := range f.Trusted {
		own.Trusted = append(own.Trusted, r.Account(account))
	}
	return &own
}

// verdicts are what a check says of a snapshot, sorted.
func (f *caseFile) verdicts(t *testing.T, snapshot []byte) (out []string) {
	t.Helper()
	facts, err := scan.Load(bytes.NewReader(snapshot), scan.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	o := scan.Options{Trusted: f.Trusted, Values: map[string]map[string]any{f.check.ID: f.Params}}
	scan.Judge(facts[0], []scan.Check{*f.check}, o, func(x scan.Finding) {
		out = append(out, strings.Join([]string{string(x.Status), x.Severity.String(), x.Region}, " "))
	})
	slices.Sort(out)
	return out
}
