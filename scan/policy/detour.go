package policy

import "strings"

// takeover is the first other user or role whom the identity can both make stronger and
// act as.
func (i *Identity) takeover(around Surroundings) (Escalation, bool) {
	if around == nil {
		return Escalation{}, false
	}
	for _, w := range takeovers() {
		if w.each(i.every(w.target), nil, i.Can) == nil {
			continue // on nothing of the kind
		}
		for _, arn := range around.Others(w.target.kind()) {
			if refs := w.each(arn, nil, i.Can); refs != nil {
				return Escalation{w.name, arn, refs}, true
			}
		}
	}
	return Escalation{}, false
}

func takeovers() (out []way) {
	for _, strengthen := range []string{"Attach", "Put"} {
		for _, take := range []string{"CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile"} {
			out = append(out, chain(otherUser, strengthen+"UserPolicy", take))
		}
		w := chain(otherRole, strengthen+"RolePolicy", "UpdateAssumeRolePolicy")
		w.on = append(w.on, "sts:assumerole")
		out = append(out, w)
	}
	return out
}

func chain(t target, first, second string) way {
	return way{name: first + " and " + second, target: t, on: []string{"iam:" + strings.ToLower(first), "iam:" + strings.ToLower(second)}}
}

// unbound is how the identity gets rid of a boundary without which it may more.
func (i *Identity) unbound(around Surroundings) (Escalation, bool) {
	if i.Boundary == nil {
		return Escalation{}, false
	}
	free := *i
	free.Boundary = nil
	if free.Admin() == nil && len(free.Escalations(around)) == 0 {
		return Escalation{}, false
	}
	for _, l := range i.lifts() {
		if refs := i.Can("iam:"+strings.ToLower(l.Name), l.Through, nil); refs != nil {
			l.Statements = refs[:1]
			return l, true
		}
	}
	return Escalation{}, false
}

// lifts are what would take the boundary off, or make it say something else. That of a
// policy of AWS stays what it is.
func (i *Identity) lifts() []Escalation {
	kind := "Role"
	if i.User != "" {
		kind = "User"
	}
	out := []Escalation{{Name: "Delete" + kind + "PermissionsBoundary", Through: i.ARN}, {Name: "Put" + kind + "PermissionsBoundary", Through: i.ARN}}
	if !strings.Contains(i.Boundary.Name, ":iam::aws:") {
		out = append(out, Escalation{Name: "CreatePolicyVersion", Through: i.Boundary.Name})
	}
	return out
}
