package scan

// Grouped makes a check that answers once for resources that belong together, such as
// the snapshots of one volume. What ask returns is shown as the finding's resource; the
// finding is the group's own, whichever resource stands for it.
func Grouped[T any](k Of[T], c Check, group func(*T) string, ask func([]*T, *Params) (*T, Verdict)) Check {
	c.kind = k.Kind
	own, lists := c.split()
	c.run = func(f *Facts, p *Params, region string, emit func(*Resource, Verdict)) {
		c.emitListError(f, region, emit)
		var order []string
		groups := map[string][]*T{}
		for _, r := range All[T](f, region) {
			name := group(r)
			if groups[name] == nil {
				order = append(order, name)
			}
			groups[name] = append(groups[name], r)
		}
		for _, name := range order {
			shown, v := askGroup(f, region, groups[name], p, own, lists, ask)
			v.Group = name
			emit(subject(shown), v)
		}
	}
	return c
}

func askGroup[T any](f *Facts, region string, members []*T, p *Params, own []string, lists []*Kind, ask func([]*T, *Params) (*T, Verdict)) (shown *T, v Verdict) {
	shown = members[0]
	for _, r := range members {
		if missing := unread(f, r, region, own, lists); len(missing) > 0 {
			return r, Unknown(missing...)
		}
	}
	answers := safely(func(*T, *Params) []Verdict {
		r, v := ask(members, p)
		shown = r
		return []Verdict{v}
	}, shown, p)
	return shown, answers[0]
}

func subject(r any) *Resource { return r.(interface{ resource() *Resource }).resource() }
