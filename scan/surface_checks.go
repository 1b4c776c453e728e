package scan

import "cmp"

// exposing is a check whose failure is a way in: who may do what.
type exposing struct {
	check string
	who   string
	what  []string
	// scheme, if there is one, makes the name of a resource what somebody outside would
	// use, and name tells it from the facts; else it is the ARN.
	scheme string
	name   outsideName
	// least leaves out failures that are milder: those say that something else closes the
	// way.
	least Severity
}

// exposingChecks are the ways in that one check tells by itself. A failure becomes an
// exposure, an unknown verdict one that is not sure, and so does a failure that lacks what
// may close the way. Rows whose check there is not are left out.
func exposingChecks() []exposing {
	invoke := []string{"lambda:InvokeFunction"}
	outsiders := "outside accounts"
	return []exposing{
		{check: "s3-bucket-policy-public-read", who: Everyone, what: []string{"read or list objects"}, scheme: "s3://"},
		{check: "s3-bucket-policy-public-write", who: Everyone, what: []string{"write or delete objects"}, scheme: "s3://"},
		{check: "s3-bucket-acl-public-read", who: Everyone, what: []string{"read or list objects"}, scheme: "s3://"},
		{check: "s3-bucket-acl-public-write", who: Everyone, what: []string{"write or delete objects"}, scheme: "s3://"},
		{check: "s3-bucket-cross-account", who: outsiders, what: []string{"what the policy says"}, scheme: "s3://"},
		{check: "ec2-ebs-snapshot-public", who: Everyone, what: []string{"restore and read the volume"}, least: Medium},
		{check: "ec2-ami-public", who: Everyone, what: []string{"start the image and read its disks"}},
		{check: "iam-role-trust-oidc-open", who: "customers of a shared issuer", what: []string{"sts:AssumeRoleWithWebIdentity"}},
		{check: "rds-public", who: Everyone, what: []string{"connect to the database"}, name: databaseHost, least: Medium},
		{check: "rds-snapshot-public", who: Everyone, what: []string{"restore and read the database"}},
		{check: "redshift-public", who: Everyone, what: []string{"connect to the warehouse"}, name: warehouseHost, least: Medium},
		{check: "opensearch-public", who: Everyone, what: []string{"search and change the domain"}, name: searchURL},
		{check: "lambda-public", who: Everyone, what: invoke},
		{check: "lambda-url-open", who: Everyone, what: []string{"lambda:InvokeFunctionUrl"}, name: functionURL},
		{check: "sns-public", who: Everyone, what: []string{"what the policy says"}},
		{check: "sqs-public", who: Everyone, what: []string{"what the policy says"}, name: queueURL},
		{check: "kms-key-public", who: Everyone, what: []string{"what the policy says"}},
		{check: "secretsmanager-public", who: Everyone, what: []string{"read the secret"}},
		{check: "ecr-public-policy", who: Everyone, what: []string{"what the policy says"}, name: repositoryHost},
		{check: "dynamodb-public-policy", who: outsiders, what: []string{"what the policy says"}},
		{check: "efs-public-policy", who: "whoever reaches a mount target", what: []string{"mount the file system"}},
		{check: "eks-public-endpoint", who: Everyone, what: []string{"reach the cluster's API"}, name: clusterURL},
		{check: "ssm-document-public", who: Everyone, what: []string{"read and use the document"}},
		{check: "ses-public", who: Everyone, what: []string{"send mail in the identity's name"}},
		{check: "eventbridge-public", who: Everyone, what: []string{"events:PutEvents"}},
		{check: "logs-resource-policy-public", who: Everyone, what: []string{"what the policy says"}},
		{check: "route53-dangling", who: "whoever takes the address", what: []string{"answer in the name's place"}},
		{check: "cloudfront-dangling-origin", who: "whoever makes the bucket", what: []string{"answer in the distribution's place"}, name: distributionURL},
	}
}

// checkSurface asks the checks of exposingChecks.
func checkSurface(p *Params) (out []Exposure) {
	rows := map[string]exposing{}
	for _, e := range exposingChecks() {
		rows[e.check] = e
	}
	var checks []Check
	for _, c := range Checks() {
		if _, ok := rows[c.ID]; ok {
			checks = append(checks, c)
		}
	}
	Judge(p.Facts, checks, Options{Trusted: p.Trusted}, func(f Finding) {
		row := rows[f.Check]
		if f.Status != StatusUnknown && (f.Status != StatusFail || f.Severity < row.least) {
			return
		}
		x := Exposure{Region: f.Region, Service: f.Service, Resource: f.Resource, Where: f.Resource.ARN, What: row.what, Who: row.who, Unread: f.Unread,
			Chain: []ChainStep{{ARN: f.Resource.ARN, Type: f.Resource.Type, Says: f.Message}}}
		switch {
		case f.Resource.ARN == "":
			x.Where = f.Resource.Name
		case row.scheme != "":
			x.Where = row.scheme + f.Resource.Name
		case row.name != nil:
			x.Where = cmp.Or(row.name(p.Facts, f.Resource.ARN), x.Where)
		}
		out = append(out, x)
	})
	return out
}
