package resolve

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fob/internal/awsfile"
	"fob/internal/keycsv"
)

// Planner makes plans from what it is given.
type Planner struct {
	// Files are the AWS files; never nil.
	Files *awsfile.Files
	// Getenv reads the environment; never nil.
	Getenv func(string) string
	// Stored looks a profile up in the index of the keychain's keys; nil: no keys are stored.
	Stored func(profile string) (StoredKey, bool, error)
	// CSV reads the key of a user ("" for the only one) from a file of --csv-credentials.
	CSV func(path, user string) (keycsv.Key, error)
	// SessionName gives the role session name for profiles that have none; never
	// nil when there are roles.
	SessionName func() string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// ReadFile reads the file of an inline policy; nil means a regular file of at
	// most 64 KiB.
	ReadFile func(path string) ([]byte, error)
	// ProcessIsSelf says whether a credential_process is fob for this profile; nil: never.
	ProcessIsSelf func(command, profile string) bool
}

// StoredKey is what the index says of a key in the keychain. It holds no secret.
type StoredKey struct {
	AccessKeyID string
	MFASerial   string
	AccountID   string
}

func (pl *Planner) now() time.Time {
	if pl.Now == nil {
		return time.Now()
	}
	return pl.Now()
}

// env reads a variable. A blank one counts as unset.
func (pl *Planner) env(name string) string { return strings.TrimSpace(pl.Getenv(name)) }

// builder is one plan in the making.
type builder struct {
	*Planner
	req  Request
	plan *Plan
	path []string // the profiles being resolved, outermost first
	// chosen is the profile whose region and endpoints count, nil for a source
	// that is no profile.
	chosen *Profile
}

// Profile is a profile of the files, of the keychain, or of both.
type Profile struct {
	Name    string
	section awsfile.Section
	stored  StoredKey
	isKept  bool // there is a key in the keychain
}

// find reads a profile.
func (b *builder) find(name string) (*Profile, error) {
	p := &Profile{Name: name}
	section, inFiles, err := b.section(name)
	if err != nil {
		return nil, err
	}
	p.section = section
	for _, w := range section.Warnings {
		b.warn("%s", w)
	}
	if b.Stored != nil {
		if p.stored, p.isKept, err = b.Stored(name); err != nil {
			return nil, err
		}
	}
	if !inFiles && !p.isKept {
		return nil, &MissingProfileError{Profile: name, Hint: b.Files.NotFoundHint(name)}
	}
	return p, nil
}

// section reads a profile's section. A file that a variable names and that is
// not there is an error only for a profile that is not elsewhere.
func (b *builder) section(name string) (awsfile.Section, bool, error) {
	s, err := b.Files.Profile(name)
	return s, err == nil, sectionError(name, err)
}

// sectionError turns awsfile's errors into ours; a section that is not there is none.
func sectionError(profile string, err error) error {
	var syntax *awsfile.SyntaxError
	var missing *awsfile.MissingFileError
	switch {
	case err == nil || errors.Is(err, awsfile.ErrNotFound):
		return nil
	case errors.As(err, &syntax):
		return &ConfigError{Profile: profile, At: Origin{File: syntax.File, Line: syntax.Line}, Fact: syntax.Text}
	case errors.As(err, &missing):
		return &ConfigError{Profile: profile, At: Origin{Name: missing.Variable}, Fact: fmt.Sprintf("names %q, which does not exist", missing.Path), Fix: "unset " + missing.Variable + ", or name a file that is there"}
	}
	return &ConfigError{Profile: profile, Fact: err.Error()}
}

func asMissing(err error, target **MissingProfileError) bool { return errors.As(err, target) }

// value of the first of the keys that has one. The first is AWS's name, the
// others are older spellings; where two differ AWS's wins.
func (b *builder) value(p *Profile, keys ...string) (awsfile.Value, bool) {
	var found awsfile.Value
	have := ""
	for _, k := range keys {
		v, ok := p.section.Get(k)
		if !ok || v.Text == "" {
			continue
		}
		if have == "" {
			found, have = v, k
		} else if v.Text != found.Text {
			b.warn("%s: %s and %s differ; %s is used", at(v), have, k, have)
		}
	}
	return found, have != ""
}

// text is value without its place.
func (b *builder) text(p *Profile, keys ...string) string {
	v, _ := b.value(p, keys...)
	return v.Text
}

func at(v awsfile.Value) Origin { return Origin{File: v.File, Line: v.Line} }

// The limits of STS.
const (
	minDuration        = 15 * time.Minute
	maxRoleDuration    = 12 * time.Hour
	maxSessionDuration = 36 * time.Hour
)

