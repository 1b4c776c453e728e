package cli

import "strings"

// servicePath is the path of a service's page, the console's own for "". ok is
// false for what is no service's name. The console has most services under the name
// that the AWS CLI gives them.
func servicePath(name string) (path string, ok bool) {
	switch name {
	case "":
		return "/console/home", true
	case "wafv2", "waf":
		return "/wafv2/homev2", true
	case "logs":
		return "/cloudwatch/home", true
	}
	if len(name) > 64 || !consistsOf(name, "abcdefghijklmnopqrstuvwxyz0123456789-") || strings.Trim(name, "-") != name {
		return "", false
	}
	return "/" + consoleName(name) + "/home", true
}

// consoleName is what the console calls a service, where that differs from the AWS
// CLI's name or from what people say.
func consoleName(name string) string {
	switch name {
	case "apigw", "apigatewayv2":
		return "apigateway"
	case "ce":
		return "cost-management"
	case "cfn":
		return "cloudformation"
	case "codeartifact", "codecommit":
		return "codesuite/" + name
	case "cognito-idp":
		return "cognito/v2"
	case "ddb", "dynamodb":
		return "dynamodbv2"
	case "elb", "elbv2":
		return "ec2"
	case "eventbridge":
		return "events"
	case "organizations":
		return "organizations/v2"
	case "redshift":
		return "redshiftv2"
	case "route53":
		return "route53/v2"
	case "sfn", "stepfunctions":
		return "states"
	case "ssm":
		return "systems-manager"
	case "sso", "sso-admin", "identitystore":
		return "singlesignon"
	}
	return name
}
