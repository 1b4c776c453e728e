package report_test

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"testing"
	"time"

	"fob/scan"
	"fob/scan/report"
)

// foreignText is what names, tags and messages may hold.
const foreignText = "<script>alert('x')</script>]]>\"&`|\x01\u2028=HYPERLINK(\"http://e\")\n| x |"

var sampledAt = time.Date(2026, 11, 22, 18, 40, 12, 0, time.UTC)

func sampleFinding(n int, check string, status scan.Status, severity scan.Severity) *scan.Finding {
	arn := fmt.Sprintf("arn:aws:s3:::bucket-%d", n)
	return &scan.Finding{
		Schema: scan.Schema, ID: scan.FindingID(check, "123456789012", "eu-west-1", arn, ""), Scan: "sample", Check: check, Status: status, Severity: severity,
		Account: scan.AccountRef{ID: "123456789012", Name: "prod"}, Partition: "aws", Region: "eu-west-1", Service: "s3",
		Resource: scan.ResourceRef{ARN: arn, Type: "AWS::S3::Bucket", Name: fmt.Sprintf("bucket-%d", n), Tags: map[string]string{"env": "prod"}},
		Title:    "Title of " + check, Message: "what was seen", Evidence: []scan.Evidence{}, Unread: []*scan.ReadError{}, Refs: []string{"cis-3.0:2.1.1", "fsbp:S3.5", "scoutsuite:old"},
		Fix: "Mend it.", Observed: sampledAt,
	}
}

// sample is a result with every status, an exception, every kind of difference, and
// foreign text that means something to every format.
func sample() *report.Result {
	all := []*scan.Finding{
		sampleFinding(1, "s3-one", scan.StatusFail, scan.Critical),
		sampleFinding(2, "s3-one", scan.StatusPass, scan.Critical),
		sampleFinding(3, "s3-one", scan.StatusUnknown, scan.Critical),
		sampleFinding(4, "s3-two", scan.StatusNotApplicable, scan.Low),
		sampleFinding(5, "s3-two", scan.StatusManual, scan.Low),
		sampleFinding(6, "s3-two", scan.StatusFail, scan.Info),
		sampleFinding(7, "s3-two", scan.StatusPass, scan.Low),
		sampleFinding(8, "s3-two", scan.StatusFail, scan.Medium),
	}
	all[0].Resource.Name, all[0].Message, all[0].Title = foreignText, foreignText, foreignText
	all[0].Resource.Tags = map[string]string{foreignText: foreignText}
	all[0].Evidence = []scan.Evidence{{Path: "Policy.Statement[0]", Value: map[string]any{"Sid": foreignText}}}
	all[0].Diff = scan.DiffNew
	all[2].Unread = []*scan.ReadError{{Op: "s3:GetBucketAcl", Action: "s3:GetBucketAcl", Why: scan.Denied, By: "scp", Code: "AccessDenied"}}
	all[2].Diff = scan.DiffUnseen
	all[5].Exception = &scan.ExceptionNote{Reason: foreignText, Owner: "ann@example.com", Expires: "2027-03-31"}
	all[6].Diff = scan.DiffFixed
	all[7].Region, all[7].Diff = scan.Global, scan.DiffChanged
	return resultOf(all)
}

func resultOf(all []*scan.Finding) *report.Result {
	var t scan.Tally
	for _, f := range all {
		t.Add(f)
	}
	s := &scan.Summary{
		Scan: "sample", Tool: "fob-scan 1.0.0", At: sampledAt, Complete: true,
		Accounts: []scan.AccountSummary{{AccountRef: scan.AccountRef{ID: "123456789012", Name: "prod"}, Partition: "aws", At: sampledAt, Regions: []string{"eu-west-1"}, Resources: 8, Calls: 12}},
		Checks: []scan.CheckInfo{
			{ID: "s3-one", Title: "One", Severity: scan.Critical, Service: "s3", Type: "AWS::S3::Bucket", Why: "Why <one>.", Logic: "A < b, or *.", Fix: "Mend it.", Refs: []string{"cis-3.0:2.1.1", "scoutsuite:old"}},
			{ID: "s3-two", Title: "Two", Severity: scan.Low, Service: "s3", Type: "AWS::S3::Bucket", Why: "Why two.", Fix: "Mend it.", Refs: []string{}},
		},
	}
	t.Into(s)
	exposures := []*scan.Exposure{{Schema: scan.ExposureSchema, Account: scan.AccountRef{ID: "123456789012"}, Region: "eu-west-1", Service: "s3", Where: "arn:aws:s3:::bucket-1", What: []string{"s3:GetObject"}, Who: "everyone", Chain: []scan.ChainStep{}}}
	return &report.Result{Summary: s, Findings: eachOf(all), Exposures: eachOf(exposures)}
}

func eachOf[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// written writes a result in a format and returns its files.
func written(t *testing.T, name string, r *report.Result, o report.Options) (parts [][]byte) {
	t.Helper()
	format, ok := report.Find(name)
	if !ok {
		t.Fatalf("there is no format %q", name)
	}
	var files []*bytes.Buffer
	err := format.Write(func(part int) (io.Writer, error) {
		if part != len(files)+1 {
			t.Errorf("part %d comes after %d", part, len(files))
		}
		files = append(files, &bytes.Buffer{})
		return files[len(files)-1], nil
	}, r, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		parts = append(parts, f.Bytes())
	}
	return parts
}
