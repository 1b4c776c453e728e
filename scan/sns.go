package scan

import "fob/scan/policy"

// Topic is an SNS topic.
type Topic struct {
	Resource
	Policy Val[policy.Document] `op:"sns:GetTopicAttributes"`
	// KmsMasterKeyId is absent for a topic that is not encrypted.
	KmsMasterKeyId Val[string] `op:"sns:GetTopicAttributes"`
}

var topics = newKind[Topic]("AWS::SNS::Topic", "sns", Regional, "sns:ListTopics")

func snsKinds() []*Kind { return []*Kind{topics.Kind} }

func snsChecks() []Check {
	return []Check{
		Each(topics, Check{
			ID: "sns-public", Title: "Topic policy open to everyone", Severity: High,
			Service: "sns", Type: "AWS::SNS::Topic",
			Why:   "Anybody can read what is published by subscribing, or send messages to the subscribers.",
			Fix:   "Name the accounts and services that may use the topic, or bind the statement with aws:PrincipalOrgID, aws:SourceAccount or aws:SourceArn.",
			Refs:  []string{"cis-7.0:2.21", "scoutsuite:sns-topic-world-policy"},
			Needs: []string{"Policy"},
		}, func(t *Topic, _ *Params) Verdict {
			return openPolicy("Policy", t.Policy, policy.Query{})
		}),
		Each(topics, Check{
			ID: "sns-kms", Title: "Topic not encrypted", Severity: Low,
			Service: "sns", Type: "AWS::SNS::Topic",
			Why:   "Messages lie in clear on AWS's disks until they are delivered, and no key decides who may read them.",
			Fix:   "Set a KMS key for the topic; one of the account's own where publishers are services of AWS.",
			Refs:  []string{"fsbp:SNS.1"},
			Needs: []string{"KmsMasterKeyId"},
		}, func(t *Topic, _ *Params) Verdict {
			if t.KmsMasterKeyId.V != "" {
				return Pass("messages are encrypted with %s", t.KmsMasterKeyId.V)
			}
			return Fail("messages are not encrypted").At("KmsMasterKeyId", nil)
		}),
	}
}
