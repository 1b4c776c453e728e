package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// exceptions writes exceptions: a list of paths for each rule of each service. The file
// that the first tools took has them under services and exceptions.
func (c *converter) exceptions(root *old) string {
	if services := root.get("services"); services != nil {
		root = &old{members: []member{}}
		for _, s := range services.members {
			if e := s.value.get("exceptions"); e != nil {
				root.members = append(root.members, member{s.name, e})
			}
		}
	}
	var list strings.Builder
	for _, service := range root.members {
		for _, rule := range service.value.members {
			list.WriteString(c.excepted(service.name, rule))
		}
	}
	out := comment("Converted from "+c.name+". Say why each failure is meant to be, who answers for it,") + comment("and when to look again (expires: 2027-03-31).")
	if list.Len() == 0 {
		return out + "exceptions: []\n"
	}
	return out + "exceptions:\n" + list.String()
}

// excepted writes the exceptions of one rule.
func (c *converter) excepted(service string, rule member) string {
	place := service + "." + rule.name
	file, args := ruleOf(rule.name)
	ids := c.tookOver(file, args)
	paths := rule.value.texts()
	if len(ids) == 0 {
		c.leave(place, "%d exceptions: %s", len(paths), c.noCheck(file))
		return ""
	}
	types, checks := c.typesOf(ids), strings.Join(ids, " and ")
	var globs []string
	seen := map[string]bool{}
	for _, path := range paths {
		at := place + ": " + path
		r, whole, why := c.resourceOf(path)
		if why == "" && !slices.Contains(types, r.kind) {
			why = checks + " judges " + strings.Join(types, " and ") + ", not " + r.kind
		}
		if why != "" {
			c.leave(at, "%s", why)
			continue
		}
		if !whole {
			c.note(at, "the exception is for all of %s, as far as %s goes; the path named a part", r.arn, checks)
		}
		if !seen[r.arn] {
			globs = append(globs, r.arn)
		}
		seen[r.arn] = true
	}
	if len(globs) == 0 {
		return ""
	}
	return fmt.Sprintf("  - check: %s\n    resource: %s\n    reason: %s\n", flow(ids), flow(globs), quote("converted from "+c.name+", rule "+rule.name))
}

// typesOf are the types of resources that checks are about.
func (c *converter) typesOf(ids []string) (out []string) {
	for _, x := range c.checks {
		if slices.Contains(ids, x.ID) {
			out = append(out, strings.Split(x.Type, ";")...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// oldResource is a resource that a path names.
type oldResource struct{ arn, kind string }

// place is where in the old tools' data a type of resource is, and what its ARN is made
// of: R is the region, and the last id the resource's.
type place struct {
	path, arn, kind string
	id              string // the form of an id that no other account has
	match           *regexp.Regexp
}

func places() []place {
	const regional = `^(?:ec2|vpc)\.regions\.R\.`
	list := []place{
		{path: regional + `(?:vpcs\.[^.]+\.)?security_groups\.ID`, arn: "arn:*:ec2:R:*:security-group/ID", kind: "AWS::EC2::SecurityGroup", id: `sg-[0-9a-f]+`},
		{path: regional + `(?:vpcs\.[^.]+\.)?instances\.ID`, arn: "arn:*:ec2:R:*:instance/ID", kind: "AWS::EC2::Instance", id: `i-[0-9a-f]+`},
		{path: regional + `volumes\.ID`, arn: "arn:*:ec2:R:*:volume/ID", kind: "AWS::EC2::Volume", id: `vol-[0-9a-f]+`},
		{path: regional + `snapshots\.ID`, arn: "arn:*:ec2:R:*:snapshot/ID", kind: "AWS::EC2::Snapshot", id: `snap-[0-9a-f]+`},
		{path: regional + `images\.ID`, arn: "arn:*:ec2:R:*:image/ID", kind: "AWS::EC2::Image", id: `ami-[0-9a-f]+`},
		{path: regional + `vpcs\.[^.]+\.network_acls\.ID`, arn: "arn:*:ec2:R:*:network-acl/ID", kind: "AWS::EC2::NetworkAcl", id: `acl-[0-9a-f]+`},
		{path: regional + `vpcs\.[^.]+\.subnets\.ID`, arn: "arn:*:ec2:R:*:subnet/ID", kind: "AWS::EC2::Subnet", id: `subnet-[0-9a-f]+`},
		{path: regional + `vpcs\.[^.]+\.route_tables\.ID`, arn: "arn:*:ec2:R:*:route-table/ID", kind: "AWS::EC2::RouteTable", id: `rtb-[0-9a-f]+`},
		{path: regional + `vpcs\.ID`, arn: "arn:*:ec2:R:*:vpc/ID", kind: "AWS::EC2::VPC", id: `vpc-[0-9a-f]+`},
		{path: `^efs\.regions\.R\.filesystems\.ID`, arn: "arn:*:elasticfilesystem:R:*:file-system/ID", kind: "AWS::EFS::FileSystem", id: `fs-[0-9a-f]+`},
		{path: `^kms\.regions\.R\.keys\.ID`, arn: "arn:*:kms:R:*:key/ID", kind: "AWS::KMS::Key", id: `[0-9a-f]{8}-[0-9a-f-]{27}`},
	}
	for i, p := range list {
		pattern := strings.NewReplacer("R", `([a-z]{2}(?:-[a-z]+)+-\d)`, "ID", `(`+p.id+`)`).Replace(p.path)
		list[i].match = regexp.MustCompile(pattern + `(\..+)?$`)
	}
	return list
}

// resourceOf says which resource a path names. whole says that it names nothing in it.
// Where no ARN can be made, why says what is missing.
func (c *converter) resourceOf(path string) (r oldResource, whole bool, why string) {
	if c.places == nil {
		c.places = places()
	}
	path = strings.TrimPrefix(path, "services.")
	if strings.TrimSpace(path) == "" {
		return r, false, "the path is empty: the old tools could not save it"
	}
	for _, p := range c.places {
		if m := p.match.FindStringSubmatch(path); m != nil {
			return oldResource{strings.NewReplacer("R", m[1], "ID", m[2]).Replace(p.arn), p.kind}, m[3] == "", ""
		}
	}
	if m := regexp.MustCompile(`^s3\.buckets\.([^.]+)(\..+)?$`).FindStringSubmatch(path); m != nil {
		if regexp.MustCompile(`^[0-9a-f]{38,40}$`).MatchString(m[1]) {
			return r, false, "the path has a checksum of the bucket's name: write its ARN, arn:aws:s3:::NAME, yourself"
		}
		if regexp.MustCompile(`^[a-z0-9][a-z0-9-]{2,62}$`).MatchString(m[1]) {
			return oldResource{"arn:*:s3:::" + m[1], "AWS::S3::Bucket"}, m[2] == "", ""
		}
	}
	if m := regexp.MustCompile(`^iam\.(?:users|groups|roles|policies)\.([A-Z]{4}[A-Z0-9]{12,})`).FindStringSubmatch(path); m != nil {
		return r, false, m[1] + " is an id, and ARNs have names: write the ARN yourself"
	}
	return r, false, "the path names nothing that no other account has: write the ARN, and the account, yourself"
}
