package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fob/scan"
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
	ids := tookOver(file, args)
	paths := rule.value.texts()
	if len(ids) == 0 {
		c.leave(place, "%d exceptions: %s", len(paths), noCheck(file))
		return ""
	}
	var globs []string
	for _, path := range paths {
		at := place + ": " + path
		r, whole, why := resourceOf(path)
		switch {
		case why != "":
			c.leave(at, "%s", why)
		case !judges(ids, r.kind):
			c.leave(at, "%s judges %s, not %s", strings.Join(ids, " and "), strings.Join(typesOf(ids), " and "), r.kind)
		case !slices.Contains(globs, r.arn):
			globs = append(globs, r.arn)
		}
		if why == "" && !whole && judges(ids, r.kind) {
			c.note(at, "the exception is for all of %s, as far as %s goes; the path named a part", r.arn, strings.Join(ids, " and "))
		}
	}
	if len(globs) == 0 {
		return ""
	}
	return fmt.Sprintf("  - check: %s\n    resource: %s\n    reason: %s\n", flow(ids), flow(globs), quote("converted from "+c.name+", rule "+rule.name))
}

// judges says whether one of the checks is about a type of resource.
func judges(ids []string, typ string) bool { return slices.Contains(typesOf(ids), typ) }

func typesOf(ids []string) (out []string) {
	for _, c := range scan.Checks() {
		if slices.Contains(ids, c.ID) {
			out = append(out, strings.Split(c.Type, ";")...)
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
}

func places() []place {
	const regional = `^(?:ec2|vpc)\.regions\.R\.`
	return []place{
		{regional + `(?:vpcs\.[^.]+\.)?security_groups\.ID`, "arn:*:ec2:R:*:security-group/ID", "AWS::EC2::SecurityGroup", `sg-[0-9a-f]+`},
		{regional + `(?:vpcs\.[^.]+\.)?instances\.ID`, "arn:*:ec2:R:*:instance/ID", "AWS::EC2::Instance", `i-[0-9a-f]+`},
		{regional + `volumes\.ID`, "arn:*:ec2:R:*:volume/ID", "AWS::EC2::Volume", `vol-[0-9a-f]+`},
		{regional + `snapshots\.ID`, "arn:*:ec2:R:*:snapshot/ID", "AWS::EC2::Snapshot", `snap-[0-9a-f]+`},
		{regional + `images\.ID`, "arn:*:ec2:R:*:image/ID", "AWS::EC2::Image", `ami-[0-9a-f]+`},
		{regional + `vpcs\.[^.]+\.network_acls\.ID`, "arn:*:ec2:R:*:network-acl/ID", "AWS::EC2::NetworkAcl", `acl-[0-9a-f]+`},
		{regional + `vpcs\.[^.]+\.subnets\.ID`, "arn:*:ec2:R:*:subnet/ID", "AWS::EC2::Subnet", `subnet-[0-9a-f]+`},
		{regional + `vpcs\.[^.]+\.route_tables\.ID`, "arn:*:ec2:R:*:route-table/ID", "AWS::EC2::RouteTable", `rtb-[0-9a-f]+`},
		{regional + `vpcs\.ID`, "arn:*:ec2:R:*:vpc/ID", "AWS::EC2::VPC", `vpc-[0-9a-f]+`},
		{`^efs\.regions\.R\.filesystems\.ID`, "arn:*:elasticfilesystem:R:*:file-system/ID", "AWS::EFS::FileSystem", `fs-[0-9a-f]+`},
		{`^kms\.regions\.R\.keys\.ID`, "arn:*:kms:R:*:key/ID", "AWS::KMS::Key", `[0-9a-f]{8}-[0-9a-f-]{27}`},
	}
}

// resourceOf says which resource a path names. whole says that it names nothing in it.
// Where no ARN can be made, why says what is missing.
func resourceOf(path string) (r oldResource, whole bool, why string) {
	path = strings.TrimPrefix(path, "services.")
	if strings.TrimSpace(path) == "" {
		return r, false, "the path is empty: the old tools could not save it"
	}
	for _, p := range places() {
		pattern := strings.NewReplacer("R", `([a-z]{2}(?:-[a-z]+)+-\d)`, "ID", `(`+p.id+`)`).Replace(p.path) + `(\..+)?$`
		if m := regexp.MustCompile(pattern).FindStringSubmatch(path); m != nil {
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
