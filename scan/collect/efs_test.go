package collect

import (
	"net/http"
	"testing"
)

func TestEFS(t *testing.T) {
	aws := newStandIn(t)
	system := func(id, more string) string {
		return `{"FileSystemId":"` + id + `","FileSystemArn":"arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/` + id + `","NumberOfMountTargets":1` + more + `}`
	}
	aws.on("elasticfilesystem:GET /2015-02-01/file-systems", func(w http.ResponseWriter, q asked) {
		if q.URL.Query().Get("Marker") == "" {
			body(`{"FileSystems":[`+system("fs-1", `,"Encrypted":true,"Name":"home"`)+`,`+system("fs-2", `,"Encrypted":false`)+`],"NextMarker":"2"}`)(w, q)
			return
		}
		body(`{"FileSystems":[`+system("fs-3", "")+`]}`)(w, q)
	})
	const policy = "elasticfilesystem:GET /2015-02-01/file-systems/"
	aws.on(policy+"fs-1/policy", body(`{"FileSystemId":"fs-1","Policy":`+openTo(`{"AWS":"*"}`, "elasticfilesystem:ClientMount")+`}`))
	aws.on(policy+"fs-2/policy", jsonError(404, "PolicyNotFound", "none"))
	aws.on(policy+"fs-3/policy", jsonError(403, "AccessDeniedException", "no"))
	got, _ := judged(t, aws, "efs-encrypted", "efs-public-policy")
	wants(t, got, `
efs-encrypted     home PASS
efs-encrypted     fs-2 FAIL
efs-encrypted     fs-3 UNKNOWN
efs-public-policy home FAIL
efs-public-policy fs-2 FAIL
efs-public-policy fs-3 UNKNOWN`)
}
