package scan

import (
	"fmt"
	"slices"
	"strings"
)

// outsideName is what somebody outside uses to reach a resource: a URL, a host; "" where
// the facts have none.
type outsideName func(f *Facts, arn string) string

func functionURL(f *Facts, arn string) string {
	function := Find[Function](f, arn)
	if function == nil {
		return ""
	}
	urls := function.URLs.V
	if i := slices.IndexFunc(urls, func(u FunctionURL) bool { return u.FunctionArn == arn }); i >= 0 {
		return urls[i].FunctionUrl
	}
	if i := slices.IndexFunc(urls, func(u FunctionURL) bool { return u.AuthType == "NONE" }); i >= 0 {
		return urls[i].FunctionUrl
	}
	return ""
}

// distributionURL names a distribution by its own first name, if it has one.
func distributionURL(f *Facts, arn string) string {
	d := Find[Distribution](f, arn)
	switch {
	case d == nil || d.DomainName == "":
		return ""
	case len(d.Aliases.Items) > 0:
		return "https://" + d.Aliases.Items[0]
	}
	return "https://" + d.DomainName
}

func databaseHost(f *Facts, arn string) string {
	if d := Find[DBInstance](f, arn); d != nil {
		return d.Endpoint.String()
	}
	return ""
}

func warehouseHost(f *Facts, arn string) string {
	if c := Find[RedshiftCluster](f, arn); c != nil {
		return c.Endpoint.String()
	}
	return ""
}

func searchURL(f *Facts, arn string) string {
	if d := Find[SearchDomain](f, arn); d != nil && d.Endpoint.V != "" {
		return "https://" + d.Endpoint.V
	}
	return ""
}

func clusterURL(f *Facts, arn string) string {
	if c := Find[EKSCluster](f, arn); c != nil {
		return c.Endpoint.V
	}
	return ""
}

func queueURL(f *Facts, arn string) string {
	if q := Find[Queue](f, arn); q != nil {
		return q.QueueUrl
	}
	return ""
}

func repositoryHost(f *Facts, arn string) string {
	if r := Find[ECRRepository](f, arn); r != nil {
		return r.RepositoryUri
	}
	return ""
}

// HostPort is where a database or a warehouse answers.
type HostPort struct {
	Address string
	Port    int
}

// String is "host:port", "" without a host.
func (h *HostPort) String() string {
	if h == nil || h.Address == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", h.Address, h.Port)
}

// front is the load balancer that an interface belongs to.
type front struct {
	*Resource
	service, dns string
	listens      []string // "HTTPS 443"; nil if not known
}

// frontOf finds it by what load balancers write at their interfaces: "ELB app/NAME/ID",
// or the name alone for a classic one. Everybody may write there, so it has to be one
// that was listed.
func (n *NetworkInterface) frontOf(f *Facts) *front {
	name, ok := strings.CutPrefix(n.Description, "ELB ")
	if !ok {
		return nil
	}
	for _, b := range All[Balancer](f, n.Region) {
		if strings.HasSuffix(b.ARN, ":loadbalancer/"+name) && b.DNSName != "" {
			x := front{Resource: &b.Resource, service: balancers.Service, dns: b.DNSName}
			for i := range b.Listeners.V {
				x.listens = append(x.listens, b.Listeners.V[i].String())
			}
			return &x
		}
	}
	for _, b := range All[ClassicBalancer](f, n.Region) {
		if strings.HasSuffix(b.ARN, ":loadbalancer/"+name) && b.DNSName != "" {
			return &front{Resource: &b.Resource, service: classicBalancers.Service, dns: b.DNSName}
		}
	}
	return nil
}

// behind makes the exposures of an interface those of its load balancer.
func (x *front) behind(list []Exposure) []Exposure {
	for i := range list {
		o := &list[i]
		o.Service, o.Resource, o.Where = x.service, x.reference(), x.dns
		if slices.Equal(o.What, []string{whatListens}) && len(x.listens) > 0 {
			o.What = x.listens
		}
		o.Chain = append(o.Chain[:max(0, len(o.Chain)-1)], ChainStep{ARN: x.ARN, Type: x.Type, Says: "the interface is one of the load balancer's"})
	}
	return list
}
