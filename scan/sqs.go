package scan

import "fob/scan/policy"

// Queue is an SQS queue.
type Queue struct {
	Resource
	QueueUrl string
	// Policy is absent for a queue that only its own account may use.
	Policy Val[policy.Document] `op:"sqs:GetQueueAttributes"`
	// KmsMasterKeyId is absent for a queue that no KMS key encrypts.
	KmsMasterKeyId Val[string] `op:"sqs:GetQueueAttributes"`
	// SqsManagedSseEnabled is "true" for a queue that a key of SQS encrypts.
	SqsManagedSseEnabled Val[string] `op:"sqs:GetQueueAttributes"`
}

var queues = newKind[Queue]("AWS::SQS::Queue", "sqs", Regional, "sqs:ListQueues")

func sqsKinds() []*Kind { return []*Kind{queues.Kind} }

func sqsChecks() []Check {
	return []Check{
		Each(queues, Check{
			ID: "sqs-public", Title: "Queue policy open to everyone", Severity: High,
			Service: "sqs", Type: "AWS::SQS::Queue",
			Why:   "Anybody can take messages away, read them, or have the consumers work on forged ones.",
			Fix:   "Name the accounts and services that may use the queue, or bind the statement with aws:SourceArn or aws:PrincipalOrgID.",
			Refs:  []string{"cis-7.0:2.21", "scoutsuite:sqs-queue-world-policy"},
			Needs: []string{"Policy"},
		}, func(q *Queue, _ *Params) Verdict {
			return openPolicy("Policy", q.Policy, policy.Query{})
		}),
		Each(queues, Check{
			ID: "sqs-encryption", Title: "Queue not encrypted", Severity: Low,
			Service: "sqs", Type: "AWS::SQS::Queue",
			Why:   "Messages lie in clear on AWS's disks until they are consumed.",
			Fix:   "Enable encryption with a key of SQS (SqsManagedSseEnabled), or with a KMS key where reading is to be controlled by one.",
			Refs:  []string{"fsbp:SQS.1", "scoutsuite:sqs-queue-server-side-encryption-disabled"},
			Needs: []string{"KmsMasterKeyId", "SqsManagedSseEnabled"},
		}, queueEncryption),
	}
}

func queueEncryption(q *Queue, _ *Params) Verdict {
	switch {
	case q.KmsMasterKeyId.V != "":
		return Pass("messages are encrypted with %s", q.KmsMasterKeyId.V)
	case q.SqsManagedSseEnabled.V == "true":
		return Pass("messages are encrypted with a key of SQS")
	}
	return Fail("messages are not encrypted").At("KmsMasterKeyId", nil).At("SqsManagedSseEnabled", q.SqsManagedSseEnabled.V)
}
