package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
)

func acmOperations() []operation {
	return []operation{{name: "acm:ListCertificates", list: listCertificates}}
}

// listCertificates asks for all kinds of keys: unasked, ACM gives those of RSA up to
// 2048 bits.
func listCertificates(ctx context.Context, c *clients, emit func(item)) error {
	all := &types.Filters{KeyTypes: types.KeyAlgorithm("").Values()}
	return eachPage(ctx, c.acm().ListCertificates, &acm.ListCertificatesInput{Includes: all, MaxItems: aws.Int32(1000)},
		func(in *acm.ListCertificatesInput, out *acm.ListCertificatesOutput) (*string, error) {
			for _, x := range out.CertificateSummaryList {
				data, err := parts(x)
				if err != nil {
					return nil, err
				}
				emit(item{Type: "AWS::CertificateManager::Certificate", ARN: aws.ToString(x.CertificateArn), Name: aws.ToString(x.DomainName), Data: data})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}
