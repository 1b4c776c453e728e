package scan

// Detector is GuardDuty in a region; there is at most one.
type Detector struct {
	Resource
	Status   Val[string]            `op:"guardduty:GetDetector"` // ENABLED, DISABLED
	Features Val[[]DetectorFeature] `op:"guardduty:GetDetector"`
}

// DetectorFeature is a protection plan of GuardDuty.
type DetectorFeature struct{ Name, Status string }

var detectors = newKind[Detector]("AWS::GuardDuty::Detector", "guardduty", Regional, "guardduty:ListDetectors")

func guarddutyKinds() []*Kind { return []*Kind{detectors.Kind} }

func guarddutyChecks() []Check {
	return []Check{
		Each(regions, Check{
			ID: "guardduty-enabled", Title: "GuardDuty off in region", Severity: High,
			Service: "guardduty", Type: "AWS::Region",
			Why:   "Stolen keys and hijacked hosts are often first used in the region where nobody watches.",
			Fix:   "Enable GuardDuty in every region, or from the delegated administrator for the whole organization.",
			Refs:  []string{"fsbp:GuardDuty.1"},
			Reads: []string{"AWS::GuardDuty::Detector", "AWS::GuardDuty::Detector.Status"},
		}, guarddutyEnabled),
	}
}

func guarddutyEnabled(r *Region, p *Params) Verdict {
	var unread []*ReadError
	off := ""
	for _, d := range All[Detector](p.Facts, r.Region) {
		switch {
		case d.Status.V == "ENABLED":
			return Pass("the detector %s is enabled", d.Name)
		case !d.Status.Known():
			unread = append(unread, d.Status.Err)
		default:
			off = d.Name
		}
	}
	if err := p.ListError(detectors.Kind, r.Region); err != nil {
		unread = append(unread, err)
	}
	switch {
	case len(unread) > 0:
		return Unknown(unread...)
	case off != "":
		return Fail("the detector %s is suspended", off)
	}
	return Fail("there is no detector")
}
