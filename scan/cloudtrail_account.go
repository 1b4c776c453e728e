package scan

import (
	"slices"
	"strings"
)

func trailAccountChecks() []Check {
	const service, typ = "cloudtrail", "AWS::Account"
	events := []string{"AWS::CloudTrail::Trail", "AWS::CloudTrail::Trail.Status", "AWS::CloudTrail::Trail.Selectors"}
	return []Check{
		Each(accounts, Check{
			ID: "cloudtrail-not-enabled", Title: "No multi-region trail records management events", Severity: Critical, Service: service, Type: typ,
			Why:   "After an intrusion nobody can tell what was done, by whom, and since when.",
			Fix:   "Create a trail for all regions, or for the whole organization, that records all management events to a bucket of a separate account.",
			Refs:  []string{"cis-1.2:2.1", "cis-3.0:3.1", "cis-5.0:3.1", "cis-7.0:4.1", "fsbp:CloudTrail.1", "scoutsuite:cloudtrail-not-configured"},
			Reads: events,
		}, managementEvents),
		Each(accounts, Check{
			ID: "cloudtrail-global-events", Title: "Global service events missing or logged twice", Severity: Medium, Service: service, Type: typ,
			Why:   "Without them nobody sees what is done with IAM and STS; logged twice they cost twice and are counted twice.",
			Fix:   "Include global service events in one trail of all regions, and in no other.",
			Refs:  []string{"scoutsuite:cloudtrail-no-global-services-logging", "scoutsuite:cloudtrail-duplicated-global-services-logging"},
			Reads: events[:2],
		}, globalEvents),
		Each(accounts, Check{
			ID: "cloudtrail-s3-write-events", Title: "Object-level write events not logged", Severity: Low, Service: service, Type: typ,
			Why:   "When objects were deleted, replaced or encrypted for ransom, nobody can tell by whom.",
			Fix:   "Record write data events of all S3 buckets in a trail of all regions; weigh the cost where buckets are written to a lot.",
			Refs:  []string{"cis-3.0:3.8", "cis-5.0:3.8", "cis-7.0:4.8", "fsbp:S3.22", "scoutsuite:cloudtrail-no-data-logging", "scoutsuite:cloudtrail-partial-data-logging"},
			Reads: events,
		}, objectWriteEvents),
	}
}

// seenAnywhere is why trails of all regions are not known: they are seen from each of
// them, so one that was read is enough.
func (f *Facts) seenAnywhere() (unread []*ReadError) {
	for _, region := range f.Regions {
		err := f.ListError(trails.Kind, region)
		if err == nil {
			return nil
		}
		unread = append(unread, err)
	}
	if unread == nil {
		unread = []*ReadError{{Op: trails.List[0], Action: trails.List[0], Why: NotPlanned}}
	}
	return unread
}

// at is a place in the record of a trail, as evidence for something else.
func (t *Trail) at(path string, value any) Evidence { return Evidence{t.Name + ":" + path, value} }

// globalRegion is where CloudTrail records the events of IAM, STS and CloudFront, "" for
// a partition of which that is not known. Only there a trail of one region gets them.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
func globalRegion(partition string) string {
	switch partition {
	case "aws":
		return "us-east-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	case "aws-cn":
		return "cn-north-1"
	}
	return ""
}

// globalEvents: all trails that count are seen from the region of the global events.
func globalEvents(_ *Account, p *Params) Verdict {
	where := globalRegion(p.Partition)
	var logging []*Trail
	var unread []*ReadError
	for _, t := range All[Trail](p.Facts, "") {
		regions, missing := t.allRegions()
		s, err := t.status()
		switch {
		case t.IncludeGlobalServiceEvents == nil:
			missing = t.leftOut("IncludeGlobalServiceEvents")
		case !*t.IncludeGlobalServiceEvents, len(regions) > 0 && where != "" && t.Region != where, err == nil && !s.IsLogging:
			continue
		}
		switch {
		case missing != nil:
			unread = append(unread, missing)
		case err != nil:
			unread = append(unread, err)
		default:
			logging = append(logging, t)
		}
	}
	if len(logging) > 1 {
		v := Fail("%d trails record the events of global services", len(logging)).As(Info)
		for _, t := range logging {
			v.Evidence = append(v.Evidence, t.at("IncludeGlobalServiceEvents", t.ARN))
		}
		return v
	}
	switch {
	case where == "":
		unread = append(unread, p.seenAnywhere()...)
	case slices.Contains(p.Excluded, where) && len(unread) == 0:
		return UnknownHere("there may be trails in %s, which was left out", where)
	default:
		if err := p.ListError(trails.Kind, where); err != nil {
			unread = append(unread, err)
		}
	}
	switch {
	case len(unread) > 0:
		return Unknown(once(unread)...)
	case len(logging) == 0:
		return Fail("no trail that is logging records the events of global services")
	}
	return Pass("the trail %s records the events of global services", logging[0].Name)
}

// objectWriteEvents: a trail of one region records the buckets of that region, which is
// a part of them.
func objectWriteEvents(_ *Account, p *Params) Verdict {
	unread := p.seenAnywhere()
	var part []Evidence
	for _, t := range All[Trail](p.Facts, "") {
		s, err := t.status()
		regions, missing := t.allRegions()
		if err == nil && !s.IsLogging {
			continue
		}
		if !t.Selectors.Present() {
			if len(regions) == 0 {
				unread = append(unread, orNotPlanned(t.Selectors.Err))
			}
			continue
		}
		for _, x := range t.Selectors.V.selections() {
			switch {
			case x.management || !x.writes:
			case !x.whole() || len(regions) > 0:
				part = append(part, t.partOf(x))
			case missing != nil:
				unread = append(unread, missing)
			case err != nil:
				unread = append(unread, err)
			default:
				return Pass("the trail %s records what is written to the objects of all buckets", t.Name)
			}
		}
	}
	switch {
	case len(unread) > 0:
		return Unknown(once(unread)...)
	case len(part) == 0:
		return Fail("no trail records what is written to objects")
	}
	v := Fail("what is written to objects is recorded for a part of the buckets only")
	v.Evidence = part
	return v
}

// partOf is what a selection that is not whole covers.
func (t *Trail) partOf(x selection) Evidence {
	switch {
	case x.only != nil:
		return t.at(x.path, x.only)
	case x.without != nil:
		return t.at(x.path, "all but "+strings.Join(x.without, ", "))
	}
	return t.at(x.path, "all in "+t.Region)
}
