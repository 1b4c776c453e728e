package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
)

func guarddutyOperations() []operation {
	return []operation{
		{name: "guardduty:ListDetectors", list: listDetectors},
		{name: "guardduty:GetDetector", of: "AWS::GuardDuty::Detector", read: getDetector},
	}
}

func listDetectors(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.guardduty().ListDetectors, &guardduty.ListDetectorsInput{MaxResults: aws.Int32(50)},
		func(in *guardduty.ListDetectorsInput, out *guardduty.ListDetectorsOutput) (*string, error) {
			for _, id := range out.DetectorIds {
				emit(item{Type: "AWS::GuardDuty::Detector", Name: id, ARN: "arn:" + c.partition + ":guardduty:" + c.region + ":" + c.accountID + ":detector/" + id})
			}
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
}

func getDetector(ctx context.Context, c *clients, d *item) (fields, error) {
	out, err := c.guardduty().GetDetector(ctx, &guardduty.GetDetectorInput{DetectorId: &d.Name})
	if err != nil {
		return nil, err
	}
	if out.Status == "" {
		return nil, errLeftOut
	}
	return fields{"Status": out.Status, "Features": orNone(out.Features)}, nil
}