// seconds reads a duration in seconds; zero when there is none.
func (b *builder) seconds(p *Profile, key string, most time.Duration) (time.Duration, error) {
	v, ok := b.value(p, key)
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(v.Text)
	if err != nil || n < int(minDuration/time.Second) || n > int(most/time.Second) {
		fact := fmt.Sprintf("%s is not a number of seconds from %d to %d", key, minDuration/time.Second, most/time.Second)
		return 0, &ConfigError{Profile: p.Name, At: at(v), Fact: fact, Fix: key + " = 3600"}
	}
	return time.Duration(n) * time.Second, nil
}

// locate settles region and endpoints: the command line, the environment, the
// chosen profile, then the region of its source.
func (b *builder) locate(p *Profile) error {
	s := &b.plan.Service
	if b.chosen = p; p != nil {
		b.plan.Profile = p.Name
	}
	s.Region, b.plan.RegionFrom = b.region(p)
	b.plan.ProfileRegion, _ = b.profileRegion(p)
	if s.Region != "" && !isRegion(s.Region) {
		return &ConfigError{Profile: b.plan.Profile, At: b.plan.RegionFrom, Fact: strconv.Quote(s.Region) + " is not a region"}
	}
	s.FIPS = b.flag(p, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
	s.DualStack = b.flag(p, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
	if s.CABundle = b.env("AWS_CA_BUNDLE"); s.CABundle == "" && p != nil {
		s.CABundle = b.text(p, "ca_bundle")
	}
	endpoint, from, err := b.endpoint(p, "STS", "sts")
	if err != nil || endpoint == "" {
		return err
	}
	s.STS = endpoint
	return checkEndpoint(endpoint, from)
}

func (b *builder) region(p *Profile) (string, Origin) {
	if b.req.Region != "" {
		return b.req.Region, Origin{Name: "--region"}
	}
	for _, v := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if r := b.env(v); r != "" {
			return r, Origin{Name: v}
		}
	}
	return b.profileRegion(p)
}

// profileRegion is the region of a profile, else of its source.
func (b *builder) profileRegion(p *Profile) (string, Origin) {
	seen := map[string]bool{}
	for p != nil && !seen[p.Name] {
		seen[p.Name] = true
		if v, ok := b.value(p, "region"); ok {
			return v.Text, at(v)
		}
		next := b.text(p, "source_profile")
		if next == "" {
			break
		}
		section, ok, err := b.section(next)
		if err != nil || !ok {
			break
		}
		p = &Profile{Name: next, section: section}
	}
	return "", Origin{}
}

func isRegion(s string) bool {
	return len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// flag reads a boolean of the environment, else of the profile.
func (b *builder) flag(p *Profile, variable, key string) bool {
	v := b.env(variable)
	if v == "" && p != nil {
		v = b.text(p, key)
	}
	return strings.EqualFold(v, "true")
}

// endpoint is the override for a service: AWS's order is the service's
// variable, the global variable, the profile's [services] section, its
// endpoint_url. Only the chosen profile counts, not its source.
func (b *builder) endpoint(p *Profile, variable, service string) (string, Origin, error) {
	if b.flag(p, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") {
		return "", Origin{}, nil
	}
	for _, v := range []string{"AWS_ENDPOINT_URL_" + variable, "AWS_ENDPOINT_URL"} {
		if u := b.env(v); u != "" {
			return u, Origin{Name: v}, nil
		}
	}
	if p == nil {
		return "", Origin{}, nil
	}
	if name, ok := b.value(p, "services"); ok {
		section, err := b.Files.Services(name.Text)
		if err != nil {
			return "", Origin{}, &ConfigError{Profile: p.Name, At: at(name), Fact: "services names [services " + name.Text + "]: " + err.Error()}
		}
		if block, ok := section.Get(service); ok {
			if u, ok := block.Nested("endpoint_url"); ok {
				return u.Text, at(u), nil
			}
		}
	}
	v, _ := b.value(p, "endpoint_url")
	return v.Text, at(v), nil
}

func partitionOfARN(arn string) string {
	f := strings.SplitN(arn, ":", 3)
	if len(f) < 3 || f[0] != "arn" {
		return ""
	}
	return f[1]
}

// ServiceFor says where the calls of a profile go, also of one that is not in
// the files yet. It is what a key is checked with before it is stored.
func (pl *Planner) ServiceFor(req Request) (Service, error) {
	b := &builder{Planner: pl, req: req, plan: &Plan{}}
	p, err := b.find(req.Profile)
	var missing *MissingProfileError
	if err != nil && !asMissing(err, &missing) {
		return Service{}, err
	}
	if err := b.locate(p); err != nil {
		return Service{}, err
	}
	b.settleRegion()
	return b.plan.Service, nil
}
