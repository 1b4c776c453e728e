package collect

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func elbv2Operations() []operation {
	const balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	gone := []string{"LoadBalancerNotFound"}
	return []operation{
		{name: "elbv2:DescribeLoadBalancers", action: "elasticloadbalancing:DescribeLoadBalancers", list: describeBalancers},
		{name: "elbv2:DescribeSSLPolicies", action: "elasticloadbalancing:DescribeSSLPolicies", calls: noCalls, through: []string{"elbv2:DescribeLoadBalancers"}, list: describeSSLPolicies},
		{name: "elbv2:DescribeListeners", action: "elasticloadbalancing:DescribeListeners", of: balancer, absent: gone, read: balancerListeners, when: notGateway},
		{name: "elbv2:DescribeLoadBalancerAttributes", action: "elasticloadbalancing:DescribeLoadBalancerAttributes", of: balancer, absent: gone, read: balancerAttributes, when: notGateway},
	}
}

func describeBalancers(ctx context.Context, c *clients, emit func(item)) error {
	list, failed := balancers(ctx, c)
	for _, x := range list {
		data, err := parts(x)
		if err != nil {
			return err
		}
		emit(item{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ARN: aws.ToString(x.LoadBalancerArn), Name: aws.ToString(x.LoadBalancerName), Data: data})
	}
	return failed
}

// balancers are the load balancers of a region.
func balancers(ctx context.Context, c *clients) ([]types.LoadBalancer, error) {
	return once(ctx, c, "elbv2:DescribeLoadBalancers", func(ctx context.Context) (list []types.LoadBalancer, err error) {
		err = eachPage(ctx, c.elasticloadbalancingv2().DescribeLoadBalancers, &elasticloadbalancingv2.DescribeLoadBalancersInput{PageSize: aws.Int32(balancerPage)},
			func(in *elasticloadbalancingv2.DescribeLoadBalancersInput, out *elasticloadbalancingv2.DescribeLoadBalancersOutput) (*string, error) {
				list = append(list, out.LoadBalancers...)
				in.Marker = out.NextMarker
				return in.Marker, nil
			})
		return list, err
	})
}

// notGateway leaves out gateway load balancers, which no check asks about.
func notGateway(b *item) bool {
	typ, _ := recorded[types.LoadBalancerTypeEnum](b, "Type")
	return typ != types.LoadBalancerTypeEnumGateway
}

// describeSSLPolicies gives AWS's policies, which have no ARN of their own. A region
// without a load balancer that could name one is not asked.
func describeSSLPolicies(ctx context.Context, c *clients, emit func(item)) error {
	list, _ := balancers(ctx, c) // its own operation tells of the error
	if !slices.ContainsFunc(list, func(x types.LoadBalancer) bool { return x.Type != types.LoadBalancerTypeEnumGateway }) {
		return nil
	}
	return eachPage(ctx, c.elasticloadbalancingv2().DescribeSSLPolicies, &elasticloadbalancingv2.DescribeSSLPoliciesInput{PageSize: aws.Int32(balancerPage)},
		func(in *elasticloadbalancingv2.DescribeSSLPoliciesInput, out *elasticloadbalancingv2.DescribeSSLPoliciesOutput) (*string, error) {
			for _, x := range out.SslPolicies {
				name := aws.ToString(x.Name)
				emit(item{Type: "AWS::ElasticLoadBalancingV2::SSLPolicy", ARN: name, Name: name, Data: fields{"SslProtocols": orNone(x.SslProtocols)}})
			}
			in.Marker = out.NextMarker
			return in.Marker, nil
		})
}

// balancerListeners leaves out the secret that a listener signs users in with.
func balancerListeners(ctx context.Context, c *clients, b *item) (fields, error) {
	listeners := []json.RawMessage{}
	err := eachPage(ctx, c.elasticloadbalancingv2().DescribeListeners, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: &b.ARN, PageSize: aws.Int32(balancerPage)},
		func(in *elasticloadbalancingv2.DescribeListenersInput, out *elasticloadbalancingv2.DescribeListenersOutput) (*string, error) {
			for _, x := range out.Listeners {
				for _, a := range x.DefaultActions {
					if a.AuthenticateOidcConfig != nil {
						a.AuthenticateOidcConfig.ClientSecret = nil
					}
				}
				raw, err := shape(x)
				if err != nil {
					return nil, err
				}
				listeners = append(listeners, raw)
			}
			in.Marker = out.NextMarker
			return in.Marker, nil
		})
	return fields{"Listeners": listeners}, err
}

func balancerAttributes(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.elasticloadbalancingv2().DescribeLoadBalancerAttributes(ctx, &elasticloadbalancingv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &b.ARN})
	if err != nil {
		return nil, err
	}
	return fields{"Attributes": orNone(out.Attributes)}, nil
}
