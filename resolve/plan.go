package resolve

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Plan is how to get from the root of trust to credentials: data, nothing has
// happened yet.
type Plan struct {
	// Profile is the profile that was chosen, "" for a source that is none.
	Profile string
	// Chosen says how it was chosen: "-p", "AWS_PROFILE", "the environment's keys"…
	Chosen string
	// Steps lead from a source to the answer; never empty.
	Steps []Step
	// Service is where the steps' calls go.
	Service Service
	// RegionFrom says where the region comes from; "" when fob picked it.
	RegionFrom Origin
	// ProfileRegion is the region that the files give the profile, which is what
	// `fob env` exports: the variables that it wrote last must not decide.
	ProfileRegion string
	// Warnings are what the user should know of the files and variables.
	Warnings []string
}

// Request is what the command line asks for. The zero value asks for whatever
// the environment and the files say.
type Request struct {
	Profile     string // -p
	CSV         string // --csv-credentials: a file that is a source for this call
	CSVUser     string // which of its users, "" when it holds one
	MFASerial   string // --mfa-serial
	Region      string // --region
	RoleARN     string // --role-arn, on top of the profile
	ExternalID  string
	SessionName string
	Duration    time.Duration
	// The rest of what the role's session is given, as a person writes it.
	SourceIdentity string
	SessionTags    []string // Key=Value
	TransitiveTags []string // keys of SessionTags
	PolicyARNs     []string
	Policy         string // JSON, or file://PATH
}

// Plan makes the plan for a request. It reads only what the planner was given,
// calls nothing and asks nobody. Errors are *ConfigError, *MissingProfileError
// and ErrNoCredentials, or come from reading a CSV file or the index of keys.
func (pl *Planner) Plan(req Request) (*Plan, error) {
	b := &builder{Planner: pl, req: req, plan: &Plan{}}
	source, err := b.choose()
	if err != nil {
		return nil, err
	}
	if err := b.locate(source.profile); err != nil {
		return nil, err
	}
	b.plan.Chosen = source.chosen
	if b.plan.Steps, err = source.steps(); err != nil {
		return nil, err
	}
	if err := b.addRequestedRole(); err != nil {
		return nil, err
	}
	b.settleRegion()
	return b.plan, nil
}

// addRequestedRole puts the role of --role-arn on top.
func (b *builder) addRequestedRole() error {
	if b.req.RoleARN == "" {
		return nil
	}
	role := RoleStep{Profile: b.plan.Profile, At: Origin{Name: "--role-arn"}, ARN: b.req.RoleARN, ExternalID: b.req.ExternalID,
		SessionName: b.req.SessionName, Duration: b.req.Duration, Service: b.plan.Service}
	if role.SessionName == "" {
		role.SessionName = b.SessionName()
	}
	err := checkRequestedRole(role)
	if err == nil {
		role.Session, err = b.requestedSession()
	}
	if err != nil {
		return err
	}
	steps, err := b.addRole(b.plan.Steps, role, mfaDevice{}, DefaultSessionDuration)
	if err != nil {
		return err
	}
	b.plan.Steps = steps
	return nil
}

// checkRequestedRole holds the flags against the rules that a profile's keys obey.
func checkRequestedRole(r RoleStep) error {
	bad := func(flag, fact, fix string) error {
		return &ConfigError{Profile: r.Profile, At: Origin{Name: flag}, Fact: fact, Fix: fix}
	}
	switch {
	case !strings.HasPrefix(r.ARN, "arn:"):
		return bad("--role-arn", fmt.Sprintf("%q is not an ARN", r.ARN), "--role-arn arn:aws:iam::123456789012:role/Name")
	case !isSessionName(r.SessionName):
		return bad("--role-session-name", "other characters than A-Z a-z 0-9 _ + = , . @ - or not 2 to 64 of them", "")
	case r.Duration != 0 && (r.Duration < minDuration || r.Duration > maxRoleDuration):
		return bad("--duration", "not from 15 minutes to 12 hours", "--duration 1h")
	}
	return nil
}

// settleRegion gives a plan that calls AWS a region when nothing names one,
// never the global endpoint, and says so.
func (b *builder) settleRegion() {
	if b.plan.Service.Region != "" {
		return
	}
	region := "us-east-1"
	for _, s := range b.plan.Steps {
		switch arnPartition(s) {
		case "aws-cn":
			region = "cn-north-1"
		case "aws-us-gov":
			region = "us-gov-west-1"
		}
	}
	b.plan.Service.Region = region
	calls := false
	for i, s := range b.plan.Steps {
		switch s := s.(type) {
		case MFAStep:
			s.Service.Region, calls = region, true
			b.plan.Steps[i] = s
		case RoleStep:
			s.Service.Region, calls = region, true
			b.plan.Steps[i] = s
		case WebIdentityStep:
			s.Service.Region, calls = region, true
			b.plan.Steps[i] = s
		case LoginStep:
			if s.Service.Region == "" {
				s.Service.Region, calls = region, true
				b.plan.Steps[i] = s
			}
		}
	}
	if calls && b.plan.Service.STS == "" {
		b.warn("no region is configured: AWS is called in %s (set region in the profile, AWS_REGION or --region)", region)
	}
}

func arnPartition(s Step) string {
	arn := ""
	switch s := s.(type) {
	case MFAStep:
		arn = s.Serial
	case RoleStep:
		arn = s.ARN
	case WebIdentityStep:
		arn = s.ARN
	case LoginStep:
		arn = s.Session
	}
	return partitionOfARN(arn)
}

// direct is the plan that sends the code with AssumeRole where this one gets an
// MFA session first, for accounts that deny GetSessionToken; nil when there is
// no such place.
func (p *Plan) direct() *Plan {
	for i := 1; i+1 < len(p.Steps); i++ {
		m, isMFA := p.Steps[i].(MFAStep)
		role, isRole := p.Steps[i+1].(RoleStep)
		if !isMFA || !isRole {
			continue
		}
		role.Serial, role.Process, role.ProcessAt = m.Serial, m.Process, m.ProcessAt
		d := *p
		d.Steps = append(append([]Step{}, p.Steps[:i]...), role)
		d.Steps = append(d.Steps, p.Steps[i+2:]...)
		return &d
	}
	return nil
}

// AccountID is the account that the plan's answer will belong to, as far as
// names tell; "" when they do not.
func (p *Plan) AccountID() string {
	for i := len(p.Steps) - 1; i >= 0; i-- {
		id := ""
		switch s := p.Steps[i].(type) {
		case RoleStep:
			return accountOfARN(s.ARN)
		case MFAStep:
			id = accountOfARN(s.Serial)
		case WebIdentityStep:
			id = accountOfARN(s.ARN)
		case SSOStep:
			id = accountID(s.AccountID)
		case LoginStep:
			id = accountOfARN(s.Session)
		case ProcessStep:
			id = s.AccountID
		case KeyStep:
			if id = s.AccountID; id == "" {
				id = accountOfKeyID(s.AccessKeyID)
			}
		case StaticStep:
			if id = s.AccountID; id == "" {
				id = accountOfKeyID(s.AccessKeyID)
			}
		}
		if id != "" {
			return id
		}
	}
	return ""
}

// warn keeps a warning once: a key may be read on more than one way to the plan.
func (b *builder) warn(format string, a ...any) {
	if text := fmt.Sprintf(format, a...); !slices.Contains(b.plan.Warnings, text) {
		b.plan.Warnings = append(b.plan.Warnings, text)
	}
}
