package scan

// Parameter is a setting of a check that a configuration may give.
type Parameter struct {
	Check, Name string
	Takes       ParameterType
	Normal      string // what it is where no configuration sets it, a list with commas; "" for an empty one
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
		{"acm-expiring", "days", TakesNumber, "30"},
		{"cloudtrail-cloudwatch", "days", TakesNumber, "1"},
		{"cloudtrail-delivery-failing", "days", TakesNumber, "1"},
		{"iam-policy-admin-star", "roles", TakesTexts, "AWSReservedSSO_*"}, // globs of the names of roles that are meant to be administrators
		{"iam-role-unused", "days", TakesNumber, "90"},
		{"iam-root-recent-use", "days", TakesNumber, "90"},
		{"iam-user-key-age", "days", TakesNumber, "90"},
		{"iam-user-key-unused", "days", TakesNumber, "45"},
		{"iam-user-password-unused", "days", TakesNumber, "45"},
		{"lambda-runtime-eol", "deprecated", TakesTexts, ""}, // runtimes, whatever AWS says of them; so the next
		{"lambda-runtime-eol", "supported", TakesTexts, ""},
		{"rds-backup-retention", "days", TakesNumber, "7"},
		{"rds-ca-cert", "days", TakesNumber, "90"},
		{"vpc-sg-other-open", "allowed_public_ports", TakesNumbers, "80, 443"},
	}
}
