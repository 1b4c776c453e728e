package scan

import (
	"fmt"
	"strings"
)

// Balancer is an application, network or gateway load balancer.
type Balancer struct {
	Resource
	Type       string // application, network, gateway
	Scheme     string // internet-facing, internal
	DNSName    string
	Attributes Val[[]BalancerAttribute] `op:"elbv2:DescribeLoadBalancerAttributes"`
	Listeners  Val[[]Listener]          `op:"elbv2:DescribeListeners"`
	// Rules are those of listeners that redirect in clear text; one that is gone is left out.
	Rules Val[[]ListenerRules] `op:"elbv2:DescribeRules"`
}

// BalancerAttribute is a setting of a load balancer.
type BalancerAttribute struct{ Key, Value string }

// Listener is a port that a load balancer listens on.
type Listener struct {
	ListenerArn, Protocol, SslPolicy string
	Port                             int
	DefaultActions                   []ListenerAction
}

func (l *Listener) String() string { return fmt.Sprintf("%s %d", l.Protocol, l.Port) }

// ListenerRules are the rules of a listener. What takes them is not kept: headers among
// it may be secrets.
type ListenerRules struct {
	ListenerArn string
	Rules       []ListenerRule
}

// ListenerRule is what a listener does with some requests.
type ListenerRule struct {
	RuleArn, Priority string
	IsDefault         bool
	Actions           []ListenerAction
}

// ListenerAction is what a listener does with a request that no rule of its takes, or a
// rule with those that it takes.
type ListenerAction struct {
	Type           string // forward, redirect, ...
	RedirectConfig *struct{ Protocol string }
}

// TLSPolicy is one of AWS's choices of protocols and ciphers.
type TLSPolicy struct {
	Resource
	SslProtocols []string
}

const elbv2List = "elbv2:DescribeLoadBalancers"

var (
	balancers   = newKind[Balancer]("AWS::ElasticLoadBalancingV2::LoadBalancer", "elbv2", Regional, elbv2List)
	tlsPolicies = newKind[TLSPolicy]("AWS::ElasticLoadBalancingV2::SSLPolicy", "elbv2", Regional, "elbv2:DescribeSSLPolicies")
)

func elbv2Kinds() []*Kind { return []*Kind{balancers.Kind, tlsPolicies.Kind} }

func elbv2Checks() []Check {
	return []Check{
		Many(balancers, Check{
			ID: "elbv2-cleartext", Title: "Load balancer listens in clear text", Severity: Medium,
			Service: "elbv2", Type: balancers.Type,
			Why:   "Passwords, cookies and pages cross the network readable and changeable to whoever is on the way.",
			Fix:   "Let the listener and all its rules redirect to HTTPS, or replace it by one on HTTPS or TLS.",
			Refs:  []string{"fsbp:ELB.1", "scoutsuite:elbv2-listener-allowing-cleartext"},
			Reads: []string{"Listeners", "Rules"},
		}, balancerCleartext),
		Each(balancers, Check{
			ID: "elbv2-access-logs", Title: "Load balancer logs off", Severity: Low,
			Service: "elbv2", Type: balancers.Type,
			Why:   "After an attack nobody can tell who asked for what.",
			Fix:   "Enable access logs to a bucket that the load balancer's region may write to.",
			Refs:  []string{"cis-7.0:4.10", "fsbp:ELB.5", "scoutsuite:elbv2-no-access-logs"},
			Reads: []string{"Attributes", "Listeners"},
		}, balancerLogs),
		Each(balancers, Check{
			ID: "elbv2-invalid-headers", Title: "ALB keeps invalid headers", Severity: Medium,
			Service: "elbv2", Type: balancers.Type,
			Why:   "Headers that load balancer and server read differently let an attacker smuggle requests past the checks in front, or into others' connections.",
			Fix:   "Set routing.http.drop_invalid_header_fields.enabled to true, or the desync mitigation mode to strictest.",
			Refs:  []string{"fsbp:ELB.4", "fsbp:ELB.12", "scoutsuite:elbv2-http-request-smuggling"},
			Reads: []string{"Attributes"},
		}, balancerHeaders),
		Many(balancers, Check{
			ID: "elbv2-old-tls", Title: "Load balancer allows old TLS", Severity: Medium,
			Service: "elbv2", Type: balancers.Type,
			Why:   "TLS 1.0 and 1.1 have known faults and are switched off in every current client.",
			Fix:   "Give the listener the policy ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one.",
			Refs:  []string{"scoutsuite:elbv2-older-ssl-policy"},
			Reads: []string{"Listeners", "AWS::ElasticLoadBalancingV2::SSLPolicy"},
		}, balancerOldTLS),
	}
}

