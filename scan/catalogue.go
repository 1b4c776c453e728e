package scan

import "slices"

// Kinds returns every kind of resource, service by service.
func Kinds() []*Kind {
	return slices.Concat(
		accessanalyzerKinds(),
		accountKinds(),
		iamKinds(),
		ec2Kinds(),
		guarddutyKinds(),
		s3Kinds(),
	)
}

// Checks returns every check, service by service. A row that is not finished is not
// among them.
func Checks() []Check {
	return slices.Concat(
		iamChecks(),
		accessanalyzerChecks(),
		accountChecks(),
		configChecks(),
		ec2Checks(),
		guarddutyChecks(),
		s3Checks(),
		securityhubChecks(),
	)
}
