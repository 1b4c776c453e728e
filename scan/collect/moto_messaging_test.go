package collect

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"fob/internal/mototest"
	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

const openToEveryone = `{"Version":"2012-10-17","Statement":[{"Sid":"open","Effect":"Allow","Principal":"*","Action":"ACTION","Resource":"*"}]}`

func everyone(action string) *string {
	return aws.String(strings.Replace(openToEveryone, "ACTION", action, 1))
}

// fillMessaging makes keys, topics, queues and functions, good ones and bad ones, and
// returns the ids of the keys.
func fillMessaging(t *testing.T, cfg aws.Config) (keys map[string]string) {
	t.Helper()
	ctx, keys := t.Context(), map[string]string{}
	k := kms.NewFromConfig(cfg)
	for _, name := range []string{"good", "bad", "dying"} {
		keys[name] = *must(k.CreateKey(ctx, &kms.CreateKeyInput{}))(t).KeyMetadata.KeyId
		must(k.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/" + name), TargetKeyId: aws.String(keys[name])}))(t)
	}
	must(k.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: aws.String(keys["good"])}))(t)
	must(k.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: aws.String(keys["bad"]), PolicyName: aws.String("default"), Policy: everyone("kms:*")}))(t)
	must(k.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: aws.String(keys["dying"])}))(t)

	n := sns.NewFromConfig(cfg)
	must(n.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("good"), Attributes: map[string]string{"KmsMasterKeyId": "alias/good"}}))(t)
	bad := must(n.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("bad")}))(t).TopicArn
	must(n.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: bad, AttributeName: aws.String("Policy"), AttributeValue: everyone("SNS:Publish")}))(t)

	q := sqs.NewFromConfig(cfg)
	must(q.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("good"), Attributes: map[string]string{"SqsManagedSseEnabled": "true"}}))(t)
	must(q.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("bad"), Attributes: map[string]string{"SqsManagedSseEnabled": "false", "Policy": *everyone("sqs:*")}}))(t)

	role := must(iam.NewFromConfig(cfg).CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("run"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)}))(t).Role.Arn
	l := lambda.NewFromConfig(cfg)
	for _, name := range []string{"good", "bad"} {
		in := &lambda.CreateFunctionInput{FunctionName: aws.String(name), Role: role, Handler: aws.String("x.y"), Runtime: lambdatypes.RuntimePython313, Code: &lambdatypes.FunctionCode{ZipFile: emptyZip()}}
		if name == "bad" {
			in.Runtime = lambdatypes.RuntimeNodejs14x
			in.Environment = &lambdatypes.Environment{Variables: map[string]string{"KEY": ghToken, "REGION": "eu-west-1"}}
		}
		must(l.CreateFunction(ctx, in))(t)
	}
	must(l.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: aws.String("bad"), StatementId: aws.String("open"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("*")}))(t)
	must(l.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: aws.String("bad"), StatementId: aws.String("url"), Action: aws.String("lambda:InvokeFunctionUrl"), Principal: aws.String("*")}))(t)
	return keys
}

func emptyZip() []byte {
	return append([]byte("PK\x05\x06"), make([]byte, 18)...)
}

// TestMotoMessaging reads an emulated account with keys, topics, queues and
// functions, the whole way from the wire to verdicts.
func TestMotoMessaging(t *testing.T) {
	if testing.Short() {
		t.Skip("an emulator takes seconds to start")
	}
	endpoint := mototest.Start(t)
	cfg := aws.Config{Region: "eu-west-1", Credentials: anyone(), BaseEndpoint: &endpoint}
	keys := fillMessaging(t, cfg)
	var ids []string
	for _, c := range scan.Checks() {
		if slices.Contains([]string{"kms", "sns", "sqs", "lambda"}, c.Service) {
			ids = append(ids, c.ID)
		}
	}
	plan, err := NewPlan(pick(t, ids...))
	if err != nil {
		t.Fatal(err)
	}
	out := new(bytes.Buffer)
	if err := (&Collector{Plan: plan, Endpoint: endpoint, Only: []string{"eu-west-1"}}).Run(t.Context(), theAccount(), out); err != nil {
		t.Fatal(err)
	}
	s := parse(t, out.Bytes())
	for _, l := range s.of("err") {
		if l.Op != "lambda:ListFunctionUrlConfigs" { // moto has no such call
			t.Errorf("%s of %s: %s %s", l.Op, l.Of, l.Why, l.Code)
		}
	}
	for _, l := range s.of("res") {
		for name, raw := range l.D {
			if strings.Contains(string(raw), ghToken) {
				t.Errorf("%s has a secret in %s", l.ID, name)
			}
		}
	}
	got := map[string]scan.Status{}
	for _, x := range findings(t, s, ids...) {
		got[x.Check+" "+x.Resource.ARN[strings.LastIndexAny(x.Resource.ARN, ":/")+1:]] = x.Status
	}
	for want, status := range map[string]scan.Status{
		"kms-rotation " + keys["good"]: scan.StatusPass, "kms-rotation " + keys["bad"]: scan.StatusFail, "kms-rotation " + keys["dying"]: scan.StatusNotApplicable,
		"kms-key-public " + keys["good"]: scan.StatusPass, "kms-key-public " + keys["bad"]: scan.StatusFail,
		"kms-key-pending-deletion " + keys["good"]: scan.StatusPass, "kms-key-pending-deletion " + keys["dying"]: scan.StatusFail,
		"sns-public good": scan.StatusPass, "sns-public bad": scan.StatusFail, "sns-kms good": scan.StatusPass, "sns-kms bad": scan.StatusFail,
		"sqs-public good": scan.StatusPass, "sqs-public bad": scan.StatusFail, "sqs-encryption good": scan.StatusPass, "sqs-encryption bad": scan.StatusFail,
		"lambda-public good": scan.StatusPass, "lambda-public bad": scan.StatusFail, "lambda-url-open good": scan.StatusUnknown, "lambda-url-open bad": scan.StatusUnknown,
		"lambda-env-secret good": scan.StatusPass, "lambda-env-secret bad": scan.StatusFail, "lambda-runtime-eol good": scan.StatusPass, "lambda-runtime-eol bad": scan.StatusFail,
	} {
		if got[want] != status {
			t.Errorf("%s: %s, want %s", want, got[want], status)
		}
	}
}
