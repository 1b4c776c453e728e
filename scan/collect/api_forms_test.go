package collect

import (
	"reflect"

	"fob/scan"

	aatypes "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	cachetypes "github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2types "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	ostypes "github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	redshifttypes "github.com/aws/aws-sdk-go-v2/service/redshift/types"
	r53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	domaintypes "github.com/aws/aws-sdk-go-v2/service/route53domains/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	smtypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	sestypes "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// apiForm is a form of facts beside the API's own that it is read from. more are the forms
// of fields that come from another call, nil for those that are not the API's.
type apiForm struct {
	facts, api reflect.Type
	more       fieldForms
}

type fieldForms map[string]reflect.Type

func formOf[Facts, API any](more fieldForms) apiForm {
	return apiForm{reflect.TypeFor[Facts](), reflect.TypeFor[API](), more}
}

// apiForms are the forms of facts whose records are the API's.
func apiForms() []apiForm {
	return []apiForm{
		formOf[scan.Analyzer, aatypes.AnalyzerSummary](nil),
		formOf[scan.Account, struct{}](fieldForms{
			"PublicAccessBlock": reflect.TypeFor[s3types.PublicAccessBlockConfiguration](), "PasswordPolicy": reflect.TypeFor[iamtypes.PasswordPolicy](),
			"Organization": reflect.TypeFor[orgtypes.Organization](), "OrganizationAccounts": reflect.TypeFor[[]orgtypes.Account](),
			"SecurityContact": reflect.TypeFor[accounttypes.AlternateContact](), "Summary": nil, "CredentialReport": nil,
		}),
		formOf[scan.Region, struct{}](fieldForms{
			"EBSEncryption": reflect.TypeFor[bool](), "SnapshotBlock": reflect.TypeFor[ec2types.SnapshotBlockPublicAccessState](), "ImageBlock": reflect.TypeFor[string](),
			"Recorders": reflect.TypeFor[[]configtypes.ConfigurationRecorder](), "RecorderStatuses": reflect.TypeFor[[]configtypes.ConfigurationRecorderStatus](),
			"SecurityHub": reflect.TypeFor[securityhub.DescribeHubOutput](),
		}),
		formOf[scan.Certificate, acmtypes.CertificateSummary](nil),
		formOf[scan.Distribution, cftypes.DistributionSummary](fieldForms{"OriginBuckets": nil, "DefaultCacheBehavior": reflect.TypeFor[cftypes.CacheBehavior]()}),
		formOf[scan.Trail, cttypes.Trail](fieldForms{"Status": reflect.TypeFor[cloudtrail.GetTrailStatusOutput](), "Selectors": reflect.TypeFor[cloudtrail.GetEventSelectorsOutput](), "MetricFilters": reflect.TypeFor[[]logstypes.MetricFilter]()}),
		formOf[scan.Alarm, cwtypes.MetricAlarm](nil),
		formOf[scan.AlarmTopic, struct{}](fieldForms{"Subscriptions": reflect.TypeFor[[]snstypes.Subscription]()}),
		formOf[scan.DynamoDBTable, struct{}](fieldForms{"PointInTimeRecovery": reflect.TypeFor[ddbtypes.PointInTimeRecoveryDescription]()}),
		formOf[scan.EBSVolume, ec2types.Volume](nil),
		formOf[scan.EBSSnapshot, ec2types.Snapshot](fieldForms{"Public": nil}),
		formOf[scan.MachineImage, ec2types.Image](nil),
		formOf[scan.EC2Instance, ec2types.Instance](nil),
		formOf[scan.ElasticAddress, ec2types.Address](nil),
		formOf[scan.SecurityGroup, ec2types.SecurityGroup](nil),
		formOf[scan.PrefixList, struct{}](fieldForms{"Entries": reflect.TypeFor[[]ec2types.PrefixListEntry]()}),
		formOf[scan.NetworkInterface, ec2types.NetworkInterface](nil),
		formOf[scan.VPC, ec2types.Vpc](nil),
		formOf[scan.Subnet, ec2types.Subnet](nil),
		formOf[scan.RouteTable, ec2types.RouteTable](nil),
		formOf[scan.NetworkAcl, ec2types.NetworkAcl](nil),
		formOf[scan.FlowLog, ec2types.FlowLog](nil),
		formOf[scan.ECRRepository, ecrtypes.Repository](fieldForms{"RepositoryPolicy": nil}),
		formOf[scan.ECRScanning, ecrtypes.RegistryScanningConfiguration](nil),
		formOf[scan.TaskDefinition, ecstypes.TaskDefinition](nil),
		formOf[scan.EFSFileSystem, efstypes.FileSystemDescription](fieldForms{"Policy": nil}),
		formOf[scan.EKSCluster, ekstypes.Cluster](nil),
		formOf[scan.ReplicationGroup, cachetypes.ReplicationGroup](nil),
		formOf[scan.ClassicBalancer, elbtypes.LoadBalancerDescription](fieldForms{"Attributes": reflect.TypeFor[elbtypes.LoadBalancerAttributes](), "Policies": reflect.TypeFor[[]elbtypes.PolicyDescription]()}),
		formOf[scan.Balancer, elbv2types.LoadBalancer](fieldForms{
			"Attributes": reflect.TypeFor[[]elbv2types.LoadBalancerAttribute](), "Listeners": reflect.TypeFor[[]elbv2types.Listener](),
			"Rules": reflect.TypeFor[[]struct {
				ListenerArn string
				Rules       []elbv2types.Rule
			}](),
		}),
		formOf[scan.TLSPolicy, elbv2types.SslPolicy](nil),
		formOf[scan.Detector, guardduty.GetDetectorOutput](nil),
		formOf[scan.User, iamtypes.UserDetail](fieldForms{"InlinePolicies": reflect.TypeFor[[]iamtypes.PolicyDetail]()}),
		formOf[scan.Identity, iamtypes.UserDetail](fieldForms{"InlinePolicies": reflect.TypeFor[[]iamtypes.PolicyDetail]()}),
		formOf[scan.Role, iamtypes.RoleDetail](fieldForms{"AssumeRolePolicyDocument": nil}),
		formOf[scan.Policy, iamtypes.ManagedPolicyDetail](fieldForms{"Document": nil, "Owner": nil}),
		formOf[scan.ServerCertificate, iamtypes.ServerCertificateMetadata](nil),
		formOf[scan.VirtualMFADevice, iamtypes.VirtualMFADevice](nil),
		formOf[scan.KMSKey, kmstypes.KeyListEntry](fieldForms{"Aliases": nil, "Policy": nil, "Metadata": reflect.TypeFor[kmstypes.KeyMetadata](), "Rotation": reflect.TypeFor[kms.GetKeyRotationStatusOutput]()}),
		formOf[scan.KMSAlias, kmstypes.AliasListEntry](nil),
		formOf[scan.Function, lambdatypes.FunctionConfiguration](fieldForms{"Environment": nil, "EnvironmentError": reflect.TypeFor[lambdatypes.EnvironmentError](), "Policy": nil, "AliasPolicies": nil, "URLs": reflect.TypeFor[[]lambdatypes.FunctionUrlConfig]()}),
		formOf[scan.SearchDomain, ostypes.DomainStatus](fieldForms{"AccessPolicies": nil}),
		formOf[scan.DBInstance, rdstypes.DBInstance](nil),
		formOf[scan.Database, rdstypes.DBInstance](fieldForms{"ReplicationSourceIdentifier": nil, "InternetAccessGatewayEnabled": nil}),
		formOf[scan.Database, rdstypes.DBCluster](fieldForms{"ReadReplicaSourceDBInstanceIdentifier": nil, "ReadReplicaSourceDBClusterIdentifier": nil}),
		formOf[scan.DBSnapshot, struct{}](fieldForms{"Attributes": reflect.TypeFor[[]rdstypes.DBSnapshotAttribute]()}),
		formOf[scan.RedshiftCluster, redshifttypes.Cluster](fieldForms{"Logging": reflect.TypeFor[redshift.DescribeLoggingStatusOutput]()}),
		formOf[scan.RedshiftParameterGroup, struct{}](fieldForms{"Parameters": reflect.TypeFor[[]redshifttypes.Parameter]()}),
		formOf[scan.HostedZone, struct{}](fieldForms{"Records": reflect.TypeFor[[]r53types.ResourceRecordSet](), "WebsiteBuckets": nil}),
		formOf[scan.Domain, domaintypes.DomainSummary](nil),
		formOf[scan.Bucket, struct{}](fieldForms{
			"PublicAccessBlock": reflect.TypeFor[s3types.PublicAccessBlockConfiguration](), "Policy": nil, "Ownership": reflect.TypeFor[s3types.ObjectOwnership](),
			"Acl": reflect.TypeFor[s3.GetBucketAclOutput](), "Logging": reflect.TypeFor[s3types.LoggingEnabled](),
			"Versioning": reflect.TypeFor[s3.GetBucketVersioningOutput](),
		}),
		formOf[scan.Secret, smtypes.SecretListEntry](fieldForms{"ResourcePolicy": nil}),
		formOf[scan.EmailIdentity, sestypes.IdentityInfo](fieldForms{"Policies": nil, "DkimAttributes": reflect.TypeFor[sestypes.DkimAttributes]()}),
		formOf[scan.SSMDocument, ssmtypes.DocumentIdentifier](fieldForms{"AccountIds": nil}),
	}
}
