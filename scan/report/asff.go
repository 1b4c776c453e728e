package report

import (
	"cmp"
	"encoding/json"
	"io"
	"strings"
	"time"

	"fob/scan"
)

// Limits of Security Hub's BatchImportFindings and of the finding format.
const (
	asffMost        = 100
	asffTitle       = 256
	asffDescription = 1024
	asffFix         = 512
	asffField       = 2048
	asffControls    = 32
)

type asffFinding struct {
	SchemaVersion string            `json:"SchemaVersion"`
	ID            string            `json:"Id"`
	ProductARN    string            `json:"ProductArn"`
	GeneratorID   string            `json:"GeneratorId"`
	AWSAccountID  string            `json:"AwsAccountId"`
	Types         []string          `json:"Types"`
	CreatedAt     string            `json:"CreatedAt"`
	UpdatedAt     string            `json:"UpdatedAt"`
	Severity      asffSeverity      `json:"Severity"`
	Title         string            `json:"Title"`
	Description   string            `json:"Description"`
	Remediation   asffRemediation   `json:"Remediation"`
	ProductFields map[string]string `json:"ProductFields"`
	Resources     []asffResource    `json:"Resources"`
	Compliance    asffCompliance    `json:"Compliance"`
	Workflow      asffWorkflow      `json:"Workflow"`
	RecordState   string            `json:"RecordState"`
	Note          *asffNote         `json:"Note,omitempty"`
}

type asffSeverity struct {
	Label    string `json:"Label"`
	Original string `json:"Original"`
}

type asffRemediation struct {
	Recommendation asffText `json:"Recommendation"`
}

type asffText struct {
	Text string `json:"Text"`
}

type asffResource struct {
	Type      string            `json:"Type"`
	ID        string            `json:"Id"`
	Partition string            `json:"Partition"`
	Region    string            `json:"Region"`
	Tags      map[string]string `json:"Tags,omitempty"`
	Details   asffDetails       `json:"Details"`
}

type asffDetails struct {
	Other map[string]string `json:"Other"`
}

type asffCompliance struct {
	Status              string   `json:"Status"`
	RelatedRequirements []string `json:"RelatedRequirements,omitempty"`
}

type asffWorkflow struct {
	Status string `json:"Status"`
}

type asffNote struct {
	Text      string `json:"Text"`
	UpdatedBy string `json:"UpdatedBy"`
	UpdatedAt string `json:"UpdatedAt"`
}

