package collect

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"fob/scan"
)

// TestResumeThrough stops a scan at each of its calls and goes on. Operations that work
// with the answers of others have had half of them then: in the end nothing may miss.
func TestResumeThrough(t *testing.T) {
	ids := []string{"opensearch-public", "opensearch-tls", "s3-bucket-versioning", "ecs-privileged", "kms-rotation"}
	bubble(t, func(t *testing.T) {
		s := newSimulated()
		s.answers["ec2:DescribeRegions"] = regionList("eu-west-1")
		s.answers["es:ListDomainNames"] = body(`{"DomainNames":[{"DomainName":"logs"}]}`)
		s.answers["es:DescribeDomains"] = body(`{"DomainStatusList":[{"DomainName":"logs","ARN":"arn:aws:es:eu-west-1:123456789012:domain/logs","DomainId":"1","ClusterConfig":{},
			"EncryptionAtRestOptions":{"Enabled":true},"NodeToNodeEncryptionOptions":{"Enabled":true},"AccessPolicies":` + openTo(`{"AWS":"*"}`, "es:*") + `}]}`)
		s.answers["s3:ListBuckets"] = body(`<ListAllMyBucketsResult><Buckets><Bucket><Name>data</Name></Bucket></Buckets></ListAllMyBucketsResult>`)
		s.answers["s3:HeadBucket"] = func(w http.ResponseWriter, _ asked) { w.Header().Set("X-Amz-Bucket-Region", "eu-west-1") }
		s.answers["s3:GetBucketVersioning"] = body(versioned)
		s.answers["ecs:ListTaskDefinitionFamilies"] = body(`{"families":["web"]}`)
		s.answers["ecs:DescribeTaskDefinition"] = body(`{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1","family":"web","revision":1,"status":"ACTIVE",
			"containerDefinitions":[{"name":"web","image":"web","privileged":true}]}}`)
		s.answers["kms:ListAliases"] = body(`{"Aliases":[{"AliasArn":"arn:aws:kms:eu-west-1:123456789012:alias/own","AliasName":"alias/own","TargetKeyId":"k-1"}]}`)
		s.answers["kms:ListKeys"] = body(`{"Keys":[{"KeyArn":"arn:aws:kms:eu-west-1:123456789012:key/k-1","KeyId":"k-1"}]}`)
		s.answers["kms:DescribeKey"] = body(`{"KeyMetadata":{"KeyId":"k-1","KeyManager":"CUSTOMER","KeyState":"Enabled","KeySpec":"SYMMETRIC_DEFAULT","KeyUsage":"ENCRYPT_DECRYPT","Origin":"AWS_KMS"}}`)
		s.answers["kms:GetKeyRotationStatus"] = body(`{"KeyRotationEnabled":false}`)
		want, err := runInto(t, s.collector(t, ids...), theAccount())
		if err != nil || !*want.end(t).Complete {
			t.Fatalf("err = %v, errors %+v", err, want.of("err"))
		}
		verdicts := verdictsOf(t, want, ids...)
		for _, id := range ids {
			if !slices.ContainsFunc(verdicts, func(v string) bool {
				return strings.Contains(v, id) && !strings.Contains(v, string(scan.StatusUnknown))
			}) {
				t.Errorf("%s has no verdict", id)
			}
		}
		for stop := 1; ; stop++ {
			ctx, cancel := context.WithCancel(t.Context())
			count := &tally{calls: map[work]int{}, stop: stop, fire: cancel}
			s.seen = count.seen
			out := new(bytes.Buffer)
			err := s.collector(t, ids...).Run(ctx, theAccount(), out)
			cancel()
			s.seen = nil
			if err == nil { // it has no more calls
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			got := resume(t, s.collector(t, ids...), out.Bytes())
			if a := verdictsOf(t, got, ids...); !slices.Equal(a, verdicts) {
				t.Errorf("stopped at call %d:\n%v, want\n%v", stop, strings.Join(a, "\n"), strings.Join(verdicts, "\n"))
			}
		}
	})
}
