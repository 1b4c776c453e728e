package scan_test

import (
	"fmt"
	"strings"
	"testing"

	"fob/scan"
)

const head = `{"k":"head","v":1,"at":"2026-11-22T18:40:00Z","partition":"aws"}` + "\n"

func load(t *testing.T, lines string) []*scan.Facts {
	t.Helper()
	facts, err := scan.Load(strings.NewReader(head+lines), scan.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func judge(facts *scan.Facts, id string) (out []scan.Finding) {
	var checks []scan.Check
	for _, c := range scan.Checks() {
		if c.ID == id {
			checks = append(checks, c)
		}
	}
	scan.Judge(facts, checks, scan.Options{}, func(x scan.Finding) { out = append(out, x) })
	return out
}

// TestGroupKeepsItsFinding: tomorrow's snapshot of the same volume is no new finding.
func TestGroupKeepsItsFinding(t *testing.T) {
	finding := func(id, start string) scan.Finding {
		lines := `{"k":"scope","a":"123456789012","r":"eu-west-1","s":"read"}` + "\n" +
			`{"k":"unit","a":"123456789012","r":"eu-west-1","op":"ec2:DescribeSnapshots","s":"end"}` + "\n" +
			fmt.Sprintf(`{"k":"res","a":"123456789012","r":"eu-west-1","t":"AWS::EC2::Snapshot","id":"arn:aws:ec2:eu-west-1:123456789012:snapshot/%s","n":"%s","d":{"SnapshotId":"%s","VolumeId":"vol-1","Encrypted":false,"StartTime":"%s"}}`, id, id, id, start)
		all := judge(load(t, lines)[0], "ec2-ebs-snapshot-encrypted")
		if len(all) != 1 || all[0].Status != scan.StatusFail {
			t.Fatalf("findings: %+v", all)
		}
		return all[0]
	}
	today, tomorrow := finding("snap-1", "2026-11-22T00:00:00Z"), finding("snap-2", "2026-11-23T00:00:00Z")
	if today.ID != tomorrow.ID || today.Resource.Name == tomorrow.Resource.Name {
		t.Errorf("%s of %s became %s of %s", today.ID, today.Resource.Name, tomorrow.ID, tomorrow.Resource.Name)
	}
}

// TestOrganizationAnalyzer: the analyzer of one account counts for the others of its
// organization, and for nobody else.
func TestOrganizationAnalyzer(t *testing.T) {
	var lines strings.Builder
	for _, id := range []string{"111111111111", "222222222222", "333333333333"} {
		fmt.Fprintf(&lines, `{"k":"scope","a":"%s","r":"eu-west-1","s":"read"}`+"\n", id)
		fmt.Fprintf(&lines, `{"k":"unit","a":"%s","r":"eu-west-1","op":"access-analyzer:ListAnalyzers","s":"end"}`+"\n", id)
	}
	for _, id := range []string{"111111111111", "222222222222"} {
		fmt.Fprintf(&lines, `{"k":"res","a":"%s","r":"global","t":"AWS::Account","id":"%s","d":{"Organization":{"Id":"o-1"}}}`+"\n", id, id)
	}
	lines.WriteString(`{"k":"res","a":"111111111111","r":"eu-west-1","t":"AWS::AccessAnalyzer::Analyzer","id":"arn:a","n":"org","d":{"Type":"ORGANIZATION","Status":"ACTIVE"}}`)
	facts := load(t, lines.String())
	scan.ShareAnalyzers(facts)
	for i, want := range []scan.Status{scan.StatusPass, scan.StatusPass, scan.StatusFail} {
		if got := judge(facts[i], "accessanalyzer-enabled"); len(got) != 1 || got[0].Status != want {
			t.Errorf("account %s: %+v, want %s", facts[i].Account, got, want)
		}
	}
}

// TestLastWordCounts: what a resumed scan read takes the place of an earlier refusal.
func TestLastWordCounts(t *testing.T) {
	lines := `{"k":"scope","a":"123456789012","r":"eu-west-1","s":"read"}
{"k":"err","a":"123456789012","r":"eu-west-1","op":"access-analyzer:ListAnalyzers","why":"cancelled"}
{"k":"unit","a":"123456789012","r":"eu-west-1","op":"access-analyzer:ListAnalyzers","s":"end"}`
	if got := judge(load(t, lines)[0], "accessanalyzer-enabled"); len(got) != 1 || got[0].Status != scan.StatusFail {
		t.Errorf("%+v", got)
	}
}
