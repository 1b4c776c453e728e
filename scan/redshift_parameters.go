package scan

import (
	"fmt"
	"strings"
)

// RedshiftParameterGroup are the settings of clusters. Only those in use are here.
type RedshiftParameterGroup struct {
	Resource
	Parameters Val[[]RedshiftParameter] `op:"redshift:DescribeClusterParameters"`
}

// RedshiftParameter is one of them.
type RedshiftParameter struct{ ParameterName, ParameterValue string }

// RedshiftGroupUse is a parameter group as a cluster uses it.
type RedshiftGroupUse struct {
	ParameterGroupName         string
	ClusterParameterStatusList []struct {
		ParameterName        string
		ParameterApplyStatus string // in-sync, pending-reboot, ...
	}
}

// waits says whether the cluster runs with another value of a parameter than the group
// has, and where that stands. A cluster that does not tell is taken to have the group's.
func (u *RedshiftGroupUse) waits(name string) (yes bool, at Evidence) {
	for i, x := range u.ClusterParameterStatusList {
		if s := x.ParameterApplyStatus; x.ParameterName == name && s != "" && s != "in-sync" {
			return true, Evidence{fmt.Sprintf("ClusterParameterStatusList[%d].ParameterApplyStatus", i), s}
		}
	}
	return false, Evidence{}
}

// set says whether a switch of the group is on. An error says that this is not known.
func (g *RedshiftParameterGroup) set(name string) (on bool, at Evidence, err *ReadError) {
	const op = "redshift:DescribeClusterParameters"
	for i, x := range g.Parameters.V {
		if x.ParameterName == name {
			return strings.EqualFold(x.ParameterValue, "true"), Evidence{fmt.Sprintf("Parameters[%d].ParameterValue", i), x.ParameterValue}, nil
		}
	}
	if g.Parameters.State == Unread && g.Parameters.Err != nil {
		return false, Evidence{}, g.Parameters.Err
	}
	return false, Evidence{}, &ReadError{Op: op, Action: op, Resource: g.ARN, Region: g.Region, Why: Failed, Code: "bad-answer: no " + name}
}

// redshiftTLS: clusters take the setting over when they are rebooted.
func redshiftTLS(g *RedshiftParameterGroup, p *Params) Verdict {
	on, at, err := g.set("require_ssl")
	switch {
	case err != nil:
		return Unknown(err)
	case !on:
		return Fail("the parameter group lets clients connect without TLS").At(at.Path, at.Value)
	}
	for _, c := range All[RedshiftCluster](p.Facts, g.Region) {
		for i, use := range c.ClusterParameterGroups {
			if waits, where := use.waits("require_ssl"); waits && use.ParameterGroupName == g.Name {
				return Fail("the cluster %s lets clients connect without TLS until it is rebooted", c.Name).
					At(fmt.Sprintf("%s:ClusterParameterGroups[%d].%s", c.Name, i, where.Path), where.Value)
			}
		}
	}
	return Pass("the parameter group requires TLS")
}
