package scan

// ExposureSchema is the version of a line about something reachable from outside.
const ExposureSchema = "fob.exposure/1"

// Exposure is something that is reachable from outside the account: an address, a name,
// a bucket, a queue, a topic, a role, a URL; and the chain that makes it so.
type Exposure struct {
	Schema   string      `json:"schema"`
	Account  AccountRef  `json:"account"`
	Region   string      `json:"region"`
	Service  string      `json:"service"`
	Resource ResourceRef `json:"resource"`
	// Where is what somebody outside would use: "203.0.113.7", "https://…", an ARN.
	Where string `json:"where"`
	// What may be done there: "tcp 22, 443", "s3:GetObject", "sts:AssumeRole".
	What []string `json:"what"`
	// Who may: "everyone", "account 210987654321".
	Who string `json:"who"`
	// Chain is what joins up to it, one step each, outermost first.
	Chain []ChainStep `json:"chain"`
	// Unread is what decides and was not read: then it may or may not be reachable.
	Unread []*ReadError `json:"unread,omitempty"`
}

// ChainStep is one link: the resource, and what of it lets the next be reached.
type ChainStep struct {
	ARN  string `json:"arn"`
	Type string `json:"type"`
	Says string `json:"says"`
}

// Surface returns everything of an account that is reachable from outside, sorted by
// service, region and ARN.
func Surface(f *Facts) []Exposure {
	var out []Exposure
	return out
}