// writeASFF writes files of at most 100 findings in the AWS Security Finding Format, as
// one call of BatchImportFindings takes them. Nothing is sent.
func writeASFF(to Sink, r *Result, _ Options) error {
	var batch []asffFinding
	part := 0
	flush := func() error {
		part++
		w, err := to(part)
		if err != nil {
			return err
		}
		return asffBatch(w, batch)
	}
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		batch = append(batch, asffOf(f))
		if len(batch) == asffMost {
			if err := flush(); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if len(batch) > 0 || part == 0 {
		return flush()
	}
	return nil
}

func asffBatch(w io.Writer, batch []asffFinding) error {
	return array(w, "[", func(yield func(asffFinding, error) bool) {
		for _, f := range batch {
			if !yield(f, nil) {
				return
			}
		}
	}, "\n]\n")
}

func asffOf(f *scan.Finding) asffFinding {
	region := f.Region
	if region == scan.Global {
		region = mainRegion(f.Partition)
	}
	at := f.Observed.UTC().Format(time.RFC3339)
	out := asffFinding{
		SchemaVersion: "2018-10-08", ID: f.ID, GeneratorID: "fob-scan/" + f.Check, AWSAccountID: f.Account.ID,
		ProductARN: "arn:" + f.Partition + ":securityhub:" + region + ":" + f.Account.ID + ":product/" + f.Account.ID + "/default",
		Types:      []string{"Software and Configuration Checks/AWS Security Best Practices"},
		CreatedAt:  at, UpdatedAt: at,
		Severity: asffSeverity{asffLabel(f), f.Severity.String()},
		Title:    cut(f.Title, asffTitle), Description: cut(f.Message, asffDescription),
		Remediation:   asffRemediation{asffText{cut(f.Fix, asffFix)}},
		ProductFields: map[string]string{"fob/check": f.Check, "fob/status": string(f.Status)},
		Resources:     []asffResource{asffResourceOf(f, region)},
		Compliance:    asffCompliance{Status: asffStatus(f.Status)},
		Workflow:      asffWorkflow{"NEW"}, RecordState: "ACTIVE",
	}
	if out.Description == "" {
		out.Description = out.Title
	}
	for _, c := range controls(f.Refs) {
		if len(out.Compliance.RelatedRequirements) < asffControls {
			out.Compliance.RelatedRequirements = append(out.Compliance.RelatedRequirements, c)
		}
	}
	if len(f.Unread) > 0 {
		out.ProductFields["fob/not-read"] = cut(notRead(f), asffField)
	}
	if x := f.Exception; x != nil {
		out.Workflow.Status = "SUPPRESSED"
		out.Note = &asffNote{Text: cut(x.Reason, asffFix), UpdatedBy: cut(cmp.Or(x.Owner, "fob"), asffFix), UpdatedAt: at}
	}
	switch {
	case f.Diff == scan.DiffFixed:
		out.Workflow.Status, out.RecordState = "RESOLVED", "ARCHIVED"
	case f.Status == scan.StatusPass:
		out.Workflow.Status = "RESOLVED"
	}
	return out
}

func asffResourceOf(f *scan.Finding, region string) asffResource {
	r := asffResource{Type: asffType(f.Resource.Type), ID: f.Resource.ARN, Partition: f.Partition, Region: region, Tags: f.Resource.Tags}
	if r.ID == "" {
		r.ID = f.Account.ID + "/" + region + "/" + f.Resource.Type
	}
	r.Details.Other = map[string]string{"Type": f.Resource.Type, "Name": cut(f.Resource.Name, asffField)}
	if len(f.Evidence) > 0 {
		raw, _ := json.Marshal(f.Evidence)
		r.Details.Other["Evidence"] = cut(string(raw), asffField) // a finding may have 240 kB
	}
	return r
}

func asffLabel(f *scan.Finding) string {
	if f.Severity == scan.Info || f.Status == scan.StatusPass {
		return "INFORMATIONAL"
	}
	return strings.ToUpper(f.Severity.String())
}

func asffStatus(s scan.Status) string {
	switch s {
	case scan.StatusPass:
		return "PASSED"
	case scan.StatusFail:
		return "FAILED"
	case scan.StatusUnknown, scan.StatusManual:
		return "WARNING"
	}
	return "NOT_AVAILABLE"
}

// asffType is a type of resource as Security Hub names it; it takes no others.
func asffType(typ string) string {
	switch typ {
	case "AWS::Account":
		return "AwsAccount"
	case "AWS::EC2::Instance", "AWS::EC2::NetworkAcl", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::Volume",
		"AWS::ECR::Repository", "AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::EKS::Cluster",
		"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User", "AWS::KMS::Key", "AWS::SNS::Topic", "AWS::SQS::Queue":
		service, kind, _ := strings.Cut(strings.TrimPrefix(typ, "AWS::"), "::")
		return "Aws" + service[:1] + strings.ToLower(service[1:]) + kind
	case "AWS::EC2::VPC":
		return "AwsEc2Vpc"
	case "AWS::EC2::EIP":
		return "AwsEc2Eip"
	case "AWS::S3::Bucket", "AWS::Lambda::Function", "AWS::Redshift::Cluster", "AWS::CloudTrail::Trail", "AWS::CloudFront::Distribution", "AWS::SecretsManager::Secret":
		return strings.ReplaceAll("Aws"+strings.TrimPrefix(typ, "AWS::"), "::", "")
	case "AWS::CloudWatch::Alarm":
		return "AwsCloudWatchAlarm"
	case "AWS::RDS::DBInstance":
		return "AwsRdsDbInstance"
	case "AWS::RDS::DBCluster":
		return "AwsRdsDbCluster"
	case "AWS::RDS::DBSnapshot":
		return "AwsRdsDbSnapshot"
	case "AWS::RDS::DBClusterSnapshot":
		return "AwsRdsDbClusterSnapshot"
	case "AWS::DynamoDB::Table":
		return "AwsDynamoDbTable"
	case "AWS::ElasticLoadBalancing::LoadBalancer":
		return "AwsElbLoadBalancer"
	case "AWS::ElasticLoadBalancingV2::LoadBalancer":
		return "AwsElbv2LoadBalancer"
	case "AWS::OpenSearchService::Domain":
		return "AwsOpenSearchServiceDomain"
	case "AWS::CertificateManager::Certificate":
		return "AwsCertificateManagerCertificate"
	case "AWS::CloudFormation::Stack":
		return "AwsCloudFormationStack"
	}
	return "Other"
}

// mainRegion is where Security Hub shows what belongs to no region.
func mainRegion(partition string) string {
	switch partition {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	case "aws-iso":
		return "us-iso-east-1"
	case "aws-iso-b":
		return "us-isob-east-1"
	case "aws-iso-e":
		return "eu-isoe-west-1"
	case "aws-iso-f":
		return "us-isof-south-1"
	case "aws-eusc":
		return "eusc-de-east-1"
	}
	return "us-east-1"
}