// eachListener asks about every listener of a load balancer.
func (b *Balancer) eachListener(ask func(path string, l *Listener) Verdict) []Verdict {
	switch {
	case b.Type == "gateway":
		return []Verdict{NotApplicable("a gateway load balancer passes packets on to appliances")}
	case b.Listeners.State == Absent:
		return []Verdict{NotApplicable("the load balancer was deleted meanwhile")}
	case !b.Listeners.Known():
		return []Verdict{Unknown(orNotPlanned(b.Listeners.Err))}
	case len(b.Listeners.V) == 0:
		return []Verdict{NotApplicable("the load balancer has no listener")}
	}
	var out []Verdict
	for i := range b.Listeners.V {
		l := &b.Listeners.V[i]
		out = append(out, ask(fmt.Sprintf("Listeners[%d].", i), l).For(l.ListenerArn))
	}
	return out
}

func balancerCleartext(b *Balancer, _ *Params) []Verdict {
	return b.eachListener(func(path string, l *Listener) Verdict {
		switch {
		case l.Protocol == "":
			return ec2LeftOut("elbv2:DescribeListeners", &b.Resource, "Protocol")
		case l.RedirectsClear():
			return b.cleartextRules(l)
		case l.Protocol == "HTTP":
			return Fail("%s does not redirect to HTTPS", l).At(path+"Protocol", l.Protocol)
		case l.Port == 80 && (l.Protocol == "TCP" || l.Protocol == "TCP_UDP"):
			return b.cleartextTCP(path, l)
		}
		return Pass("%s is not HTTP", l)
	})
}

func (b *Balancer) cleartextTCP(path string, l *Listener) Verdict {
	switch b.Scheme {
	case "":
		return ec2LeftOut(elbv2List, &b.Resource, "Scheme")
	case "internet-facing":
		return Fail("%s is open to the internet, and port 80 is HTTP in clear text", l).At(path+"Protocol", l.Protocol)
	}
	return Pass("%s is internal", l)
}

// cleartextRules: a rule takes requests before the redirect does.
func (b *Balancer) cleartextRules(l *Listener) Verdict {
	switch {
	case b.Rules.State == Absent:
		return NotApplicable("the load balancer was deleted meanwhile")
	case !b.Rules.Known():
		return Unknown(orNotPlanned(b.Rules.Err))
	}
	for i, of := range b.Rules.V {
		if of.ListenerArn != l.ListenerArn {
			continue
		}
		for j, rule := range of.Rules {
			for k, a := range rule.Actions {
				if a.Type == "forward" {
					return Fail("%s redirects to HTTPS, but forwards in clear text what the rule of priority %s takes", l, rule.Priority).
						At(fmt.Sprintf("Rules[%d].Rules[%d].Actions[%d].Type", i, j, k), a.Type)
				}
			}
		}
		return Pass("%s redirects to HTTPS", l)
	}
	return NotApplicable("the listener was deleted meanwhile")
}

// RedirectsClear says whether a listener takes HTTP and sends to HTTPS what no rule takes.
func (l *Listener) RedirectsClear() bool {
	if l.Protocol != "HTTP" {
		return false
	}
	for _, a := range l.DefaultActions {
		if a.Type == "redirect" && a.RedirectConfig != nil && a.RedirectConfig.Protocol == "HTTPS" {
			return true
		}
	}
	return false
}

func (l *Listener) encrypted() bool { return l.Protocol == "HTTPS" || l.Protocol == "TLS" }

func balancerOldTLS(b *Balancer, p *Params) []Verdict {
	return b.eachListener(func(path string, l *Listener) Verdict {
		switch {
		case !l.encrypted():
			return NotApplicable("%s does not use TLS", l)
		case l.SslPolicy == "":
			return ec2LeftOut("elbv2:DescribeListeners", &b.Resource, "SslPolicy")
		}
		for _, policy := range All[TLSPolicy](p.Facts, b.Region) {
			if policy.Name == l.SslPolicy {
				return tlsPolicyVerdict(policy, path, l)
			}
		}
		return Unknown(notSeen(p.Facts, tlsPolicies.Kind, b.Region, "the TLS policy "+l.SslPolicy)...)
	})
}

func tlsPolicyVerdict(policy *TLSPolicy, path string, l *Listener) Verdict {
	var old []string
	for _, protocol := range policy.SslProtocols {
		switch protocol {
		case "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1":
			old = append(old, protocol)
		}
	}
	switch {
	case len(policy.SslProtocols) == 0:
		return ec2LeftOut("elbv2:DescribeSSLPolicies", &policy.Resource, "SslProtocols")
	case len(old) > 0:
		return Fail("%s takes %s by the policy %s", l, strings.Join(old, ", "), l.SslPolicy).At(path+"SslPolicy", l.SslPolicy)
	}
	return Pass("%s takes TLS 1.2 or newer by the policy %s", l, l.SslPolicy)
}
