package resolve

import (
	"fmt"
	"net/url"
	"strings"
)

// Console is AWS's console in a region, and where a browser is signed in to it.
type Console struct {
	Partition string
	Region    string

	domain  string   // of the partition's pages
	signIn  *url.URL // where one signs in
	foreign bool     // it is an override that is not AWS's
	service Service
}

// consoleDomain is what the partition's sign-in ("REGION.signin.") and console
// ("REGION.console.") are in, and the region that was its first. ok is false for a
// partition that is not known.
//
// The sign-in's domains are those of the SDK's endpoint rule set for AWS Sign-In.
// The consoles of aws, aws-cn, aws-us-gov and aws-eusc are in the same domains;
// that those of the other partitions are, too, AWS does not publish.
func consoleDomain(partition string) (domain, first string, ok bool) {
	switch partition {
	case "aws":
		return "aws.amazon.com", "us-east-1", true
	case "aws-cn":
		return "amazonaws.cn", "cn-north-1", true
	case "aws-us-gov":
		return "amazonaws-us-gov.com", "us-gov-west-1", true
	case "aws-eusc":
		return "amazonaws-eusc.eu", "eusc-de-east-1", true
	case "aws-iso":
		return "c2shome.ic.gov", "us-iso-east-1", true
	case "aws-iso-b":
		return "sc2shome.sgov.gov", "us-isob-east-1", true
	case "aws-iso-e":
		return "csphome.adc-e.uk", "eu-isoe-west-1", true
	case "aws-iso-f":
		return "csphome.hci.ic.gov", "us-isof-south-1", true
	}
	return "", "", false
}

// Console is the console for who a plan ends in. With logout its sign-in is that
// of the partition's first region: no other sends a browser on after signing out.
//
// AWS_ENDPOINT_URL_SIGNIN and its relatives name another sign-in, by the rules of
// every endpoint; a file may not name one outside of AWS and loopback, as the call
// carries credentials.
func (pl *Planner) Console(p *Plan, logout bool) (Console, error) {
	c := Console{Partition: p.partition(), Region: p.Service.Region, service: p.Service}
	fault := func(fact, fix string) error {
		return &ConfigError{Profile: p.Profile, Fact: fact, Fix: fix}
	}
	domain, first, ok := consoleDomain(c.Partition)
	if p.RegionFrom == (Origin{}) && ok {
		c.Region = first // nobody chose one
	}
	switch {
	case !ok:
		return c, fault(fmt.Sprintf("partition %q has no console that fob knows", c.Partition), "")
	case Partition(c.Region) != c.Partition:
		return c, fault(fmt.Sprintf("the credentials are of partition %s, and the region %s is in %s", c.Partition, c.Region, Partition(c.Region)), "--region "+first)
	}
	c.domain = domain
	region := c.Region
	if logout {
		region = first
	}
	c.signIn = &url.URL{Scheme: "https", Host: region + ".signin." + domain}
	override, err := pl.signInOverride(p, c.Partition)
	if err != nil || override == "" {
		return c, err
	}
	if c.signIn, err = url.Parse(override); err != nil {
		return c, err
	}
	host := c.signIn.Hostname()
	c.foreign = !isLoopback(host) && !isAWSHost(host, c.Partition) && !strings.HasSuffix(host, ".signin."+domain)
	return c, nil
}

// signInOverride is another endpoint of AWS Sign-In for a plan, "" for AWS's own.
func (pl *Planner) signInOverride(p *Plan, partition string) (string, error) {
	b := &builder{Planner: pl, plan: &Plan{}}
	var chosen *Profile
	if p.Profile != "" {
		var err error
		if chosen, err = b.find(p.Profile); err != nil {
			return "", err
		}
	}
	raw, from, err := b.endpoint(chosen, "SIGNIN", "signin")
	if err == nil && raw != "" {
		err = checkSignInEndpoint(raw, from, partition)
	}
	return raw, err
}

// partition of who a plan ends in: by the last name in it that says one, else by
// the region.
func (p *Plan) partition() string {
	for i := len(p.Steps) - 1; i >= 0; i-- {
		if s, ok := p.Steps[i].(SSOStep); ok {
			return Partition(s.Service.Region)
		}
		if named := arnPartition(p.Steps[i]); named != "" {
			return named
		}
	}
	return Partition(p.Service.Region)
}

// Page is the URL of a page by its path, which begins with a slash.
func (c Console) Page(path string) string {
	return "https://" + c.Region + ".console." + c.domain + path
}

// Destination reads where a person wants to go in the console: a path, or the URL
// of a page of this partition's console.
func (c Console) Destination(text string) (string, error) {
	page := text
	if strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") {
		page = c.Page(text)
	}
	u, err := url.Parse(page)
	console := "console." + c.domain
	switch {
	case err != nil || len(page) > maxDestination || strings.ContainsFunc(page, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }):
		return "", fmt.Errorf("%.80q is not a URL", text)
	case u.Scheme != "https" || u.User != nil || u.Port() != "":
		return "", fmt.Errorf("%.80q is neither a path nor an https:// URL without port and user", text)
	case u.Host != console && !strings.HasSuffix(u.Host, "."+console):
		return "", fmt.Errorf("%.80q is not a page of the console of partition %s, https://%s", text, c.Partition, console)
	}
	return page, nil
}

// maxDestination in bytes; URLs beyond it reach the limits of servers.
const maxDestination = 4096
