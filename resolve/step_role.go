package resolve

import (
	"context"
	"time"
)

// RoleStep assumes a role with the credentials before it.
type RoleStep struct {
	Profile     string
	At          Origin
	ARN         string
	SessionName string
	ExternalID  string
	Duration    time.Duration // zero: not sent, AWS's hour
	Session     RoleSession   // source identity, tags and policies
	Serial      string        // set: the code goes into this call
	Process     string        // mfa_process of the profile, "" for none
	ProcessAt   Origin        // where it stands
	Service     Service
}

func (s RoleStep) String() string {
	t := "role " + s.ARN
	if s.Duration > 0 {
		t += " for " + duration(s.Duration)
	}
	if s.ExternalID != "" {
		t += ", external id " + s.ExternalID
	}
	t += s.Session.String()
	if s.Serial != "" {
		t += ", with a code of " + s.Serial
	}
	return t + " (AssumeRole)"
}

// Origin is the line of role_arn.
func (s RoleStep) Origin() Origin { return s.At }

func (s RoleStep) inputs(w *keyWriter) {
	w.add("role", s.ARN)
	w.add("session name", s.SessionName)
	w.add("external id", s.ExternalID)
	w.addInt("duration", int(s.Duration/time.Second))
	s.Session.inputs(w)
	w.add("mfa", s.Serial)
	w.add("region", s.Service.Region)
	s.Service.inputs(w)
}

func (s RoleStep) keeps() bool { return true }

func (s RoleStep) codeRequest() (CodeRequest, bool) {
	return CodeRequest{Profile: s.Profile, Serial: s.Serial, Process: s.Process, At: s.ProcessAt}, s.Serial != ""
}

func (s RoleStep) run(ctx context.Context, w *walk, prev Credentials) (Credentials, error) {
	client, err := w.sts(s.Service, prev)
	if err != nil {
		return Credentials{}, err
	}
	assume := func(ctx context.Context, code string) (c Credentials, shorter bool, err error) {
		c, err = client.assumeRole(ctx, s, code)
		if shorter = s.Duration > time.Hour && overRoleLimit(err); shorter {
			w.warn("%s allows less than duration_seconds = %d; assumed for 1 h", s.ARN, s.Duration/time.Second)
			s.Duration = time.Hour
		}
		return c, shorter, err
	}
	if req, ok := s.codeRequest(); ok {
		return w.withCode(ctx, req, assume)
	}
	c, shorter, err := assume(ctx, "")
	if shorter {
		c, _, err = assume(ctx, "")
	}
	return c, err
}
