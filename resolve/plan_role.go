package resolve

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fob/internal/awsfile"
)

// mfaDevice is a serial and where it was said; the zero value is none.
type mfaDevice struct {
	serial  string
	process string // mfa_process beside it
	at      Origin
	fromP   Origin // where mfa_process stands
}

// device is the MFA device of a profile: its own, or the one stored with its key.
func (b *builder) device(p *Profile) mfaDevice {
	d := mfaDevice{serial: p.stored.MFASerial, at: Origin{Name: "keychain"}}
	if v, ok := b.value(p, "mfa_serial", "aws_mfa_serial"); ok {
		d.serial, d.at = v.Text, at(v)
	}
	if v, ok := b.value(p, "mfa_process"); ok {
		d.process, d.fromP = v.Text, at(v)
	}
	return d
}

// asked is the device that counts: --mfa-serial, else d.
func (b *builder) asked(d mfaDevice) mfaDevice {
	if b.req.MFASerial != "" {
		d.serial, d.at = b.req.MFASerial, Origin{Name: "--mfa-serial"}
	}
	return d
}

// checkSerial refuses what cannot give a six-digit code.
func checkSerial(profile string, d mfaDevice) error {
	if strings.Contains(d.serial, ":u2f/") {
		return &ConfigError{Profile: profile, At: d.at, Fact: "a security key (FIDO) gives no code, and STS takes only six-digit codes", Fix: "name a virtual MFA device, or sign in through IAM Identity Center"}
	}
	if strings.ContainsAny(d.serial, " \t\r\n") || len(d.serial) < 9 || len(d.serial) > 256 {
		return &ConfigError{Profile: profile, At: d.at, Fact: "not the serial of an MFA device", Fix: "mfa_serial = arn:aws:iam::123456789012:mfa/you"}
	}
	return nil
}

// withSession puts an MFA session on a long-lived key when there is a device.
func (b *builder) withSession(base []Step, d mfaDevice, life time.Duration, profile string) ([]Step, error) {
	d = b.asked(d)
	if d.serial == "" || !longLived(base) {
		return base, nil
	}
	if err := checkSerial(profile, d); err != nil {
		return nil, err
	}
	return append(base, MFAStep{Profile: profile, At: d.at, Serial: d.serial, Process: d.process, ProcessAt: d.fromP, Duration: life, Service: b.plan.Service}), nil
}

// longLived says whether steps are one key that can ask for a session.
func longLived(steps []Step) bool {
	if len(steps) != 1 {
		return false
	}
	switch s := steps[0].(type) {
	case KeyStep:
		return true
	case StaticStep:
		return s.Token.Empty()
	}
	return false
}

// roleSteps resolves a profile with role_arn.
func (b *builder) roleSteps(p *Profile, arn awsfile.Value) ([]Step, error) {
	if file, ok := b.value(p, "web_identity_token_file"); ok {
		return b.webIdentitySteps(p, arn, file)
	}
	base, life, err := b.roleBase(p)
	if err != nil {
		return nil, err
	}
	role, err := b.role(p, arn)
	if err != nil {
		return nil, err
	}
	return b.addRole(base, role, b.device(p), life)
}

// role reads what a profile says of its role.
func (b *builder) role(p *Profile, arn awsfile.Value) (RoleStep, error) {
	r := RoleStep{Profile: p.Name, At: at(arn), ARN: arn.Text, Service: b.plan.Service,
		ExternalID:  b.text(p, "external_id", "aws_external_id"),
		SessionName: b.text(p, "role_session_name")}
	if !strings.HasPrefix(r.ARN, "arn:") {
		return r, b.fault(p, "role_arn", fmt.Sprintf("role_arn %q is not an ARN", r.ARN), "role_arn = arn:aws:iam::123456789012:role/Name")
	}
	if r.SessionName == "" {
		r.SessionName = b.SessionName()
	} else if !isSessionName(r.SessionName) {
		return r, b.fault(p, "role_session_name", "role_session_name has other characters than A-Z a-z 0-9 _ + = , . @ - or not 2 to 64 of them", "")
	}
	var err error
	if r.Duration, err = b.seconds(p, "duration_seconds", maxRoleDuration); err != nil {
		return r, err
	}
	r.Session, err = b.roleSession(p)
	return r, err
}

func isSessionName(s string) bool {
	if len(s) < 2 || len(s) > 64 {
		return false
	}
	for _, c := range s {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-", c) {
			return false
		}
	}
	return true
}

