package scan

import (
	"fmt"
	"slices"
	"strings"
)

// ClassicBalancer is a classic load balancer.
type ClassicBalancer struct {
	Resource
	Scheme               string // internet-facing, internal
	DNSName              string
	ListenerDescriptions []ClassicListener
	Attributes           Val[ClassicAttributes] `op:"elb:DescribeLoadBalancerAttributes"`
	Policies             Val[[]ClassicPolicy]   `op:"elb:DescribeLoadBalancerPolicies"`
}

// ClassicListener is a port that a classic load balancer listens on, and the names of the
// policies there.
type ClassicListener struct {
	Listener struct {
		Protocol         string
		LoadBalancerPort int
	}
	PolicyNames []string
}

// ClassicAttributes are settings of a classic load balancer.
type ClassicAttributes struct {
	AccessLog *struct{ Enabled *bool }
}

// ClassicPolicy is a policy of a classic load balancer. That of a TLS listener says which
// protocols and ciphers it takes.
type ClassicPolicy struct {
	PolicyName, PolicyTypeName  string
	PolicyAttributeDescriptions []ClassicPolicyAttribute
}

// ClassicPolicyAttribute is a protocol or a cipher, and whether it is on.
type ClassicPolicyAttribute struct{ AttributeName, AttributeValue string }

const elbList = "elb:DescribeLoadBalancers"

var classicBalancers = newKind[ClassicBalancer]("AWS::ElasticLoadBalancing::LoadBalancer", "elb", Regional, elbList)

func elbKinds() []*Kind { return []*Kind{classicBalancers.Kind} }

func elbChecks() []Check {
	return []Check{
		Each(classicBalancers, Check{
			ID: "elb-cleartext", Title: "Classic load balancer listens in clear text", Severity: Medium,
			Service: "elb", Type: classicBalancers.Type,
			Why:  "Passwords, cookies and pages cross the internet readable and changeable to whoever is on the way.",
			Fix:  "Replace the listener by one on HTTPS or SSL; redirects from HTTP need an application load balancer.",
			Refs: []string{"fsbp:ELB.3", "scoutsuite:elb-listener-allowing-cleartext"},
		}, classicCleartext),
		Each(classicBalancers, Check{
			ID: "elb-access-logs", Title: "Classic load balancer logs off", Severity: Low,
			Service: "elb", Type: classicBalancers.Type,
			Why:   "After an attack nobody can tell who asked for what.",
			Fix:   "Enable access logs to a bucket that the load balancer's region may write to.",
			Refs:  []string{"cis-7.0:4.10", "fsbp:ELB.5", "scoutsuite:elb-no-access-logs"},
			Needs: []string{"Attributes"},
		}, classicLogs),
		Each(classicBalancers, Check{
			ID: "elb-old-tls", Title: "Classic load balancer allows old TLS", Severity: Medium,
			Service: "elb", Type: classicBalancers.Type,
			Why:   "Old protocols and ciphers have known faults, and let an attacker on the way read or change what is sent.",
			Fix:   "Give the listener the policy ELBSecurityPolicy-TLS-1-2-2017-01, or move to an application load balancer.",
			Refs:  []string{"scoutsuite:elb-older-ssl-policy"},
			Reads: []string{"Policies"},
		}, classicOldTLS),
	}
}

func classicCleartext(b *ClassicBalancer, _ *Params) Verdict {
	var found []string
	var evidence []Evidence
	for i, l := range b.ListenerDescriptions {
		protocol, port := strings.ToUpper(l.Listener.Protocol), l.Listener.LoadBalancerPort
		if protocol == "HTTP" || protocol == "TCP" && (port == 80 || port == 8080) {
			found = append(found, fmt.Sprintf("%s %d", protocol, port))
			evidence = append(evidence, Evidence{fmt.Sprintf("ListenerDescriptions[%d].Listener.Protocol", i), l.Listener.Protocol})
		}
	}
	switch {
	case len(found) == 0:
		return Pass("no listener takes clear text")
	case b.Scheme == "":
		return ec2LeftOut(elbList, &b.Resource, "Scheme")
	case b.Scheme != "internet-facing":
		return Pass("the load balancer is internal")
	}
	v := Fail("everyone on the internet may connect in clear text: %s", someNames(found))
	v.Evidence = evidence
	return v
}

func classicLogs(b *ClassicBalancer, _ *Params) Verdict {
	switch log := b.Attributes.V.AccessLog; {
	case b.Attributes.State == Absent:
		return NotApplicable("the load balancer was deleted meanwhile")
	case log == nil || log.Enabled == nil:
		return ec2LeftOut("elb:DescribeLoadBalancerAttributes", &b.Resource, "AccessLog.Enabled")
	case *log.Enabled:
		return Pass("access logs are on")
	}
	return Fail("access logs are off").At("Attributes.AccessLog.Enabled", false)
}

// classicOldTLS looks at what the policies of TLS listeners switch on, not at their
// names: everyone can make one of his own.
func classicOldTLS(b *ClassicBalancer, _ *Params) Verdict {
	const op = "elb:DescribeLoadBalancerPolicies"
	var old []string
	var evidence []Evidence
	encrypted := false
	for _, l := range b.ListenerDescriptions {
		if p := strings.ToUpper(l.Listener.Protocol); p != "HTTPS" && p != "SSL" {
			continue
		}
		encrypted = true
		switch {
		case b.Policies.State == Absent:
			return NotApplicable("the load balancer was deleted meanwhile")
		case !b.Policies.Known():
			return Unknown(orNotPlanned(b.Policies.Err))
		}
		names, by, found := b.oldTLS(l.PolicyNames)
		if !found {
			return ec2LeftOut(op, &b.Resource, fmt.Sprintf("TLS policy of port %d", l.Listener.LoadBalancerPort))
		}
		old, evidence = append(old, names...), append(evidence, by...)
	}
	switch {
	case !encrypted:
		return NotApplicable("no listener uses TLS")
	case len(old) == 0:
		return Pass("only TLS 1.2 or newer with strong ciphers")
	}
	slices.Sort(old)
	v := Fail("a listener takes %s", someNames(slices.Compact(old)))
	v.Evidence = onceEvidence(evidence)
	return v
}

// oldTLS are the old protocols and weak ciphers that the policies of a listener switch on.
// found says that they were seen to choose protocols at all.
func (b *ClassicBalancer) oldTLS(policies []string) (old []string, by []Evidence, found bool) {
	for i, p := range b.Policies.V {
		if p.PolicyTypeName != "SSLNegotiationPolicyType" || !slices.Contains(policies, p.PolicyName) {
			continue
		}
		for n, a := range p.PolicyAttributeDescriptions {
			found = found || strings.HasPrefix(a.AttributeName, "Protocol-")
			if a.AttributeValue == "true" && weakTLS(a.AttributeName) {
				old = append(old, strings.TrimPrefix(a.AttributeName, "Protocol-"))
				by = append(by, Evidence{fmt.Sprintf("Policies[%d].PolicyAttributeDescriptions[%d].AttributeValue", i, n), a.AttributeName})
			}
		}
	}
	return old, by, found
}

// weakTLS says whether the attribute of a policy is an old protocol, or a cipher that can
// be broken or authenticates nobody.
func weakTLS(attribute string) bool {
	switch attribute {
	case "Protocol-SSLv2", "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1":
		return true
	}
	return slices.ContainsFunc([]string{"RC4", "RC2", "DES", "EXP-", "NULL", "ADH-", "MD5", "IDEA"}, func(weak string) bool {
		return !strings.HasPrefix(attribute, "Protocol-") && strings.Contains(attribute, weak)
	})
}
