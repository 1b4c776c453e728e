package cli

import (
	"maps"
	"slices"

	"fob/internal/display"
)

// Network is how calls reach AWS, as the environment and the profile of an [Access] say
// it to every SDK. The zero Network is AWS's plain endpoints and the system's roots.
type Network struct {
	FIPS, DualStack bool
	Endpoints       map[string]string // in the place of AWS's own, by the SDKs' id of the service
	CABundle        []byte            // PEM, in the place of the system's roots
}

// Network says how these services are called. It warns of hosts that are not AWS's.
// Errors have fob's three lines, see [Failed].
func (x *Access) Network(services ...string) (Network, error) {
	d := x.door
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	n, err := d.network(x, services)
	if err != nil {
		return Network{}, d.advise(err, "", x.want.Profile)
	}
	for _, endpoint := range slices.Sorted(maps.Values(n.Endpoints)) {
		if host := x.plan.Service.Foreign(endpoint); host != "" {
			d.r.a.p.warn(display.Text(host) + " is called instead of AWS")
		}
	}
	return n, nil
}

func (d *Door) network(x *Access, services []string) (n Network, err error) {
	a, s := d.r.a, x.plan.Service
	pl, err := a.planner()
	if err != nil {
		return n, err
	}
	a.g.Profile = x.want.Profile
	n.FIPS, n.DualStack = s.FIPS, s.DualStack
	if n.Endpoints, err = pl.Endpoints(a.request(roleFlags{}), services...); err == nil {
		n.CABundle, err = caBundle(s)
	}
	return n, err
}
