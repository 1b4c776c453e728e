package awsfake

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// stsService is https://docs.aws.amazon.com/STS/latest/APIReference/, the part
// without SAML.
func stsService() service {
	return service{
		name:    "sts",
		version: "2011-06-15",
		xmlns:   "https://sts.amazonaws.com/doc/2011-06-15/",
		operations: map[string]operation{
			"GetCallerIdentity":         {run: (*Server).getCallerIdentity},
			"GetSessionToken":           {run: (*Server).getSessionToken},
			"GetFederationToken":        {run: (*Server).getFederationToken},
			"AssumeRole":                {run: (*Server).assumeRole},
			"AssumeRoleWithWebIdentity": {run: (*Server).assumeRoleWithWebIdentity, unsigned: true},
		},
	}
}

type credentialsXML struct {
	AccessKeyID     string `xml:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      time.Time
}

func (s *Server) getCallerIdentity(c *call) (any, *apiError) {
	return struct {
		ARN     string `xml:"Arn"`
		UserID  string `xml:"UserId"`
		Account string
	}{c.who.arn, c.who.id, c.who.account}, nil
}

func (s *Server) getSessionToken(c *call) (any, *apiError) {
	if c.who.kind != longLived {
		return nil, refuse("AccessDenied", "Cannot call GetSessionToken with session credentials")
	}
	d, err := duration(c.form, 12*time.Hour, 36*time.Hour)
	if err != nil {
		return nil, err
	}
	mfa, err := s.checkMFA(c)
	if err != nil {
		return nil, err
	}
	who := c.who
	who.kind, who.mfa = userSession, mfa
	return struct{ Credentials credentialsXML }{s.issue(who, d)}, nil
}

type federatedUserXML struct {
	ID  string `xml:"FederatedUserId"`
	ARN string `xml:"Arn"`
}

var federatedNamePattern = regexp.MustCompile(`^[\w+=,.@-]{2,32}$`)

func (s *Server) getFederationToken(c *call) (any, *apiError) {
	if c.who.kind != longLived {
		return nil, refuse("AccessDenied", "Cannot call GetFederationToken with session credentials")
	}
	d, err := duration(c.form, 12*time.Hour, 36*time.Hour)
	if err != nil {
		return nil, err
	}
	name := c.form.Get("Name")
	if !federatedNamePattern.MatchString(name) {
		return nil, errConstraint(name, "name", `Member must satisfy regular expression pattern: [\w+=,.@-]*`)
	}
	who := c.who
	who.kind = federated
	who.arn = fmt.Sprintf("arn:%s:sts::%s:federated-user/%s", who.partition, who.account, name)
	who.id = who.account + ":" + name
	return struct {
		Credentials   credentialsXML
		FederatedUser federatedUserXML
	}{s.issue(who, d), federatedUserXML{who.id, who.arn}}, nil
}

// duration reads DurationSeconds, from 900 s up to most.
func duration(form url.Values, def, most time.Duration) (time.Duration, *apiError) {
	text := form.Get("DurationSeconds")
	if text == "" {
		return def, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, &apiError{http.StatusBadRequest, "MalformedInput", "Invalid value for DurationSeconds"}
	}
	d := time.Duration(n) * time.Second
	switch {
	case d < 15*time.Minute:
		return 0, errConstraint(text, "durationSeconds", "Member must have value greater than or equal to 900")
	case d > most:
		return 0, errConstraint(text, "durationSeconds", fmt.Sprintf("Member must have value less than or equal to %d", int(most.Seconds())))
	}
	return d, nil
}

// list returns the values of name.member.1+suffix, name.member.2+suffix, ….
func list(form url.Values, name, suffix string) []string {
	var out []string
	for n := 1; form.Has(fmt.Sprintf("%s.member.%d%s", name, n, suffix)); n++ {
		out = append(out, form.Get(fmt.Sprintf("%s.member.%d%s", name, n, suffix)))
	}
	return out
}

// tags returns the session tags, nil without any.
func tags(form url.Values) map[string]string {
	keys, values := list(form, "Tags", ".Key"), list(form, "Tags", ".Value")
	if len(keys) == 0 || len(keys) != len(values) {
		return nil
	}
	out := map[string]string{}
	for i, k := range keys {
		out[k] = values[i]
	}
	return out
}
