package resolve

import (
	"context"
	"fmt"
	"time"
)

// MFAStep gets an MFA session: GetSessionToken with a code.
type MFAStep struct {
	Profile   string // whose key it is
	At        Origin
	Serial    string // ARN of the device, or a hardware serial number
	Process   string // mfa_process of the profile, "" for none
	ProcessAt Origin // where it stands
	Duration  time.Duration
	Service   Service
}

// DefaultSessionDuration of an MFA session, as opinel and the AWS CLI users' habit have it.
const DefaultSessionDuration = 8 * time.Hour

func (s MFAStep) String() string {
	return fmt.Sprintf("MFA session of %s for %s (GetSessionToken)", s.Serial, duration(s.Duration))
}

// Origin is the line of the serial.
func (s MFAStep) Origin() Origin { return s.At }

// A session from any regional endpoint is good in every region of its
// partition, so the region is no input: sibling roles in other regions share it.
func (s MFAStep) inputs(w *keyWriter) {
	w.add("mfa", s.Serial)
	w.addInt("duration", int(s.Duration/time.Second))
	s.Service.inputs(w)
}

func (s MFAStep) keeps() bool { return true }

func (s MFAStep) codeRequest() (CodeRequest, bool) {
	return CodeRequest{Profile: s.Profile, Serial: s.Serial, Process: s.Process, At: s.ProcessAt}, true
}

func (s MFAStep) run(ctx context.Context, w *walk, prev Credentials) (Credentials, error) {
	client, err := w.sts(s.Service, prev)
	if err != nil {
		return Credentials{}, err
	}
	req, _ := s.codeRequest()
	return w.withCode(ctx, req, func(ctx context.Context, code string) (Credentials, bool, error) {
		c, err := client.sessionToken(ctx, s, code)
		return c, false, err
	})
}

// duration prints 8h0m0s as 8 h, 15m0s as 15 min.
func duration(d time.Duration) string {
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return d.String()
}
