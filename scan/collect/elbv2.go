package collect

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"fob/scan"

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
		{name: "elbv2:DescribeRules", action: "elasticloadbalancing:DescribeRules", of: balancer, read: balancerRules, when: redirectsClear},
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

func balancerListeners(ctx context.Context, c *clients, b *item) (fields, error) {
	listeners := []json.RawMessage{}
	err := eachPage(ctx, c.elasticloadbalancingv2().DescribeListeners, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: &b.ARN, PageSize: aws.Int32(balancerPage)},
		func(in *elasticloadbalancingv2.DescribeListenersInput, out *elasticloadbalancingv2.DescribeListenersOutput) (*string, error) {
			for _, x := range out.Listeners {
				maskActions(x.DefaultActions)
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

// maskActions leaves out the secret that users are signed in with.
func maskActions(actions []types.Action) {
	for _, a := range actions {
		if a.AuthenticateOidcConfig != nil {
			a.AuthenticateOidcConfig.ClientSecret = nil
		}
	}
}

func redirectsClear(b *item) bool { return len(clearRedirects(b)) > 0 }

// clearRedirects are the ARNs of the listeners whose rules decide.
func clearRedirects(b *item) (arns []string) {
	listeners, _ := recorded[[]scan.Listener](b, "Listeners")
	for i := range listeners {
		if listeners[i].RedirectsClear() {
			arns = append(arns, listeners[i].ListenerArn)
		}
	}
	return arns
}

// balancerRules leaves out listeners that are gone, and what rules take requests by: a
// header among it may be the secret between a distribution and its origin.
func balancerRules(ctx context.Context, c *clients, b *item) (fields, error) {
	found := []fields{}
	for _, arn := range clearRedirects(b) {
		rules := []json.RawMessage{}
		err := eachPage(ctx, c.elasticloadbalancingv2().DescribeRules, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: &arn, PageSize: aws.Int32(balancerPage)},
			func(in *elasticloadbalancingv2.DescribeRulesInput, out *elasticloadbalancingv2.DescribeRulesOutput) (*string, error) {
				for _, x := range out.Rules {
					maskActions(x.Actions)
					raw, err := shape(types.Rule{RuleArn: x.RuleArn, Priority: x.Priority, IsDefault: x.IsDefault, Actions: x.Actions})
					if err != nil {
						return nil, err
					}
					rules = append(rules, raw)
				}
				in.Marker = out.NextMarker
				return in.Marker, nil
			})
		if _, gone := errors.AsType[*types.ListenerNotFoundException](err); gone {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, fields{"ListenerArn": arn, "Rules": rules})
	}
	return fields{"Rules": found}, nil
}

func balancerAttributes(ctx context.Context, c *clients, b *item) (fields, error) {
	out, err := c.elasticloadbalancingv2().DescribeLoadBalancerAttributes(ctx, &elasticloadbalancingv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &b.ARN})
	if err != nil {
		return nil, err
	}
	return fields{"Attributes": orNone(out.Attributes)}, nil
}
