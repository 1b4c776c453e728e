package scan

import (
	"cmp"
	"slices"
)

// ExposureSchema is the version of a line about something reachable from outside.
const ExposureSchema = "fob.exposure/1"

// Exposure is something that is reachable from outside the account: an address, a name,
// a bucket, a queue, a topic, a role, a URL; and the chain that makes it so.
type Exposure struct {
	Schema   string      `json:"schema"`
	Account  AccountRef  `json:"account"`
	Region   string      `json:"region"`
	Service  string      `json:"service"`
	Resource ResourceRef `json:"resource"`
	// Where is what somebody outside would use: "203.0.113.7", "https://…", an ARN.
	Where string `json:"where"`
	// What may be done there: "tcp 22", "s3:GetObject", "sts:AssumeRole".
	What []string `json:"what"`
	// Who may: "everyone", "account 210987654321".
	Who string `json:"who"`
	// Chain is what joins up to it, one step each, outermost first.
	Chain []ChainStep `json:"chain"`
	// Unread is what decides and was not read: then it may or may not be reachable.
	Unread []*ReadError `json:"unread,omitempty"`
}

// ChainStep is one link: the resource, and what of it lets the next be reached.
type ChainStep struct {
	ARN  string `json:"arn"`
	Type string `json:"type"`
	Says string `json:"says"`
}

// Everyone is [Exposure.Who] for the whole internet, or everyone with an AWS account.
const Everyone = "everyone"

// Surface returns everything of an account that is reachable from outside, sorted by
// service, region and ARN; what may be reachable, as what decides was not read, among
// it. What no selected check needed to read is left out. trusted are foreign accounts
// that may be let in, which are not outside.
func Surface(f *Facts, trusted ...string) []Exposure {
	p := &Params{Facts: f, Trusted: trusted}
	var out []Exposure
	for _, part := range surfaceParts() {
		for _, x := range part(p) {
			if !asked(x.Unread) {
				continue
			}
			x.Schema, x.Account = ExposureSchema, AccountRef{ID: f.Account, Name: f.Name}
			x.Resource.Tags, x.What, x.Chain = orEmpty(x.Resource.Tags), orNone(slices.Clone(x.What)), orNone(x.Chain)
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Exposure) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Resource.ARN, b.Resource.ARN), cmp.Compare(a.Resource.Type, b.Resource.Type),
			cmp.Compare(a.Where, b.Where), cmp.Compare(a.Who, b.Who), cmp.Compare(min(1, len(a.Unread)), min(1, len(b.Unread))))
	})
	return withoutRepeats(out)
}

// surfaceParts are the kinds of ways in. A service whose ways in take more than one
// verdict to tell has a part of its own here; for the others a row of [exposingChecks]
// does.
func surfaceParts() []func(*Params) []Exposure {
	return []func(*Params) []Exposure{instanceSurface, interfaceSurface, roleSurface, checkSurface}
}

// asked says whether an exposure is sure, or hangs on something that was asked for.
func asked(unread []*ReadError) bool {
	return len(unread) == 0 || slices.ContainsFunc(unread, func(e *ReadError) bool { return e != nil && e.Why != NotPlanned && e.Why != Disabled })
}

// withoutRepeats puts neighbours together: what several checks say of one resource is one.
func withoutRepeats(all []Exposure) (out []Exposure) {
	for _, x := range all {
		n := len(out) - 1
		if n < 0 || !out[n].same(&x) {
			out = append(out, x)
			continue
		}
		o := &out[n]
		for _, w := range x.What {
			if !slices.Contains(o.What, w) {
				o.What = append(o.What, w)
			}
		}
		o.Chain = joinChains(o.Chain, x.Chain)
		o.Unread = once(append(o.Unread, x.Unread...))
	}
	return out
}

// joinChains adds the steps of another chain. Where both end at the same, it stays the
// end.
func joinChains(a, b []ChainStep) []ChainStep {
	at := len(a)
	if at > 0 && len(b) > 0 && a[at-1] == b[len(b)-1] {
		at--
	}
	for _, step := range b {
		if !slices.Contains(a, step) {
			a = slices.Insert(a, at, step)
			at++
		}
	}
	return a
}

// same says whether another exposure is of the same resource, to the same people, and
// as sure.
func (x *Exposure) same(o *Exposure) bool {
	return x.Service == o.Service && x.Region == o.Region && x.Resource.ARN == o.Resource.ARN && x.Resource.Type == o.Resource.Type &&
		x.Where == o.Where && x.Who == o.Who && (len(x.Unread) > 0) == (len(o.Unread) > 0)
}

// reference names a resource as findings do.
func (r *Resource) reference() ResourceRef {
	return ResourceRef{ARN: r.ARN, Type: r.Type, Name: r.Name, Tags: r.Tags}
}

// unlisted is for resources of a kind that there may be and that were not listed.
func (p *Params) unlisted(k *Kind) (out []Exposure) {
	regions := p.Regions
	if k.Scope == Once {
		regions = []string{Global}
	}
	for _, region := range regions {
		if err := p.ListError(k, region); err != nil {
			out = append(out, Exposure{Region: region, Service: k.Service, Resource: ResourceRef{Type: k.Type, Name: "*"}, Where: "*", Who: Everyone, Unread: []*ReadError{err}})
		}
	}
	return out
}
