package scan

import "slices"

// icmp adds ICMP to what is open. Rules for it name types where others name ports: of
// an interface that lets everyone in for one of them, ICMP is open.
func (w *wayIn) icmp(sure, unsure *openings) {
	names := []string{"icmp", "1", "-1"}
	if w.family == 6 {
		names = []string{"icmpv6", "58", "-1"}
	}
	all := ports{names[0], 0, lastPort}
	var grants []ownGrant
	for _, g := range w.grants {
		if slices.Contains(names, g.protocol) {
			g.protocol, g.from, g.to = all.protocol, all.from, all.to
			grants = append(grants, g)
		}
	}
	d := doorOf(netService{protocol: all.protocol, to: lastPort}, w.family, grants, w.hidden, w.acl.forICMP(names), w.missing)
	w.sort(all, &d, sure, unsure)
}

// forICMP is the packet filter as ICMP meets it. Entries that deny single types leave
// others open.
func (n *NetworkAcl) forICMP(names []string) *NetworkAcl {
	if n == nil {
		return nil
	}
	only := *n
	only.Entries = slices.Clone(n.Entries)
	for i := range only.Entries {
		e := &only.Entries[i]
		part := e.IcmpTypeCode != nil && e.IcmpTypeCode.Type >= 0
		if slices.Contains(names, e.Protocol) && !(part && e.RuleAction != "allow") {
			e.Protocol = "-1"
		} else {
			e.Protocol = "none" // kept, so that the places of the others are right
		}
	}
	return &only
}
