package scan

import "slices"

// Kinds returns every kind of resource, service by service.
func Kinds() []*Kind {
	return slices.Concat(
		accessanalyzerKinds(),
		accountKinds(),
		acmKinds(),
		cloudformationKinds(),
		cloudfrontKinds(),
		cloudtrailKinds(),
		cloudwatchKinds(),
		dynamodbKinds(),
		ec2Kinds(),
		ecrKinds(),
		ecsKinds(),
		efsKinds(),
		eksKinds(),
		elasticacheKinds(),
		elbKinds(),
		elbv2Kinds(),
		guarddutyKinds(),
		iamKinds(),
		kmsKinds(),
		lambdaKinds(),
		opensearchKinds(),
		rdsKinds(),
		redshiftKinds(),
		route53Kinds(),
		s3Kinds(),
		secretsmanagerKinds(),
		sesKinds(),
		snsKinds(),
		sqsKinds(),
		ssmKinds(),
	)
}

// Checks returns every check, service by service. A row that is not finished is not
// among them.
func Checks() []Check {
	checks, logic := rows(), tableLogic()
	for i := range checks {
		checks[i].Logic = logic[checks[i].ID]
	}
	return checks
}

func rows() []Check {
	return slices.Concat(
		accessanalyzerChecks(),
		accountChecks(),
		acmChecks(),
		cloudformationChecks(),
		cloudfrontChecks(),
		cloudtrailChecks(),
		cloudwatchChecks(),
		configChecks(),
		dynamodbChecks(),
		ec2Checks(),
		ecrChecks(),
		ecsChecks(),
		efsChecks(),
		eksChecks(),
		elasticacheChecks(),
		elbChecks(),
		elbv2Checks(),
		guarddutyChecks(),
		iamChecks(),
		kmsChecks(),
		lambdaChecks(),
		opensearchChecks(),
		rdsChecks(),
		redshiftChecks(),
		route53Checks(),
		s3Checks(),
		secretsmanagerChecks(),
		securityhubChecks(),
		sesChecks(),
		snsChecks(),
		sqsChecks(),
		ssmChecks(),
		manualChecks(),
	)
}
