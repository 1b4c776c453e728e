package scan

import (
	"fmt"
	"slices"
)

// attribute is a setting, and where it stands in the record. An error says that it is not
// known.
func (b *Balancer) attribute(key string) (value string, at Evidence, err *ReadError) {
	if !b.Attributes.Known() {
		return "", at, orNotPlanned(b.Attributes.Err)
	}
	for i, a := range b.Attributes.V {
		if a.Key == key {
			return a.Value, Evidence{fmt.Sprintf("Attributes[%d].Value", i), a.Value}, nil
		}
	}
	return "", at, ec2LeftOut("elbv2:DescribeLoadBalancerAttributes", &b.Resource, key).Unread[0]
}

// balancerLogs leaves out network load balancers without TLS: they write no log, whatever
// is set.
func balancerLogs(b *Balancer, _ *Params) Verdict {
	switch {
	case b.Type == "gateway":
		return NotApplicable("a gateway load balancer has no access logs")
	case b.Attributes.State == Absent:
		return NotApplicable("the load balancer was deleted meanwhile")
	}
	on, at, err := b.attribute("access_logs.s3.enabled")
	switch {
	case err == nil && on == "true":
		return Pass("access logs are on")
	case b.Type == "network" && b.Listeners.Known() && !slices.ContainsFunc(b.Listeners.V, func(l Listener) bool { return l.encrypted() }):
		return NotApplicable("a network load balancer logs only TLS, which no listener uses")
	}
	var unread []*ReadError
	if err != nil {
		unread = append(unread, err)
	}
	if b.Type == "network" && !b.Listeners.Known() {
		unread = append(unread, orNotPlanned(b.Listeners.Err))
	}
	if len(unread) > 0 {
		return Unknown(unread...)
	}
	return Fail("access logs are off").At(at.Path, at.Value)
}

// balancerHeaders is content with either setting: in the strictest mode the load balancer
// refuses what it would drop otherwise.
func balancerHeaders(b *Balancer, _ *Params) Verdict {
	switch {
	case b.Type != "application":
		return NotApplicable("a %s load balancer reads no headers", b.Type)
	case b.Attributes.State == Absent:
		return NotApplicable("the load balancer was deleted meanwhile")
	}
	drops, dropsAt, dropsErr := b.attribute("routing.http.drop_invalid_header_fields.enabled")
	mode, modeAt, modeErr := b.attribute("routing.http.desync_mitigation_mode")
	switch {
	case dropsErr == nil && drops == "true":
		return Pass("invalid headers are dropped")
	case modeErr == nil && mode == "strictest":
		return Pass("the desync mitigation mode is strictest")
	case dropsErr != nil:
		return Unknown(dropsErr)
	case modeErr != nil:
		return Unknown(modeErr)
	}
	return Fail("invalid headers are passed on, in the desync mitigation mode %s", mode).At(dropsAt.Path, dropsAt.Value).At(modeAt.Path, modeAt.Value)
}
