package scan

import (
	"slices"
	"strings"
)

// SSMDocument is a document of Systems Manager that the account owns.
type SSMDocument struct {
	Resource
	DocumentType string
	// AccountIds are the accounts that it is shared with; "all" is everyone, which
	// AWS writes with a capital, too.
	AccountIds Val[[]string] `op:"ssm:DescribeDocumentPermission"`
}

var ssmDocuments = newKind[SSMDocument]("AWS::SSM::Document", "ssm", Regional, "ssm:ListDocuments")

func ssmKinds() []*Kind { return []*Kind{ssmDocuments.Kind} }

func ssmChecks() []Check {
	return []Check{
		Each(ssmDocuments, Check{
			ID: "ssm-document-public", Title: "SSM document shared with everyone", Severity: High,
			Service: "ssm", Type: "AWS::SSM::Document",
			Why:   "Anyone with an AWS account can read the document; scripts tell names, addresses and often credentials.",
			Fix:   "Take the group all off the document's share permission, share it with single accounts, and block public sharing in the region's Systems Manager settings.",
			Refs:  []string{"fsbp:SSM.4"},
			Needs: []string{"AccountIds"},
		}, func(d *SSMDocument, _ *Params) Verdict {
			switch {
			case slices.ContainsFunc(d.AccountIds.V, func(id string) bool { return strings.EqualFold(id, "all") }):
				return Fail("the document is shared with all AWS accounts").At("AccountIds", d.AccountIds.V)
			case len(d.AccountIds.V) > 0:
				return Pass("the document is shared with %s only", someNames(d.AccountIds.V))
			}
			return Pass("the document is not shared")
		}),
	}
}
