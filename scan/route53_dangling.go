package scan

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"fob/scan/netx"
)

// danglingRecords judges the records of a zone that lead into AWS: to an address of EC2,
// or to S3. What leads elsewhere is nobody's to take by way of AWS.
func danglingRecords(z *HostedZone, p *Params) []Verdict {
	if z.Records.State == Absent {
		return []Verdict{NotApplicable("the zone was deleted meanwhile")}
	}
	j := danglingJudge{Params: p, zone: z, ec2: netx.EC2Ranges(), own: p.addresses()}
	var out []Verdict
	for i := range z.Records.V {
		r := &z.Records.V[i]
		v := j.addresses(fmt.Sprintf("Records[%d].", i), r)
		if v.Status == "" {
			v = j.bucket(fmt.Sprintf("Records[%d].", i), r)
		}
		if v.Status != "" {
			out = append(out, v.For(strings.TrimSpace(r.Name+" "+r.Type+" "+r.SetIdentifier)))
		}
	}
	if len(out) == 0 {
		return []Verdict{NotApplicable("no record leads to an address of EC2, by its ranges of %s, or to S3", j.ec2.Date)}
	}
	return out
}

// danglingJudge is what the records of a zone are held against.
type danglingJudge struct {
	*Params
	zone *HostedZone
	ec2  *netx.EC2
	own  *Addresses
}

// addresses judges records that are addresses, or names that EC2 gives an address. No
// verdict is for those that have none of EC2.
func (j *danglingJudge) addresses(path string, r *RecordSet) Verdict {
	var all, gone []string
	var evidence []Evidence
	var unread []*ReadError
	for i, x := range r.ResourceRecords {
		addr, ok := addressOf(r.Type, x.Value)
		if !ok {
			continue
		}
		region, ok := j.ec2.Region(addr)
		if !ok {
			continue
		}
		all = append(all, x.Value)
		owned, missing := j.owned(addr, region)
		switch {
		case len(missing) > 0:
			unread = append(unread, missing...)
		case !owned:
			gone = append(gone, x.Value+" in "+region)
			evidence = append(evidence, Evidence{fmt.Sprintf("%sResourceRecords[%d].Value", path, i), x.Value})
		}
	}
	switch {
	case len(all) == 0:
		return Verdict{}
	case len(gone) > 0:
		v := Fail("%s leads to an address of EC2 that no scanned account has: %s", r.host(), someNames(gone))
		v.Evidence = evidence
		return v
	case len(unread) > 0:
		return Unknown(once(unread)...)
	}
	return Pass("%s leads to %s, which a scanned account has", r.host(), someNames(all))
}

// addressOf is the address that a record of a type leads to. The names that EC2 gives its
// addresses have them in it, and stay theirs whoever has the address:
// ec2-192-0-2-1.eu-west-1.compute.amazonaws.com.
func addressOf(typ, value string) (addr netip.Addr, ok bool) {
	switch typ {
	case "A", "AAAA":
	case "CNAME":
		host := strings.TrimSuffix(strings.ToLower(value), ".")
		first, rest, _ := strings.Cut(host, ".")
		dashed, found := strings.CutPrefix(first, "ec2-")
		if !found || !strings.HasPrefix(rest, "compute-1.amazonaws.com") && !strings.Contains(rest, ".compute.amazonaws.com") {
			return addr, false
		}
		value = strings.ReplaceAll(dashed, "-", ".")
	default:
		return addr, false
	}
	addr, err := netip.ParseAddr(value)
	return addr, err == nil
}

// owned says whether a scanned account has an address of a region. Errors say that this
// is not known.
func (j *danglingJudge) owned(addr netip.Addr, region string) (yes bool, unread []*ReadError) {
	books := []*Addresses{j.own}
	for _, account := range slices.Sorted(maps.Keys(j.Neighbours.Addresses)) {
		books = append(books, j.Neighbours.Addresses[account])
	}
	for _, b := range books {
		if b.has(addr) {
			return true, nil
		}
		unread = append(unread, b.missing(region)...)
	}
	if p := partitionOf(region); p != j.Partition && region != Global {
		return false, []*ReadError{{Why: Context, Code: "the address is of the partition " + p}}
	}
	return false, append(unread, j.outsiders()...)
}

// partitionOf is the partition of a region.
func partitionOf(region string) string {
	for prefix, partition := range map[string]string{"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"} {
		if strings.HasPrefix(region, prefix) {
			return partition
		}
	}
	return "aws"
}

// outsiders says why accounts of the organization may have an address that are not in
// the scan.
func (j *danglingJudge) outsiders() []*ReadError {
	self := j.self()
	switch {
	case !self.Organization.Known():
		return []*ReadError{orNotPlanned(self.Organization.Err)}
	case self.Organization.State == Absent:
		return nil
	}
	members := self.OrganizationAccounts
	if !members.Present() && j.Neighbours.Members.Present() {
		members = j.Neighbours.Members
	}
	if !members.Known() {
		return []*ReadError{orNotPlanned(members.Err)}
	}
	for _, m := range members.V {
		if (m.State == "" || m.State == "ACTIVE") && m.ID != j.Account && j.Neighbours.Addresses[m.ID] == nil {
			return []*ReadError{{Why: Context, Code: "account " + m.ID + " of the organization is not in the scan"}}
		}
	}
	return nil
}

// bucket judges records that lead to S3. S3 looks for a bucket of the name that it is
// asked by, which is the record's own.
func (j *danglingJudge) bucket(path string, r *RecordSet) Verdict {
	name, at, ok := r.bucket()
	if !ok {
		return Verdict{}
	}
	at.Path = path + at.Path
	if strings.HasPrefix(name, "*.") {
		return Fail("everyone may make a bucket for a name under %s, which leads to S3", r.host()).At(at.Path, at.Value)
	}
	exists, unread := j.bucketExists(name, &j.zone.Resource, j.zone.WebsiteBuckets)
	switch {
	case len(unread) > 0:
		return Unknown(unread...)
	case exists:
		return Pass("there is a bucket %s", name)
	}
	return Fail("%s leads to S3, and there is no bucket of that name; everyone may make it", r.host()).At(at.Path, at.Value)
}

// Bucket is the bucket that S3 looks for when it is asked for a record, "" if the record
// does not lead to S3, or if no one bucket could be it.
func (r *RecordSet) Bucket() string {
	name, _, ok := r.bucket()
	if !ok || strings.HasPrefix(name, "*.") {
		return ""
	}
	return name
}

func (r *RecordSet) bucket() (name string, at Evidence, ok bool) {
	name = r.host()
	switch {
	case r.AliasTarget != nil:
		at, ok = Evidence{"AliasTarget.DNSName", r.AliasTarget.DNSName}, WebsiteHost(r.AliasTarget.DNSName)
	case r.Type == "CNAME" && len(r.ResourceRecords) == 1:
		target := r.ResourceRecords[0].Value
		_, _, bucket := BucketOfHost(target)
		at, ok = Evidence{"ResourceRecords[0].Value", target}, bucket || WebsiteHost(target)
	}
	return name, at, ok && bucketName(strings.TrimPrefix(name, "*."))
}

// host is the name of the records as a client asks for it. Route 53 writes the asterisk
// as its code.
func (r *RecordSet) host() string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimSuffix(r.Name, "."), `\052`, "*"))
}

// bucketName says whether a bucket can have a name.
func bucketName(name string) bool {
	return len(name) >= 3 && len(name) <= 63 && !slices.ContainsFunc([]byte(name), func(c byte) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-'
	})
}
