package awsfake

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const maxRoleSession = 12 * time.Hour

type assumedRoleXML struct {
	ID  string `xml:"AssumedRoleId"`
	ARN string `xml:"Arn"`
}

func (s *Server) assumeRole(c *call) (any, *apiError) {
	ask, err := readRoleRequest(c)
	if err != nil {
		return nil, err
	}
	mfa, err := s.checkMFA(c)
	if err != nil {
		return nil, err
	}
	r := s.roles[ask.arn]
	allowed := r != nil && r.trusts(c.who) && c.who.kind != federated &&
		(r.ExternalID == "" || r.ExternalID == c.form.Get("ExternalId")) &&
		(!r.RequireMFA || mfa || c.who.mfa)
	if !allowed {
		return nil, refuse("AccessDenied", fmt.Sprintf("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", c.who.arn, ask.arn))
	}
	if c.who.kind != longLived && ask.duration > time.Hour {
		return nil, errValidation("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	}
	if err := r.allows(ask.duration); err != nil {
		return nil, err
	}
	who := r.principal(ask.session)
	who.chained = c.who.kind != longLived
	return struct {
		Credentials     credentialsXML
		AssumedRoleUser assumedRoleXML
		SourceIdentity  string `xml:",omitempty"`
	}{s.issue(who, ask.duration), assumedRoleXML{who.id, who.arn}, c.form.Get("SourceIdentity")}, nil
}

func (s *Server) assumeRoleWithWebIdentity(c *call) (any, *apiError) {
	ask, err := readRoleRequest(c)
	if err != nil {
		return nil, err
	}
	token := c.form.Get("WebIdentityToken")
	subject, known := s.webTokens[token]
	switch {
	case strings.Count(token, ".") != 2:
		return nil, &apiError{http.StatusBadRequest, "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"}
	case !known:
		return nil, &apiError{http.StatusBadRequest, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"}
	}
	r := s.roles[ask.arn]
	if r == nil || r.RequireMFA || r.ExternalID != "" {
		return nil, refuse("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
	}
	if err := r.allows(ask.duration); err != nil {
		return nil, err
	}
	who := r.principal(ask.session)
	return struct {
		Credentials     credentialsXML
		AssumedRoleUser assumedRoleXML
		Subject         string `xml:"SubjectFromWebIdentityToken"`
		Audience        string
		Provider        string
	}{s.issue(who, ask.duration), assumedRoleXML{who.id, who.arn}, subject, "sts.amazonaws.com", "https://oidc.example.com"}, nil
}

// roleRequest is what both ways to a role ask for.
type roleRequest struct {
	arn, session string
	duration     time.Duration
}

var sessionNamePattern = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

func readRoleRequest(c *call) (roleRequest, *apiError) {
	ask := roleRequest{arn: c.form.Get("RoleArn"), session: c.form.Get("RoleSessionName")}
	switch {
	case ask.arn == "":
		return ask, errMissing("roleArn")
	case len(ask.arn) < 20:
		return ask, errConstraint(ask.arn, "roleArn", "Member must have length greater than or equal to 20")
	case ask.session == "":
		return ask, errMissing("roleSessionName")
	case !sessionNamePattern.MatchString(ask.session):
		return ask, errConstraint(ask.session, "roleSessionName", `Member must satisfy regular expression pattern: [\w+=,.@-]*`)
	case !strings.HasPrefix(ask.arn, "arn:"):
		return ask, errValidation(ask.arn + " is invalid")
	}
	var err *apiError
	ask.duration, err = duration(c.form, time.Hour, maxRoleSession)
	return ask, err
}

func (r *role) allows(d time.Duration) *apiError {
	if d > r.MaxSession {
		return errValidation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return nil
}

// principal is the role under a session name. Its session knows of no MFA, even
// if the role was assumed with a code.
func (r *role) principal(session string) principal {
	return principal{
		kind:      roleSession,
		arn:       fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", r.partition, r.account, r.name, session),
		id:        r.id + ":" + session,
		account:   r.account,
		partition: r.partition,
		trustARN:  r.ARN,
	}
}
