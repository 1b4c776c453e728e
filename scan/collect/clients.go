package collect

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53domains"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// clients make the SDK's clients of one account in one region. A client is made for
// every use, which takes ten microseconds: kept in a field, in an interface or as the
// type argument of a generic function, it would keep all operations of its service in
// the program, those of EC2 alone tens of megabytes.
type clients struct {
	cfg       aws.Config
	endpoints map[string]string // in the place of AWS's own, by the service's id
	accountID string
	partition string
	region    string
	// in gives the clients of another region, such as the one that a bucket lies in.
	in func(region string) *clients
	// wait pauses between asking whether AWS is done.
	wait   func(context.Context, time.Duration) error
	report reportMaking
}

// Services are the ids of the services that are ever called, as the SDKs name them.
func Services() []string {
	return []string{
		accessanalyzer.ServiceID,
		account.ServiceID,
		acm.ServiceID,
		cloudformation.ServiceID,
		cloudfront.ServiceID,
		cloudtrail.ServiceID,
		cloudwatch.ServiceID,
		cloudwatchlogs.ServiceID,
		configservice.ServiceID,
		dynamodb.ServiceID,
		ec2.ServiceID,
		ecr.ServiceID,
		ecs.ServiceID,
		efs.ServiceID,
		eks.ServiceID,
		elasticache.ServiceID,
		elasticloadbalancing.ServiceID,
		elasticloadbalancingv2.ServiceID,
		guardduty.ServiceID,
		iam.ServiceID,
		kms.ServiceID,
		lambda.ServiceID,
		opensearch.ServiceID,
		organizations.ServiceID,
		rds.ServiceID,
		redshift.ServiceID,
		route53.ServiceID,
		route53domains.ServiceID,
		s3.ServiceID,
		s3control.ServiceID,
		secretsmanager.ServiceID,
		securityhub.ServiceID,
		sesv2.ServiceID,
		sns.ServiceID,
		sqs.ServiceID,
		ssm.ServiceID,
	}
}

// of is what the client of a service is made with.
func (c *clients) of(service string) aws.Config {
	cfg := c.cfg
	if endpoint, ok := c.endpoints[service]; ok {
		cfg.BaseEndpoint = &endpoint
	}
	return cfg
}

func (c *clients) accessanalyzer() *accessanalyzer.Client {
	return accessanalyzer.NewFromConfig(c.of(accessanalyzer.ServiceID))
}

func (c *clients) account() *account.Client {
	return account.NewFromConfig(c.of(account.ServiceID))
}

func (c *clients) configservice() *configservice.Client {
	return configservice.NewFromConfig(c.of(configservice.ServiceID))
}

func (c *clients) ec2() *ec2.Client {
	return ec2.NewFromConfig(c.of(ec2.ServiceID))
}

func (c *clients) guardduty() *guardduty.Client {
	return guardduty.NewFromConfig(c.of(guardduty.ServiceID))
}

func (c *clients) iam() *iam.Client {
	return iam.NewFromConfig(c.of(iam.ServiceID), func(o *iam.Options) {
		if h, ok := o.HTTPClient.(*http.Client); ok && h.Timeout > 0 {
			patient := *h
			patient.Timeout = max(h.Timeout, longTryLimit)
			o.HTTPClient = &patient
		}
	})
}

func (c *clients) organizations() *organizations.Client {
	return organizations.NewFromConfig(c.of(organizations.ServiceID))
}

func (c *clients) s3() *s3.Client {
	return s3.NewFromConfig(c.of(s3.ServiceID), func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
}

func (c *clients) s3control() *s3control.Client {
	return s3control.NewFromConfig(c.of(s3control.ServiceID))
}

func (c *clients) securityhub() *securityhub.Client {
	return securityhub.NewFromConfig(c.of(securityhub.ServiceID))
}

func (c *clients) acm() *acm.Client {
	return acm.NewFromConfig(c.of(acm.ServiceID))
}

func (c *clients) cloudformation() *cloudformation.Client {
	return cloudformation.NewFromConfig(c.of(cloudformation.ServiceID))
}

func (c *clients) cloudfront() *cloudfront.Client {
	return cloudfront.NewFromConfig(c.of(cloudfront.ServiceID))
}

func (c *clients) cloudtrail() *cloudtrail.Client {
	return cloudtrail.NewFromConfig(c.of(cloudtrail.ServiceID))
}

func (c *clients) cloudwatch() *cloudwatch.Client {
	return cloudwatch.NewFromConfig(c.of(cloudwatch.ServiceID))
}

func (c *clients) cloudwatchlogs() *cloudwatchlogs.Client {
	return cloudwatchlogs.NewFromConfig(c.of(cloudwatchlogs.ServiceID))
}

func (c *clients) dynamodb() *dynamodb.Client {
	return dynamodb.NewFromConfig(c.of(dynamodb.ServiceID))
}

func (c *clients) ecr() *ecr.Client {
	return ecr.NewFromConfig(c.of(ecr.ServiceID))
}

func (c *clients) ecs() *ecs.Client {
	return ecs.NewFromConfig(c.of(ecs.ServiceID))
}

func (c *clients) efs() *efs.Client {
	return efs.NewFromConfig(c.of(efs.ServiceID))
}

func (c *clients) eks() *eks.Client {
	return eks.NewFromConfig(c.of(eks.ServiceID))
}

func (c *clients) elasticache() *elasticache.Client {
	return elasticache.NewFromConfig(c.of(elasticache.ServiceID))
}

func (c *clients) elasticloadbalancing() *elasticloadbalancing.Client {
	return elasticloadbalancing.NewFromConfig(c.of(elasticloadbalancing.ServiceID))
}

func (c *clients) elasticloadbalancingv2() *elasticloadbalancingv2.Client {
	return elasticloadbalancingv2.NewFromConfig(c.of(elasticloadbalancingv2.ServiceID))
}

func (c *clients) kms() *kms.Client {
	return kms.NewFromConfig(c.of(kms.ServiceID))
}

func (c *clients) lambda() *lambda.Client {
	return lambda.NewFromConfig(c.of(lambda.ServiceID))
}

func (c *clients) opensearch() *opensearch.Client {
	return opensearch.NewFromConfig(c.of(opensearch.ServiceID))
}

func (c *clients) rds() *rds.Client {
	return rds.NewFromConfig(c.of(rds.ServiceID))
}

func (c *clients) redshift() *redshift.Client {
	return redshift.NewFromConfig(c.of(redshift.ServiceID))
}

func (c *clients) route53() *route53.Client {
	return route53.NewFromConfig(c.of(route53.ServiceID))
}

func (c *clients) route53domains() *route53domains.Client {
	return route53domains.NewFromConfig(c.of(route53domains.ServiceID))
}

func (c *clients) secretsmanager() *secretsmanager.Client {
	return secretsmanager.NewFromConfig(c.of(secretsmanager.ServiceID))
}

func (c *clients) sesv2() *sesv2.Client {
	return sesv2.NewFromConfig(c.of(sesv2.ServiceID))
}

func (c *clients) sns() *sns.Client {
	return sns.NewFromConfig(c.of(sns.ServiceID))
}

func (c *clients) sqs() *sqs.Client {
	return sqs.NewFromConfig(c.of(sqs.ServiceID))
}

func (c *clients) ssm() *ssm.Client {
	return ssm.NewFromConfig(c.of(ssm.ServiceID))
}
