package collect

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
)

// clients make the SDK's clients of one account in one region. A client is made for
// every use, which takes ten microseconds: kept in a field, in an interface or as the
// type argument of a generic function, it would keep all operations of its service in
// the program, those of EC2 alone tens of megabytes.
type clients struct {
	cfg       aws.Config
	accountID string
	partition string
	region    string
	// in gives the clients of another region, such as the one that a bucket lies in.
	in func(region string) *clients
	// wait pauses between asking whether AWS is done.
	wait   func(context.Context, time.Duration) error
	report reportMaking
}

func (c *clients) accessanalyzer() *accessanalyzer.Client {
	return accessanalyzer.NewFromConfig(c.cfg)
}

func (c *clients) account() *account.Client {
	return account.NewFromConfig(c.cfg)
}

func (c *clients) configservice() *configservice.Client {
	return configservice.NewFromConfig(c.cfg)
}

func (c *clients) ec2() *ec2.Client {
	return ec2.NewFromConfig(c.cfg)
}

func (c *clients) guardduty() *guardduty.Client {
	return guardduty.NewFromConfig(c.cfg)
}

func (c *clients) iam() *iam.Client {
	return iam.NewFromConfig(c.cfg)
}

func (c *clients) organizations() *organizations.Client {
	return organizations.NewFromConfig(c.cfg)
}

func (c *clients) s3() *s3.Client {
	return s3.NewFromConfig(c.cfg, func(o *s3.Options) { o.UsePathStyle = c.cfg.BaseEndpoint != nil })
}

func (c *clients) s3control() *s3control.Client {
	return s3control.NewFromConfig(c.cfg)
}

func (c *clients) securityhub() *securityhub.Client {
	return securityhub.NewFromConfig(c.cfg)
}
