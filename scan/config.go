package scan

import (
	"fmt"
	"slices"
	"strings"
)

// ConfigRecorder is AWS Config's recorder of a region.
type ConfigRecorder struct {
	Name           string
	RecordingGroup struct {
		AllSupported, IncludeGlobalResourceTypes bool
		ResourceTypes                            []string
		ExclusionByResourceTypes                 struct{ ResourceTypes []string }
		RecordingStrategy                        struct{ UseOnly string }
	}
}

// ConfigRecorderStatus says whether a recorder works.
type ConfigRecorderStatus struct {
	Name                      string
	Recording                 bool
	LastStatus, LastErrorCode string // Pending, Success, Failure
}

func configChecks() []Check {
	return []Check{
		Each(regions, Check{
			ID: "config-recorder", Title: "AWS Config not recording in region", Severity: Medium,
			Service: "config", Type: "AWS::Region",
			Why:   "After an incident nobody can tell what was changed, when, and how it was before.",
			Fix:   "Record all resource types in every region, and those of global services in one of them.",
			Refs:  []string{"cis-1.2:2.5", "cis-3.0:3.3", "cis-5.0:3.3", "cis-7.0:4.3", "fsbp:Config.1", "scoutsuite:config-recorder-not-configured"},
			Needs: []string{"Recorders", "RecorderStatuses"},
		}, configRecorder),
	}
}

func configRecorder(r *Region, p *Params) Verdict {
	if len(r.Recorders.V) == 0 {
		return Fail("there is no recorder").At("Recorders", nil)
	}
	rec := &r.Recorders.V[0]
	status, n := r.recorderStatus(rec.Name)
	switch {
	case status == nil || !status.Recording:
		return Fail("the recorder %s is stopped", rec.Name).At("RecorderStatuses", r.RecorderStatuses.V)
	case strings.EqualFold(status.LastStatus, "FAILURE"):
		return Fail("the recorder %s fails: %s", rec.Name, status.LastErrorCode).At(fmt.Sprintf("RecorderStatuses[%d].LastStatus", n), status.LastStatus)
	}
	group := &rec.RecordingGroup
	switch {
	case rec.all():
		return globalTypes(r, p)
	case rec.allBut():
		return Fail("the recorder %s leaves out %s", rec.Name, strings.Join(group.ExclusionByResourceTypes.ResourceTypes, ", ")).
			At("Recorders[0].RecordingGroup.ExclusionByResourceTypes", group.ExclusionByResourceTypes.ResourceTypes).As(Low)
	}
	return Fail("the recorder %s records %d types of resources and not all", rec.Name, len(group.ResourceTypes)).
		At("Recorders[0].RecordingGroup", group)
}

func (r *Region) recorderStatus(name string) (*ConfigRecorderStatus, int) {
	for n := range r.RecorderStatuses.V {
		if r.RecorderStatuses.V[n].Name == name {
			return &r.RecorderStatuses.V[n], n
		}
	}
	return nil, 0
}

// all says whether every type of resource is recorded, those of global services aside.
func (c *ConfigRecorder) all() bool {
	g := &c.RecordingGroup
	return g.AllSupported || g.RecordingStrategy.UseOnly == "ALL_SUPPORTED_RESOURCE_TYPES" ||
		c.allBut() && len(g.ExclusionByResourceTypes.ResourceTypes) == 0
}

func (c *ConfigRecorder) allBut() bool {
	return c.RecordingGroup.RecordingStrategy.UseOnly == "EXCLUSION_BY_RESOURCE_TYPES"
}

// global says whether the recorder records users, groups, roles and policies of IAM,
// which AWS Config takes for the resources of global services.
func (c *ConfigRecorder) global() bool {
	g := &c.RecordingGroup
	for _, typ := range []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::Policy"} {
		switch {
		case c.allBut():
			if slices.Contains(g.ExclusionByResourceTypes.ResourceTypes, typ) {
				return false
			}
		case c.all():
			return g.IncludeGlobalResourceTypes
		case !slices.Contains(g.ResourceTypes, typ):
			return false
		}
	}
	return true
}

// globalTypes wants one region to record the resources of global services. It is said
// once, of the first region that records.
func globalTypes(r *Region, p *Params) Verdict {
	fine := Pass("all types of resources are recorded")
	first := ""
	var unread []*ReadError
	for _, x := range All[Region](p.Facts, "") {
		if !x.Recorders.Known() || !x.RecorderStatuses.Known() {
			unread = append(unread, x.Recorders.Err, x.RecorderStatuses.Err)
			continue
		}
		for n := range x.Recorders.V {
			rec := &x.Recorders.V[n]
			if s, _ := x.recorderStatus(rec.Name); s == nil || !s.Recording {
				continue
			}
			if rec.global() {
				return fine
			}
			if first == "" && rec.all() {
				first = x.Region
			}
		}
	}
	switch {
	case first != r.Region:
		return fine
	case len(unread) > 0:
		return Unknown(once(slices.DeleteFunc(unread, func(e *ReadError) bool { return e == nil }))...)
	case len(p.Excluded) > 0:
		return UnknownHere("no region that was read records the resources of global services; %s were left out", strings.Join(p.Excluded, ", "))
	}
	return Fail("no region records the resources of global services").
		At("Recorders[0].RecordingGroup.IncludeGlobalResourceTypes", false)
}
