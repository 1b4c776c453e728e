package scan

import (
	"slices"
	"strconv"
	"strings"

	"fob/scan/netx"
)

// EKSCluster is a Kubernetes cluster of EKS.
type EKSCluster struct {
	Resource
	Version            Val[string]          `op:"eks:DescribeCluster"` // "1.34"
	ResourcesVpcConfig Val[EKSNetwork]      `op:"eks:DescribeCluster"`
	EncryptionConfig   Val[[]EKSEncryption] `op:"eks:DescribeCluster"`
	Logging            Val[EKSLogging]      `op:"eks:DescribeCluster"` // absent: no log
	Endpoint           Val[string]          `op:"eks:DescribeCluster"` // "https://…"; absent while it is made
}

// EKSNetwork says from where the Kubernetes API is reached.
type EKSNetwork struct {
	EndpointPublicAccess, EndpointPrivateAccess bool
	PublicAccessCidrs                           []string
}

// EKSEncryption says what is encrypted by a key of the account's own.
type EKSEncryption struct{ Resources []string }

// EKSLogging says which logs of the control plane go to CloudWatch.
type EKSLogging struct {
	ClusterLogging []struct {
		Types   []string
		Enabled bool
	}
}

var eksClusters = newKind[EKSCluster]("AWS::EKS::Cluster", "eks", Regional, "eks:ListClusters")

func eksKinds() []*Kind { return []*Kind{eksClusters.Kind} }

func eksChecks() []Check {
	const cluster = "AWS::EKS::Cluster"
	return []Check{
		Each(eksClusters, Check{
			ID: "eks-public-endpoint", Title: "Cluster API open to any address", Severity: High,
			Service: "eks", Type: cluster,
			Why:   "A leaked token or the next fault of the API server can be used from anywhere.",
			Fix:   "Turn on private access, and turn off public access or limit publicAccessCidrs to the addresses of your own.",
			Refs:  []string{"fsbp:EKS.1"},
			Needs: []string{"ResourcesVpcConfig"},
		}, eksEndpoint),
		Each(eksClusters, Check{
			ID: "eks-secrets-kms", Title: "Kubernetes secrets lack envelope encryption", Severity: Medium,
			Service: "eks", Type: cluster,
			Why:   "Whoever gets at the cluster's data store or a copy of it reads all Kubernetes secrets.",
			Fix:   "Associate a KMS key with the cluster (aws eks associate-encryption-config) and write the secrets anew, or update to Kubernetes 1.28 or later.",
			Refs:  []string{"fsbp:EKS.3"},
			Needs: []string{"Version", "EncryptionConfig"},
		}, eksSecrets),
		Each(eksClusters, Check{
			ID: "eks-logging", Title: "Control plane logs off", Severity: Low,
			Service: "eks", Type: cluster,
			Why:   "After an attack on the cluster nobody can tell who did what through its API.",
			Fix:   "Turn on the log types api, audit and authenticator of the control plane.",
			Refs:  []string{"fsbp:EKS.8"},
			Needs: []string{"Logging"},
		}, eksLogging),
		Each(eksClusters, Check{
			ID: "eks-version", Title: "Cluster version out of support", Severity: Medium,
			Service: "eks", Type: cluster,
			Why:   "Kubernetes itself mends no faults in this version any more; extended support costs extra and ends with a forced update.",
			Fix:   "Update the control plane, one minor version at a time, then add-ons and nodes.",
			Refs:  []string{"fsbp:EKS.2"},
			Needs: []string{"Version"},
		}, eksVersion),
	}
}

// eksEndpoint: without ranges, EKS lets every address in. A cluster has a public endpoint
// unless it is switched off, and then a private one: neither is no answer.
func eksEndpoint(c *EKSCluster, _ *Params) Verdict {
	n := c.ResourcesVpcConfig.V
	switch {
	case !n.EndpointPublicAccess && !n.EndpointPrivateAccess:
		return badAnswer("eks:DescribeCluster", &c.Resource, "neither a public nor a private endpoint")
	case !n.EndpointPublicAccess:
		return Pass("the API has no public endpoint")
	}
	ranges, err := netx.Parse(n.PublicAccessCidrs...)
	switch wide := netx.Wide(ranges); {
	case err != nil:
		return badAnswer("eks:DescribeCluster", &c.Resource, err.Error())
	case len(n.PublicAccessCidrs) == 0:
		return Fail("the API answers every address").At("ResourcesVpcConfig.EndpointPublicAccess", true)
	case len(wide) > 0:
		return Fail("the API answers all addresses of %s", someNames(wide)).At("ResourcesVpcConfig.PublicAccessCidrs", n.PublicAccessCidrs)
	}
	return Pass("the public endpoint answers %s only", someNames(n.PublicAccessCidrs))
}

func eksSecrets(c *EKSCluster, _ *Params) Verdict {
	for _, e := range c.EncryptionConfig.V {
		if contains(e.Resources, "secrets") {
			return Pass("secrets are encrypted with a key of the account's own")
		}
	}
	v, ok := parseKubernetes(c.Version.V)
	switch {
	case !ok:
		return badAnswer("eks:DescribeCluster", &c.Resource, "the version "+strconv.Quote(c.Version.V))
	case v >= kubernetesEnveloped:
		return NotApplicable("from Kubernetes %s on EKS encrypts all API data", kubernetesEnveloped)
	}
	return Fail("Kubernetes %s keeps secrets without envelope encryption", v).At("EncryptionConfig", c.EncryptionConfig.V)
}

func eksLogging(c *EKSCluster, _ *Params) Verdict {
	var on, off []string
	for _, l := range c.Logging.V.ClusterLogging {
		if l.Enabled {
			on = append(on, l.Types...)
		}
	}
	for _, typ := range []string{"api", "audit", "authenticator"} {
		if !slices.Contains(on, typ) {
			off = append(off, typ)
		}
	}
	if len(off) == 0 {
		return Pass("api, audit and authenticator are logged")
	}
	return Fail("the control plane does not log %s", strings.Join(off, ", ")).At("Logging.ClusterLogging", c.Logging.V.ClusterLogging)
}

func eksVersion(c *EKSCluster, p *Params) Verdict {
	const path = "Version"
	v, ok := parseKubernetes(c.Version.V)
	if !ok {
		return badAnswer("eks:DescribeCluster", &c.Resource, "the version "+strconv.Quote(c.Version.V))
	}
	s, known := kubernetesSupport(v)
	switch {
	case v < oldestKubernetes:
		return Fail("Kubernetes %s is out of support", v).At(path, c.Version.V)
	case !known && p.Now.Before(s.standard):
		return Pass("Kubernetes %s is newer than the versions known on %s, and in support as these are", v, kubernetesTableMade)
	case !known:
		return UnknownHere("Kubernetes %s is newer than the versions known on %s: update fob", v, kubernetesTableMade)
	case p.Now.Before(s.standard):
		return Pass("Kubernetes %s is in standard support until %s", v, s.standard.Format("2006-01-02"))
	case p.Now.Before(s.extended):
		return Fail("Kubernetes %s left standard support on %s, extended support ends on %s", v, s.standard.Format("2006-01-02"), s.extended.Format("2006-01-02")).At(path, c.Version.V)
	}
	return Fail("Kubernetes %s is out of support since %s", v, s.extended.Format("2006-01-02")).At(path, c.Version.V)
}
