package scan

import (
	"slices"
	"strings"
)

// fault is what keeps a trail from recording what it should.
type fault struct {
	Evidence
	says  string
	minor bool // it records all but a few sources
}

// allRegions is the fault of a trail of one region. What the list left out is unread.
func (t *Trail) allRegions() (faults []fault, unread *ReadError) {
	switch {
	case t.IsMultiRegionTrail == nil:
		return nil, t.leftOut("IsMultiRegionTrail")
	case !*t.IsMultiRegionTrail:
		return []fault{{t.at("IsMultiRegionTrail", false), "records the region " + t.Region + " alone", false}}, nil
	}
	return nil, nil
}

// managementFaults are why a trail does not record all management events of the account.
// None, and nothing unread, is the proof that it does.
func (t *Trail) managementFaults() (faults []fault, unread []*ReadError) {
	faults, err := t.allRegions()
	switch {
	case t.IncludeGlobalServiceEvents == nil:
		unread = append(unread, t.leftOut("IncludeGlobalServiceEvents"))
	case !*t.IncludeGlobalServiceEvents:
		faults = append(faults, fault{t.at("IncludeGlobalServiceEvents", false), "leaves out global services", false})
	}
	s, statusErr := t.status()
	if statusErr == nil && !s.IsLogging {
		faults = append(faults, fault{t.at("Status.IsLogging", false), "is not logging", false})
	}
	if t.Selectors.Present() {
		faults = append(faults, t.selectionFaults()...)
	} else {
		unread = append(unread, orNotPlanned(t.Selectors.Err))
	}
	return faults, slices.DeleteFunc(append(unread, err, statusErr), func(e *ReadError) bool { return e == nil })
}

func (t *Trail) selectionFaults() []fault {
	var reads, writes, someReads, someWrites bool
	var without []string
	for _, s := range t.Selectors.V.selections() {
		if !s.management || s.only != nil {
			continue
		}
		someReads, someWrites = someReads || s.reads, someWrites || s.writes
		if s.whole() {
			reads, writes = reads || s.reads, writes || s.writes
		}
		without = append(without, s.without...)
	}
	switch {
	case reads && writes:
		return nil
	case someReads && someWrites:
		slices.Sort(without)
		return []fault{{t.at("Selectors", without), "leaves out " + strings.Join(slices.Compact(without), ", "), true}}
	case someReads:
		return []fault{{t.at("Selectors", "ReadOnly"), "leaves out management events that write", false}}
	case someWrites:
		return []fault{{t.at("Selectors", "WriteOnly"), "leaves out management events that read", false}}
	}
	return []fault{{t.at("Selectors", nil), "records no management events, or a selection of them", false}}
}

func managementEvents(_ *Account, p *Params) Verdict {
	unread := p.seenAnywhere()
	var says []string
	var evidence []Evidence
	minor := false
	for _, t := range All[Trail](p.Facts, "") {
		faults, missing := t.managementFaults()
		switch {
		case len(faults) == 0 && len(missing) == 0:
			return Pass("the trail %s of account %s records all management events of all regions", t.Name, t.owner())
		case len(faults) == 0:
			unread = append(unread, missing...)
			continue
		}
		minor = minor || len(missing) == 0 && !slices.ContainsFunc(faults, func(f fault) bool { return !f.minor })
		says = append(says, "the trail "+t.Name+" "+faults[0].says)
		for _, f := range faults {
			evidence = append(evidence, f.Evidence)
		}
	}
	switch {
	case len(unread) > 0:
		return Unknown(once(unread)...)
	case len(says) == 0:
		return Fail("there is no trail")
	}
	v := Fail("no trail records all management events of all regions: %s", firstOf(says))
	v.Evidence = evidence
	if minor {
		v = v.As(Medium)
	}
	return v
}
