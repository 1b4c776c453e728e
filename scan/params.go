package scan

// Parameter is a setting of a check that a configuration may give.
type Parameter struct {
	Check, Name string
	Takes       ParameterType
}

// ParameterType says what a parameter takes.
type ParameterType string

// The types of parameters.
const (
	TakesNumber  ParameterType = "a whole number"
	TakesNumbers ParameterType = "a list of whole numbers"
	TakesTexts   ParameterType = "a list of texts"
)

// Parameters are the settings of all checks. What a row asks its [Params] for and is not
// here cannot be configured; a test holds the rows against it.
func Parameters() []Parameter {
	return []Parameter{
		{"acm-expiring", "days", TakesNumber},
		{"cloudtrail-cloudwatch", "days", TakesNumber},
		{"cloudtrail-delivery-failing", "days", TakesNumber},
		{"iam-policy-admin-star", "roles", TakesTexts}, // globs of the names of roles that are meant to be administrators
		{"iam-role-unused", "days", TakesNumber},
		{"iam-root-recent-use", "days", TakesNumber},
		{"iam-user-key-age", "days", TakesNumber},
		{"iam-user-key-unused", "days", TakesNumber},
		{"iam-user-password-unused", "days", TakesNumber},
		{"lambda-runtime-eol", "deprecated", TakesTexts}, // runtimes, whatever AWS says of them; so the next
		{"lambda-runtime-eol", "supported", TakesTexts},
		{"rds-backup-retention", "days", TakesNumber},
		{"rds-ca-cert", "days", TakesNumber},
		{"vpc-sg-other-open", "allowed_public_ports", TakesNumbers},
	}
}
