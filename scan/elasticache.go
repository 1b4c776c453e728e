package scan

// ReplicationGroup is a cache of Redis or Valkey.
type ReplicationGroup struct {
	Resource
	Status                                            string
	AtRestEncryptionEnabled, TransitEncryptionEnabled *bool
	StorageEncryptionType                             string // none, sse-elasticache, sse-kms
	TransitEncryptionMode                             string // preferred, required
}

const elasticacheList = "elasticache:DescribeReplicationGroups"

var replicationGroups = newKind[ReplicationGroup]("AWS::ElastiCache::ReplicationGroup", "elasticache", Regional, elasticacheList)

func elasticacheKinds() []*Kind { return []*Kind{replicationGroups.Kind} }

func elasticacheChecks() []Check {
	return []Check{
		Each(replicationGroups, Check{
			ID: "elasticache-at-rest", Title: "ElastiCache data unencrypted at rest", Severity: Medium,
			Service: "elasticache", Type: replicationGroups.Type,
			Why:  "What the cache swaps or syncs to disk, and its backups, lie in clear.",
			Fix:  "Restore a backup into a new replication group with encryption at rest, and move the clients over; it cannot be switched on in place.",
			Refs: []string{"fsbp:ElastiCache.4"},
		}, cacheAtRest),
		Each(replicationGroups, Check{
			ID: "elasticache-in-transit", Title: "ElastiCache traffic unencrypted", Severity: Medium,
			Service: "elasticache", Type: replicationGroups.Type,
			Why:  "Data and passwords of the cache are readable to whoever gets into the network.",
			Fix:  "Enable encryption in transit in the mode preferred, move the clients to TLS, then require it.",
			Refs: []string{"fsbp:ElastiCache.5"},
		}, cacheInTransit),
	}
}

// ended says why a group is not judged; "" for others.
func (g *ReplicationGroup) ended() string {
	switch g.Status {
	case "deleting", "create-failed":
		return "the replication group is in the state " + g.Status
	}
	return ""
}

func cacheAtRest(g *ReplicationGroup, _ *Params) Verdict {
	switch {
	case g.ended() != "":
		return NotApplicable("%s", g.ended())
	case g.AtRestEncryptionEnabled != nil && *g.AtRestEncryptionEnabled:
		return Pass("data at rest is encrypted")
	case g.StorageEncryptionType != "" && g.StorageEncryptionType != "none":
		return Pass("data at rest is encrypted with a key that AWS owns")
	case g.AtRestEncryptionEnabled == nil:
		return ec2LeftOut(elasticacheList, &g.Resource, "AtRestEncryptionEnabled")
	}
	return Fail("data at rest is not encrypted").At("AtRestEncryptionEnabled", false)
}

func cacheInTransit(g *ReplicationGroup, _ *Params) Verdict {
	switch {
	case g.ended() != "":
		return NotApplicable("%s", g.ended())
	case g.TransitEncryptionEnabled == nil:
		return ec2LeftOut(elasticacheList, &g.Resource, "TransitEncryptionEnabled")
	case !*g.TransitEncryptionEnabled:
		return Fail("traffic is not encrypted").At("TransitEncryptionEnabled", false)
	case g.TransitEncryptionMode == "preferred":
		return Fail("clients may still connect without TLS").At("TransitEncryptionMode", "preferred").As(Low)
	}
	return Pass("traffic is encrypted")
}
