package scan

import (
	"slices"
	"strings"

	"fob/scan/policy"
)

// ECRRepository is a private repository of container images.
type ECRRepository struct {
	Resource
	RepositoryUri              string
	ImageScanningConfiguration struct{ ScanOnPush bool }

	RepositoryPolicy Val[policy.Document] `op:"ecr:GetRepositoryPolicy"`
}

// ECRScanning is how a registry scans, which is read where there is a repository.
type ECRScanning struct {
	Resource
	ScanType Val[string]        `op:"ecr:GetRegistryScanningConfiguration"` // BASIC, ENHANCED
	Rules    Val[[]ECRScanRule] `op:"ecr:GetRegistryScanningConfiguration"`
}

// ECRScanRule says when images of some repositories are scanned.
type ECRScanRule struct {
	ScanFrequency     string // SCAN_ON_PUSH, CONTINUOUS_SCAN, MANUAL
	RepositoryFilters []struct{ Filter string }
}

var (
	ecrRepositories = newKind[ECRRepository]("AWS::ECR::Repository", "ecr", Regional, "ecr:DescribeRepositories")
	ecrScannings    = newKind[ECRScanning]("AWS::ECR::RegistryScanningConfiguration", "ecr", Regional, "ecr:DescribeRepositories")
)

func ecrKinds() []*Kind { return []*Kind{ecrRepositories.Kind, ecrScannings.Kind} }

func ecrChecks() []Check {
	const repository = "AWS::ECR::Repository"
	return []Check{
		Each(ecrRepositories, Check{
			ID: "ecr-public-policy", Title: "Repository policy open to everyone", Severity: High,
			Service: "ecr", Type: repository,
			Why:   "Anyone with an AWS account can pull the images with all that was built into them, or push one that then runs here.",
			Fix:   "Name the accounts that pull in the repository policy, or demand aws:PrincipalOrgID; publish images that are for everyone in ECR Public.",
			Refs:  []string{"cis-7.0:2.21"},
			Needs: []string{"RepositoryPolicy"},
		}, func(r *ECRRepository, _ *Params) Verdict {
			return openPolicy("RepositoryPolicy", r.RepositoryPolicy, policy.Query{Signed: true})
		}),
		Each(ecrRepositories, Check{
			ID: "ecr-scan-on-push", Title: "Image scanning off", Severity: Low,
			Service: "ecr", Type: repository,
			Why:   "Images with known vulnerabilities are pushed and run, and nobody is told.",
			Fix:   "Add a rule to the registry's scanning configuration whose filter matches the repository, best one for all of them (filter *).",
			Refs:  []string{"fsbp:ECR.1"},
			Reads: []string{"AWS::ECR::RegistryScanningConfiguration.ScanType", "AWS::ECR::RegistryScanningConfiguration.Rules"},
		}, ecrScan),
	}
}

// ecrScan: enhanced scanning goes by the registry's rules alone, basic scanning by the
// repository's own setting as well.
func ecrScan(r *ECRRepository, p *Params) Verdict {
	registries := All[ECRScanning](p.Facts, r.Region)
	if len(registries) == 0 {
		return Unknown(&ReadError{Op: "ecr:GetRegistryScanningConfiguration", Action: "ecr:GetRegistryScanningConfiguration", Region: r.Region, Why: NotPlanned})
	}
	registry := registries[0]
	switch {
	case !registry.ScanType.Known():
		return Unknown(registry.ScanType.Err)
	case !registry.Rules.Known():
		return Unknown(registry.Rules.Err)
	}
	for _, rule := range registry.Rules.V {
		if rule.ScanFrequency != "MANUAL" && rule.matches(r.Name) {
			return Pass("a rule of the registry scans it: %s", rule.ScanFrequency)
		}
	}
	switch {
	case registry.ScanType.V == "ENHANCED":
		return Fail("no rule of the registry's enhanced scanning matches the repository").At("ImageScanningConfiguration.ScanOnPush", r.ImageScanningConfiguration.ScanOnPush)
	case r.ImageScanningConfiguration.ScanOnPush:
		return Pass("images are scanned when they are pushed")
	}
	return Fail("neither the repository nor a rule of the registry scans images").At("ImageScanningConfiguration.ScanOnPush", false)
}

// matches says whether a rule is about a repository. A filter without a wildcard stands
// for every name that has it in it.
func (rule *ECRScanRule) matches(name string) bool {
	return slices.ContainsFunc(rule.RepositoryFilters, func(f struct{ Filter string }) bool {
		if !strings.Contains(f.Filter, "*") {
			return strings.Contains(name, f.Filter)
		}
		return policy.Match(f.Filter, name)
	})
}
