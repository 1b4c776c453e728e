package collect

import (
	"strings"
	"testing"
)

func TestCloudFormation(t *testing.T) {
	aws := newStandIn(t)
	stack := func(name, more string) string {
		return `<member><StackName>` + name + `</StackName><StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/` + name + `/1</StackId><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>` + more + `</member>`
	}
	out := func(key, value string) string {
		return `<Outputs><member><OutputKey>` + key + `</OutputKey><OutputValue>` + value + `</OutputValue></member></Outputs>`
	}
	in := func(key, value, resolved string) string {
		return `<Parameters><member><ParameterKey>` + key + `</ParameterKey><ParameterValue>` + value + `</ParameterValue>` + resolved + `</member></Parameters>`
	}
	aws.on("cloudformation:DescribeStacks", body(`<DescribeStacksResponse><DescribeStacksResult><Stacks>`+strings.Join([]string{
		stack("out", out("DbPassword", "Tr0ub4dor-3x")),
		stack("in", in("DbPassword", "Tr0ub4dor-4x", "")),
		stack("resolved", in("DbPassword", "/app/Password1", "<ResolvedValue>Tr0ub4dor-5x</ResolvedValue>")),
		stack("noecho", in("DbPassword", "****", "")+out("Url", "https://www.example.com/4711-ab")),
		stack("empty", ""),
	}, "")+`</Stacks></DescribeStacksResult></DescribeStacksResponse>`))
	got, s := judged(t, aws, "cfn-output-secret")
	wants(t, got, `
cfn-output-secret out      FAIL
cfn-output-secret in       FAIL
cfn-output-secret resolved FAIL
cfn-output-secret noecho   PASS
cfn-output-secret empty    PASS`)
	for _, value := range []string{"Tr0ub4dor", "4711-ab", "Password1"} {
		if s.holds(t, value) {
			t.Errorf("the snapshot has %s", value)
		}
	}
}
