package collect

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fob/scan"
)

// smallECS has a cluster of eleven services, whose old revision web:3 runs beside the
// latest, and a second cluster without any.
func smallECS(t *testing.T) *standIn {
	aws := newStandIn(t)
	const arn = "arn:aws:ecs:eu-west-1:123456789012:"
	aws.on("ecs:ListClusters", body(`{"clusterArns":["`+arn+`cluster/a","`+arn+`cluster/b"]}`))
	aws.on("ecs:ListServices", func(w http.ResponseWriter, q asked) {
		var all []string
		for n := range 11 {
			all = append(all, fmt.Sprintf(`"%sservice/a/s%d"`, arn, n))
		}
		if !strings.Contains(q.sent, "cluster/a") {
			all = nil
		}
		body(`{"serviceArns":[`+strings.Join(all, ",")+`]}`)(w, q)
	})
	aws.on("ecs:DescribeServices", func(w http.ResponseWriter, q asked) {
		if strings.Count(q.sent, "service/") > 10 {
			t.Errorf("asked for %s", q.sent)
		}
		body(`{"services":[{"taskDefinition":"`+arn+`task-definition/web:7","deployments":[{"taskDefinition":"`+arn+`task-definition/web:7"},{"taskDefinition":"`+arn+`task-definition/web:3"}]}],
			"failures":[{"arn":"`+arn+`service/a/s9","reason":"MISSING"}]}`)(w, q)
	})
	aws.on("ecs:ListTaskDefinitionFamilies", body(`{"families":["web","job"]}`))
	define := func(family, revision, container string) string {
		return `{"taskDefinition":{"taskDefinitionArn":"` + arn + `task-definition/` + family + `:` + revision + `","family":"` + family + `","revision":` + revision + `,"networkMode":"host","containerDefinitions":[` + container + `]}}`
	}
	aws.on("ecs:DescribeTaskDefinition", asking(map[string]string{
		`"web"`:   define("web", "7", `{"name":"app","user":"1000","environment":[{"name":"REGION","value":"eu-west-1"},{"name":"DB_PASSWORD","value":"Tr0ub4dor&3"}],"command":["--pin=4711-ab"]}`),
		`/web:3"`: define("web", "3", `{"name":"app","privileged":true}`),
		`"job"`:   define("job", "1", `{"name":"app","user":"1000","environment":[{"name":"DB_PASSWORD","value":"password"}],"secrets":[{"name":"API_KEY","valueFrom":"arn:aws:ssm:eu-west-1:123456789012:parameter/key"}]}`),
	}))
	return aws
}

// TestECS: of all revisions the latest of each family is read and those that run, each
// once, and no value of the environment is kept.
func TestECS(t *testing.T) {
	aws := smallECS(t)
	got, s := judged(t, aws, "ecs-privileged", "ecs-env-secret")
	wants(t, got, `
ecs-privileged web:7 PASS
ecs-privileged web:3 FAIL
ecs-privileged job:1 PASS
ecs-env-secret web:7 FAIL
ecs-env-secret web:3 PASS
ecs-env-secret job:1 PASS`)
	for op, times := range map[string]int{"ListClusters": 1, "ListServices": 2, "DescribeServices": 2, "ListTaskDefinitionFamilies": 1, "DescribeTaskDefinition": 3} {
		if n := aws.made("ecs:" + op); n != times {
			t.Errorf("%d calls of %s, want %d", n, op, times)
		}
	}
	for _, secret := range []string{"Tr0ub4dor", "4711-ab", "eu-west-1\"}]", "value"} {
		if s.holds(t, secret) {
			t.Errorf("the snapshot has %s", secret)
		}
	}
	web := scan.Find[scan.TaskDefinition](s.facts, "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7")
	if found := web.ContainerDefinitions[0].Environment[1].Secrets; len(found) != 1 || found[0].Length != 11 || found[0].Hash == "" {
		t.Errorf("found %+v", found)
	}
}

// TestECSDenied: what was refused is told once, by its own name, and the rest is judged.
func TestECSDenied(t *testing.T) {
	for op, left := range map[string]string{
		"ecs:ListClusters":               "web:7 job:1",
		"ecs:ListServices":               "web:7 job:1",
		"ecs:DescribeServices":           "web:7 job:1",
		"ecs:ListTaskDefinitionFamilies": "web:7 web:3",
		"ecs:DescribeTaskDefinition":     "",
	} {
		t.Run(op, func(t *testing.T) {
			aws := smallECS(t)
			if op == "ecs:ListTaskDefinitionFamilies" {
				detail := aws.answers["ecs:DescribeTaskDefinition"]
				aws.on("ecs:DescribeTaskDefinition", func(w http.ResponseWriter, q asked) {
					q.sent = strings.ReplaceAll(q.sent, `/web:7"`, `"web"`) // asked for by its ARN
					q.sent = strings.ReplaceAll(q.sent, `task-definition"web"`, `"web"`)
					detail(w, q)
				})
			}
			aws.on(op, jsonError(400, "AccessDeniedException", "no"))
			got, s := judged(t, aws, "ecs-privileged")
			want := "ecs-privileged * UNKNOWN"
			for _, name := range strings.Fields(left) {
				want += "\necs-privileged " + name + map[bool]string{true: " FAIL", false: " PASS"}[name == "web:3"]
			}
			wants(t, got, want)
			errs := s.of("err")
			if len(errs) != 1 || errs[0].Op != op || errs[0].Why != scan.Denied {
				t.Errorf("errors %+v", errs)
			}
		})
	}
}