// roleBase resolves what a role is assumed with, and says how long an MFA
// session of it lives. A role without a source is an error, never a fall to
// the instance role.
func (b *builder) roleBase(p *Profile) ([]Step, time.Duration, error) {
	src, hasSource := b.value(p, "source_profile")
	named, hasNamed := b.value(p, "credential_source")
	switch {
	case hasSource && hasNamed:
		return nil, 0, b.fault(p, "credential_source", "the profile has both source_profile and credential_source", "keep one of the two")
	case hasSource && src.Text == p.Name:
		return b.selfBase(p)
	case hasSource:
		return b.sourceBase(p, src)
	case hasNamed:
		steps, err := b.namedBase(p, named)
		return steps, DefaultSessionDuration, err
	}
	fix := "source_profile = the profile whose keys may assume the role"
	if b.hasKeys(p) {
		fix = "source_profile = " + p.Name
	}
	return nil, 0, b.fault(p, "role_arn", "role_arn without a source: the profile has neither source_profile nor credential_source", fix)
}

// selfBase: a profile that names itself gives its own keys, then its role.
func (b *builder) selfBase(p *Profile) ([]Step, time.Duration, error) {
	key, ok, err := b.keys(p)
	if err != nil {
		return nil, 0, err
	}
	if !ok {
		return nil, 0, b.fault(p, "source_profile", fmt.Sprintf("the profiles form a cycle: %s -> %s, which has no keys of its own", p.Name, p.Name), "fob add "+p.Name)
	}
	steps, err := b.keySteps(p, key)
	return steps, DefaultSessionDuration, err
}

func (b *builder) sourceBase(p *Profile, src awsfile.Value) ([]Step, time.Duration, error) {
	s, err := b.find(src.Text)
	if err != nil {
		var missing *MissingProfileError
		if asMissing(err, &missing) {
			missing.From, missing.At = p.Name, at(src)
		}
		return nil, 0, err
	}
	life, err := b.sessionDuration(s)
	if err != nil {
		return nil, 0, err
	}
	steps, err := b.profileSteps(s, true)
	return steps, life, err
}

// namedBase is credential_source. The words are AWS's, letter for letter.
func (b *builder) namedBase(p *Profile, named awsfile.Value) ([]Step, error) {
	switch named.Text {
	case "Environment":
		keys, ok, err := b.environmentKeys()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, b.fault(p, "credential_source", "credential_source = Environment, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set", "set them, or name a source_profile")
		}
		return []Step{keys}, nil
	case "EcsContainer":
		s, ok, err := b.container()
		if err == nil && !ok {
			err = b.fault(p, "credential_source", "credential_source = EcsContainer, and neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set", "name a source_profile, or run it in the container")
		}
		return []Step{s}, err
	case "Ec2InstanceMetadata":
		s, off, err := b.imds(p)
		if off != "" {
			err = b.fault(p, "credential_source", "credential_source = Ec2InstanceMetadata, and "+off+" switches it off", "unset "+off)
		}
		s.At, s.Named = at(named), true
		return []Step{s}, err
	}
	return nil, b.fault(p, "credential_source", fmt.Sprintf("credential_source %q is none of Environment, Ec2InstanceMetadata, EcsContainer", named.Text), "")
}

// sendCode says whether one of the steps sends an MFA code.
func sendCode(steps []Step) bool {
	return slices.ContainsFunc(steps, func(s Step) bool {
		c, ok := s.(coder)
		if !ok {
			return false
		}
		_, sends := c.codeRequest()
		return sends
	})
}

// addRole puts a role on its base, and the MFA code where it has to go:
//   - on a long-lived key, into an MFA session that sibling roles share, when an
//     hour is enough: AWS caps a role taken from such a session at an hour;
//   - on a long-lived key, into AssumeRole itself, when the role is to live longer;
//   - on anything temporary, into AssumeRole, as that cannot ask for a session.
func (b *builder) addRole(base []Step, role RoleStep, d mfaDevice, life time.Duration) ([]Step, error) {
	key := base
	m, onSession := base[len(base)-1].(MFAStep)
	if onSession {
		key, life = base[:len(base)-1], m.Duration
	}
	if !sendCode(key) { // else --mfa-serial has had its code further down the chain
		d = b.asked(d)
	}
	if onSession {
		if d.serial == "" {
			d.serial, d.at = m.Serial, m.At
		}
		if d.process == "" {
			d.process, d.fromP = m.Process, m.ProcessAt
		}
	}
	if d.serial != "" {
		if err := checkSerial(role.Profile, d); err != nil {
			return nil, err
		}
	}
	switch {
	case longLived(key) && d.serial == "":
		return append(key, role), nil
	case longLived(key) && role.Duration <= time.Hour:
		steps, err := b.withSession(key, d, life, role.Profile)
		return append(steps, role), err
	case longLived(key):
		role.Serial, role.Process, role.ProcessAt = d.serial, d.process, d.fromP
		return append(key, role), nil
	}
	role.Serial, role.Process, role.ProcessAt = d.serial, d.process, d.fromP
	if role.Duration > time.Hour {
		b.warn("%s: AWS caps a role assumed with temporary credentials at one hour; duration_seconds = %d becomes 3600", role.At, role.Duration/time.Second)
		role.Duration = time.Hour
	}
	return append(base, role), nil
}
