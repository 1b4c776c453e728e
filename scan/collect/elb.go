package collect

import (
	"context"
	"slices"
	"strings"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
)

// balancerPage is the largest page of both APIs of load balancers. They share the names
// of their operations and of the actions that allow them.
const balancerPage = 400

func elbOperations() []operation {
	const balancer = "AWS::ElasticLoadBalancing::LoadBalancer"
	gone := []string{"LoadBalancerNotFound"}
	return []operation{
		{name: "elb:DescribeLoadBalancers", action: "elasticloadbalancing:DescribeLoadBalancers", list: describeClassicBalancers},
		{name: "elb:DescribeLoadBalancerAttributes", action: "elasticloadbalancing:DescribeLoadBalancerAttributes", of: balancer, absent: gone, read: classicAttributes},
		{name: "elb:DescribeLoadBalancerPolicies", action: "elasticloadbalancing:DescribeLoadBalancerPolicies", of: balancer, absent: gone, read: classicPolicies, when: classicTLS},
	}
}

func describeClassicBalancers(ctx context.Context, c *clients, emit func(item)) error {
	return eachPage(ctx, c.elasticloadbalancing().DescribeLoadBalancers, &elasticloadbalancing.DescribeLoadBalancersInput{PageSize: aws.Int32(balancerPage)},
		func(in *elasticloadbalancing.DescribeLoadBalancersInput, out *elasticloadbalancing.DescribeLoadBalancersOutput) (*string, error) {
			for _, x := range out.LoadBalancerDescriptions {
				name := aws.ToString(x.LoadBalancerName)
				data, err := parts(x)
				if err != nil {
					return nil, err
				}
				delete(data, "Policies") // names alone; the policies themselves are read
				arn := "arn:" + c.partition + ":elasticloadbalancing:" + c.region + ":" + c.accountID + ":loadbalancer/" + name
				emit(item{Type: "AWS::ElasticLoadBalancing::LoadBalancer", ARN: arn, Name: name, Data: data})
			}
			in.Marker = out.NextMarker
			return in.Marker, nil
		})
}

// classicTLS leaves out load balancers without a listener that ends TLS.
func classicTLS(b *item) bool {
	listeners, ok := recorded[[]scan.ClassicListener](b, "ListenerDescriptions")
	return !ok || slices.ContainsFunc(listeners, func(l scan.ClassicListener) bool {
		p := strings.ToUpper(l.Listener.Protocol)
		return p == "HTTPS" || p == "SSL"
	})
}

func classicAttributes(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.elasticloadbalancing().DescribeLoadBalancerAttributes(ctx, &elasticloadbalancing.DescribeLoadBalancerAttributesInput{LoadBalancerName: &b.Name})
	if err != nil {
		return nil, err
	}
	attributes, err := said(out.LoadBalancerAttributes)
	return fields{"Attributes": attributes}, err
}

func classicPolicies(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.elasticloadbalancing().DescribeLoadBalancerPolicies(ctx, &elasticloadbalancing.DescribeLoadBalancerPoliciesInput{LoadBalancerName: &b.Name})
	if err != nil {
		return nil, err
	}
	return fields{"Policies": orNone(out.PolicyDescriptions)}, nil
}
