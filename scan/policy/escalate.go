package policy

// Escalation is a way in which an identity reaches more than it was given.
type Escalation struct {
	Name       string // "PassRole to EC2"
	Through    string // the ARN of who or what it is used on, or a pattern of all
	Statements []Ref
}

// Surroundings are what escalations reach in the account.
type Surroundings interface {
	// Own are the customer policies that apply to the identity, and its groups, by ARN.
	Own() (policies, groups []string)
	// Stronger are the other users, groups or roles ("user", "group", "role") that may
	// everything, by ARN. Of roles, those that a service can assume; "" means any.
	Stronger(kind, service string) []string
	// Others are the other users or roles, by ARN, that the account may change.
	Others(kind string) []string
}

// Escalations returns the ways in which the identity reaches more than it was given,
// each with the statements that open it. A way counts if it is open on everything of
// its kind, on the identity itself where that is what it takes, or on a principal that
// is stronger. With nil for the surroundings only the first two are looked at. Where
// there is none, one that takes a detour is: by another principal that can be made
// stronger and taken, or by a boundary that can be lifted.
func (i *Identity) Escalations(around Surroundings) (out []Escalation) {
	for _, w := range ways() {
		if e, ok := i.escalation(w, around); ok {
			out = append(out, e)
		}
	}
	for _, roundabout := range []func(Surroundings) (Escalation, bool){i.takeover, i.unbound} {
		if len(out) > 0 {
			break
		}
		if e, ok := roundabout(around); ok {
			out = append(out, e)
		}
	}
	return out
}

func (i *Identity) escalation(w way, around Surroundings) (Escalation, bool) {
	var with []Ref
	for _, action := range w.with {
		refs := i.Can(action, "*", nil)
		if refs == nil {
			return Escalation{}, false
		}
		with = append(with, refs[0])
	}
	every := i.every(w.target)
	if refs := i.allOf(w, every, i.CanAll); refs != nil {
		return Escalation{w.name, every, append(refs, with...)}, true
	}
	if i.allOf(w, every, i.Can) == nil {
		return Escalation{}, false // on nothing of the kind
	}
	for _, arn := range i.candidates(w, around) {
		if refs := i.allOf(w, arn, i.Can); refs != nil {
			return Escalation{w.name, arn, append(refs, with...)}, true
		}
	}
	return Escalation{}, false
}

// allOf returns a statement for each action on the target, nil if one is missing.
func (i *Identity) allOf(w way, resource string, can func(string, string, map[string]string) []Ref) (out []Ref) {
	for _, service := range Services(w.service, i.Partition) {
		var known map[string]string
		if service != "" {
			known = map[string]string{"iam:passedtoservice": service}
		}
		if out = w.each(resource, known, can); out != nil {
			return out
		}
	}
	return nil
}

func (w *way) each(resource string, known map[string]string, can func(string, string, map[string]string) []Ref) (out []Ref) {
	for _, action := range w.on {
		refs := can(action, resource, known)
		if refs == nil {
			return nil
		}
		out = append(out, refs[0])
	}
	return out
}

// Services are the names that a service of AWS has in policies of a partition: in China
// some have a name of their own, ec2.amazonaws.com.cn, and some take both.
func Services(name, partition string) []string {
	if name != "" && partition == "aws-cn" {
		return []string{name, name + ".cn"}
	}
	return []string{name}
}

func (t target) kind() string {
	switch t {
	case ownPolicy:
		return "policy"
	case ownUser, otherUser:
		return "user"
	case ownGroup, otherGroup:
		return "group"
	}
	return "role"
}

// every is the pattern of all things of a kind in the account.
func (i *Identity) every(t target) string {
	return "arn:" + i.Partition + ":iam::" + i.Account + ":" + t.kind() + "/*"
}

// candidates are the things on which a way would escalate.
func (i *Identity) candidates(w way, around Surroundings) []string {
	if w.target == ownUser || w.target == ownRole {
		return []string{i.ARN}
	}
	if around == nil {
		return nil
	}
	policies, groups := around.Own()
	switch w.target {
	case ownPolicy:
		return policies
	case ownGroup:
		return groups
	}
	return around.Stronger(w.target.kind(), w.service)
}
