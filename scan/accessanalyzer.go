package scan

// Analyzer is an IAM Access Analyzer.
type Analyzer struct {
	Resource
	Type   string // ACCOUNT, ORGANIZATION, and others for unused and internal access
	Status string // ACTIVE, CREATING, DISABLED, FAILED
}

var analyzers = newKind[Analyzer]("AWS::AccessAnalyzer::Analyzer", "accessanalyzer", Regional, "access-analyzer:ListAnalyzers")

func accessanalyzerKinds() []*Kind { return []*Kind{analyzers.Kind} }

func accessanalyzerChecks() []Check {
	return []Check{
		Each(regions, Check{
			ID: "accessanalyzer-enabled", Title: "External access analyzer missing in region", Severity: Medium,
			Service: "accessanalyzer", Type: "AWS::Region",
			Why:   "Nobody is told when a bucket, role or key is opened to another account.",
			Fix:   "Create an external access analyzer in the region, for the organization where there is one.",
			Refs:  []string{"cis-3.0:1.20", "cis-5.0:1.19", "cis-7.0:2.18", "fsbp:IAM.28"},
			Reads: []string{"AWS::AccessAnalyzer::Analyzer"},
		}, analyzerEnabled),
	}
}

func analyzerEnabled(r *Region, p *Params) Verdict {
	for _, a := range All[Analyzer](p.Facts, r.Region) {
		if a.external() {
			return Pass("the analyzer %s is active", a.Name)
		}
	}
	if arn := p.Analyzers[r.Region]; arn != "" {
		return Pass("the organization's analyzer %s is active", arn)
	}
	if err := p.ListError(analyzers.Kind, r.Region); err != nil {
		return Unknown(err)
	}
	return Fail("there is no active analyzer of external access")
}

// external says whether the analyzer watches for access from outside.
func (a *Analyzer) external() bool {
	return a.Status == "ACTIVE" && (a.Type == "ACCOUNT" || a.Type == "ORGANIZATION")
}

// ShareAnalyzers tells accounts of the same organization about each other's analyzers
// of the whole organization: one of them watches all.
func ShareAnalyzers(all []*Facts) {
	for _, from := range all {
		for _, a := range All[Analyzer](from, "") {
			if a.Type != "ORGANIZATION" || !a.external() {
				continue
			}
			for _, to := range all {
				if to.sameOrganization(from) {
					to.Analyzers[a.Region] = a.ARN
				}
			}
		}
	}
}

func (f *Facts) sameOrganization(other *Facts) bool {
	own, others := f.self().Organization, other.self().Organization
	return own.Present() && others.Present() && own.V.ID == others.V.ID
}
