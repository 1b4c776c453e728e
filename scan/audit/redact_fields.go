package audit

import (
	"slices"
	"strings"
)

// octalStar is what stands before the name of a record of Route 53 for all hosts.
const octalStar = `\052.`

// named says of a field of a record whether a person chose its value, whatever it is.
func named(field string) bool {
	return slices.Contains([]string{
		"AlarmName", "BucketName", "CacheClusterId", "CacheSubnetGroupName", "ClusterIdentifier", "ClusterName", "DBClusterIdentifier", "DBInstanceIdentifier", "DBName",
		"DBSubnetGroupName", "Family", "FilterName", "FunctionName", "GroupList", "GroupName", "Image", "Id", "KeyName", "LogGroupName",
		"LoadBalancerName", "MasterUsername", "MemberClusters", "MetricNamespace", "Name", "OriginId", "OutputKey", "ParameterKey", "PolicyName", "PolicyNames", "ReplicationGroupId", "RepositoryName", "RoleName", "S3BucketName",
		"S3KeyPrefix", "TargetBucket", "TargetOriginId", "TargetPrefix", "TopicName", "UserName", "user",
	}, field)
}

// said says of a field whether its value is what a person said, in words of any kind.
func said(field string) bool {
	return slices.Contains([]string{"Comment", "Description", "DisplayName", "Sid"}, field)
}

// saying redacts what a person said. What AWS says itself stays; of an interface it says
// whose it is.
func (r *Redactor) saying(text string) string {
	switch text {
	case "Primary network interface", "default VPC security group", "Enable IAM User Permissions", "__default_statement_ID":
		return text
	}
	name, ok := strings.CutPrefix(text, "ELB ")
	if !ok {
		return r.Name(text)
	}
	parts := strings.Split(name, "/")
	for i, p := range parts {
		if !ofService("elasticloadbalancing", p) {
			parts[i] = r.Name(p)
		}
	}
	return "ELB " + strings.Join(parts, "/")
}

// vocabulary says of a field whether its values are AWS's words: a bucket named "available"
// does not make them somebody's.
func vocabulary(field string) bool {
	for _, end := range []string{"Status", "State", "Type", "Types", "Protocol", "Protocols", "Version", "Engine", "Spec", "Usage", "Mode", "Manager", "Scheme", "Effect", "Action", "Actions", "NotAction", "Service",
		"Permission", "Ownership", "Tokens", "Runtime", "AvailabilityZone", "Region", "Date", "Time", "RecordingStrategy", "UseOnly", "AttributeName", "ParameterName", "SslPolicy", "TLSSecurityPolicy", "Field",
		"ScanFrequency", "LogExports", "URI", "Origin", "Lifecycle", "Tenancy"} {
		if strings.HasSuffix(field, end) {
			return true
		}
	}
	return false
}

// field redacts the text of a field.
func (r *Redactor) field(name, text string) string {
	switch {
	case name == "claim":
		return r.claim(text)
	case said(name):
		return r.saying(text)
	case name == "Name" && strings.Contains(text, "."):
		rest := strings.TrimPrefix(text, octalStar)
		return text[:len(text)-len(rest)] + r.Text(rest)
	case named(name) && !strings.HasPrefix(text, "arn:"):
		return r.pieces(text)
	case vocabulary(name) && r.vocable.MatchString(text) && !strings.HasPrefix(text, "arn:"):
		return r.accountsIn(text)
	}
	return r.Text(text)
}

// pieces redacts a name that may be a path, or an image with its registry.
func (r *Redactor) pieces(text string) string {
	if r.words[text] || r.long[text] {
		return r.Name(text)
	}
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, "/:")
		if i < 0 {
			i = len(text)
		}
		if strings.Contains(text[:i], ".") {
			b.WriteString(r.Text(text[:i]))
		} else {
			b.WriteString(r.pattern(text[:i]))
		}
		b.WriteString(text[i:min(i+1, len(text))])
		text = text[min(i+1, len(text)):]
	}
	return b.String()
}

// learnField takes the names in a field: those in it by its meaning, and hosts.
func (r *Redactor) learnField(name string, v any) {
	switch v := v.(type) {
	case string:
		text := strings.TrimPrefix(strings.TrimSuffix(v, "."), octalStar)
		switch {
		case r.hostname.MatchString(text) && slices.Contains([]string{"Address", "Aliases", "DNSName", "DomainName", "Endpoint", "Items", "Name", "Value"}, name):
			r.learnHost(text)
		case said(name) && r.saying(v) != v && !strings.HasPrefix(v, "ELB "), named(name) && !strings.ContainsAny(v, "*?$:/ {\\"):
			r.learn(v)
		}
	case []any:
		for _, x := range v {
			if _, deeper := x.(map[string]any); deeper {
				r.learnField("", x)
			} else {
				r.learnField(name, x)
			}
		}
	case map[string]any:
		for k, x := range v {
			if name == "Policies" {
				r.learn(k) // SES has them by name
			}
			r.learnField(k, x)
		}
	}
}

// learnHost takes the name of a host that AWS did not give.
func (r *Redactor) learnHost(name string) {
	name = strings.TrimPrefix(strings.TrimSuffix(name, "."), "*.")
	if strings.Contains(name, ".") && !hostOfAWS(name) && !slices.Contains(r.shared, name) {
		r.learn(name)
	}
}

// claim redacts a value that an issuer for everybody's use puts into a token: what stands
// before a colon is its own word, and so are the kinds of references.
func (r *Redactor) claim(text string) string {
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, ":/@")
		part := text
		if i >= 0 {
			part = text[:i]
		}
		switch {
		case slices.Contains(claimWords(), part), strings.HasSuffix(part, ".amazonaws.com"):
			b.WriteString(part)
		default:
			b.WriteString(r.pattern(part))
		}
		if i < 0 {
			break
		}
		b.WriteByte(text[i])
		text = text[i+1:]
	}
	return b.String()
}

func claimWords() []string {
	return []string{"repo", "repository", "repository_id", "repository_owner", "repository_owner_id", "repository_visibility", "private", "internal", "enterprise", "enterprise_id", "environment", "ref", "refs", "heads", "tags", "pull_request", "job_workflow_ref",
		".github", "workflows", "workflow", "project_path", "ref_type", "branch", "tag", "organization", "project", "workspace", "run_phase", "account", "owner", "pipeline", "commit", "step", "authenticated", "unauthenticated"}
}

// fieldName redacts the name of a field, if a person had a part in it: the host of an issuer in
// a condition.
func (r *Redactor) fieldName(k string) string {
	host, _, _ := strings.Cut(k, ":")
	switch {
	case isAccountID(k):
		return r.Account(k)
	case !strings.Contains(host, "."), slices.Contains(r.shared, host):
		return r.accountsIn(k)
	}
	return r.Text(host) + k[len(host):]
}

// hostOfAWS says whether AWS gives the names in a domain.
func hostOfAWS(text string) bool {
	text = strings.TrimSuffix(text, ".")
	for _, domain := range []string{"amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "on.aws", "api.aws", "cloudfront.net", "awsglobalaccelerator.com", "awsapprunner.com", "amazonaws-china.com", "elasticbeanstalk.com", "compute.internal", "ec2.internal", "acm-validations.aws"} {
		if text == domain || strings.HasSuffix(text, "."+domain) {
			return true
		}
	}
	return false
}
