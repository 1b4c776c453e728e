package awsfake

import (
	"fmt"
	"strconv"
	"time"
)

// Call is what the server remembers of one call.
type Call struct {
	Time           time.Time         `json:"time"` // by the server's clock
	Service        string            `json:"service"`
	Action         string            `json:"action"`
	AccessKeyID    string            `json:"access_key_id,omitempty"` // as the request says, verified or not
	Signer         string            `json:"signer,omitempty"`        // ARN of who signed it, verified
	Region         string            `json:"region,omitempty"`        // of the signature
	Host           string            `json:"host"`
	UserAgent      string            `json:"user_agent,omitempty"`
	RoleARN        string            `json:"role_arn,omitempty"`
	SessionName    string            `json:"session_name,omitempty"`
	ExternalID     string            `json:"external_id,omitempty"`
	Seconds        int               `json:"duration_seconds,omitempty"` // as asked for; 0 means it was not said
	SerialNumber   string            `json:"serial_number,omitempty"`
	MFA            bool              `json:"mfa"` // a code came with it
	SourceIdentity string            `json:"source_identity,omitempty"`
	Policy         string            `json:"policy,omitempty"`
	PolicyARNs     []string          `json:"policy_arns,omitempty"`
	Tags           map[string]string `json:"tags,omitempty"`
	Grant          string            `json:"grant,omitempty"` // grant type of CreateToken
	Status         int               `json:"status"`          // HTTP status; 0 while it runs, or when a fault left none
	Error          string            `json:"error,omitempty"` // AWS's error code
	Fault          FaultKind         `json:"fault,omitempty"`

	code string
}

// Stats are sums over the calls since the start or the last Reset.
type Stats struct {
	Total       int            `json:"total"`
	Calls       map[string]int `json:"calls"`         // by action
	Roles       map[string]int `json:"roles"`         // calls that asked for a role, by its ARN, or account/name for SSO
	Grants      map[string]int `json:"grants"`        // calls of CreateToken, by grant type
	Refused     int            `json:"refused"`       // answered with an error that no fault caused
	Faulted     int            `json:"faulted"`       // met by a fault
	Codes       int            `json:"codes"`         // distinct MFA codes seen
	Reused      int            `json:"codes_reused"`  // calls that brought a code seen before
	MaxInFlight int            `json:"max_in_flight"` // most calls served at the same time
}

// Calls returns the calls since the start or the last Reset, in the order of
// their arrival.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Call, len(s.calls))
	for i, c := range s.calls {
		out[i] = *c
	}
	return out
}

// Stats sums up the calls since the start or the last Reset.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Stats{Total: len(s.calls), Calls: map[string]int{}, Roles: map[string]int{}, Grants: map[string]int{}, MaxInFlight: s.peak}
	seen := map[string]bool{}
	for _, c := range s.calls {
		st.Calls[c.Action]++
		if c.RoleARN != "" {
			st.Roles[c.RoleARN]++
		}
		if c.Grant != "" {
			st.Grants[c.Grant]++
		}
		switch {
		case c.Fault != "":
			st.Faulted++
		case c.Error != "":
			st.Refused++
		}
		if code := c.SerialNumber + " " + c.code; c.MFA && seen[code] {
			st.Reused++
		} else if c.MFA {
			seen[code] = true
		}
	}
	st.Codes = len(seen)
	return st
}

// begin notes a call's arrival, and returns the time to let pass before it is
// served.
func (s *Server) begin(c *call) (latency time.Duration) {
	sig, _ := parseSignature(c.request) // whatever it says, signed well or not
	f := c.form
	s.mu.Lock()
	defer s.mu.Unlock()
	seconds, _ := strconv.Atoi(f.Get("DurationSeconds"))
	c.fault = s.takeFault(f.Get("Action"))
	c.log = &Call{
		Time:           s.clock(),
		Service:        c.service.name,
		Action:         f.Get("Action"),
		AccessKeyID:    sig.keyID,
		Region:         sig.region,
		Host:           c.request.Host,
		UserAgent:      c.request.UserAgent(),
		RoleARN:        f.Get("RoleArn"),
		SessionName:    f.Get("RoleSessionName") + f.Get("Name"),
		ExternalID:     f.Get("ExternalId"),
		Seconds:        seconds,
		SerialNumber:   f.Get("SerialNumber"),
		MFA:            f.Has("TokenCode"),
		SourceIdentity: f.Get("SourceIdentity"),
		Policy:         f.Get("Policy"),
		PolicyARNs:     list(f, "PolicyArns", ".arn"),
		Tags:           tags(f),
		Fault:          c.fault.Kind,
		code:           f.Get("TokenCode"),
	}
	s.calls = append(s.calls, c.log)
	s.ids++
	c.id = fmt.Sprintf("fa4e0000-0000-4000-8000-%012x", s.ids)
	s.inFlight++
	s.peak = max(s.peak, s.inFlight)
	return s.behaviour.Latency
}

// end notes that a call was answered, or given up.
func (s *Server) end(*call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
}
