package resolve

import (
	"fmt"
	"net/url"
	"runtime"
	"strings"

	"fob/internal/awsfile"
)

// hasSSO says whether a profile takes its credentials from IAM Identity Center,
// or tries to. A session alone gives a bearer token, for other tools than this.
func (b *builder) hasSSO(p *Profile) bool {
	for _, k := range []string{"sso_start_url", "sso_account_id", "sso_role_name"} {
		if b.text(p, k) != "" {
			return true
		}
	}
	_, process := b.process(p)
	return b.text(p, "sso_session") != "" && !b.hasKeys(p) && !process
}

// ssoSteps resolves a profile with SSO keys, the older ones in the profile or
// those of an [sso-session].
func (b *builder) ssoSteps(p *Profile) ([]Step, error) {
	s := SSOStep{Profile: p.Name, AccountID: b.text(p, "sso_account_id"), RoleName: b.text(p, "sso_role_name")}
	session, named := b.value(p, "sso_session")
	var err error
	if named {
		s.At, s.Session = at(session), session.Text
		s.StartURL, s.Service.Region, err = b.ssoSession(p, session)
		if section, missing := b.Files.SSOSession(session.Text); missing == nil {
			v, _ := section.Get("sso_registration_scopes")
			s.Scopes = v.Text
		}
	} else {
		s.StartURL, s.Service.Region, err = b.ssoLegacy(p)
		v, _ := b.value(p, "sso_start_url")
		s.At = at(v)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case s.AccountID == "" && s.RoleName == "":
		return nil, b.fault(p, "sso_session", fmt.Sprintf("profile %q gives a bearer token only, no credentials: sso_account_id and sso_role_name are missing", p.Name), "add sso_account_id and sso_role_name")
	case s.AccountID == "":
		return nil, b.fault(p, "sso_role_name", "sso_role_name is there, sso_account_id is missing", "add sso_account_id")
	case s.RoleName == "":
		return nil, b.fault(p, "sso_account_id", "sso_account_id is there, sso_role_name is missing", "add sso_role_name")
	}
	home := awsfile.Home(b.Getenv, runtime.GOOS)
	if home == "" {
		return nil, b.fault(p, "sso_session", "SSO sign-ins are saved in the home directory, and there is none: HOME is not set", "")
	}
	s.TokenFile = ssoTokenFile(home, s.StartURL)
	if named {
		s.TokenFile = ssoTokenFile(home, s.Session)
	}
	return b.ssoEndpoints(s)
}

// ssoSession reads an [sso-session]. What the profile says too has to agree.
func (b *builder) ssoSession(p *Profile, name awsfile.Value) (startURL, region string, err error) {
	section, err := b.Files.SSOSession(name.Text)
	if broken := sectionError(p.Name, err); broken != nil {
		return "", "", broken
	}
	if err != nil {
		return "", "", b.fault(p, "sso_session", fmt.Sprintf("sso_session of %q names %q, and there is no [sso-session %s]", p.Name, name.Text, name.Text), "")
	}
	var values [2]string
	for i, key := range []string{"sso_start_url", "sso_region"} {
		v, ok := section.Get(key)
		own, has := b.value(p, key)
		switch {
		case !ok && has:
			return "", "", b.fault(p, key, fmt.Sprintf("%s belongs into [sso-session %s], which lacks it", key, name.Text), "move it there")
		case !ok:
			return "", "", &ConfigError{Profile: p.Name, At: headerOf(section), Fact: fmt.Sprintf("[sso-session %s] has no %s", name.Text, key), Fix: "add " + key}
		case has && own.Text != v.Text:
			return "", "", b.fault(p, key, fmt.Sprintf("%s of %q and of [sso-session %s] (%s) differ", key, p.Name, name.Text, at(v)), "take it out of the profile")
		}
		values[i] = v.Text
	}
	return values[0], values[1], b.checkSSORegion(p, values[1])
}

func headerOf(s awsfile.Section) Origin {
	if len(s.Headers) == 0 {
		return Origin{}
	}
	return Origin{File: s.Headers[0].File, Line: s.Headers[0].Line}
}

// ssoLegacy reads the keys that a profile without a session has.
func (b *builder) ssoLegacy(p *Profile) (startURL, region string, err error) {
	var values [2]string
	for i, key := range []string{"sso_start_url", "sso_region"} {
		v, ok := b.value(p, key)
		if !ok {
			return "", "", b.fault(p, "sso_account_id", fmt.Sprintf("profile %q has SSO keys, and %s is missing", p.Name, key), "add "+key+", or sso_session")
		}
		values[i] = v.Text
	}
	return values[0], values[1], b.checkSSORegion(p, values[1])
}

func (b *builder) checkSSORegion(p *Profile, region string) error {
	if !isRegion(region) {
		return b.fault(p, "sso_region", fmt.Sprintf("sso_region %.40q is not a region", region), "")
	}
	return nil
}

// ssoEndpoints settles where the sign-in's token goes.
func (b *builder) ssoEndpoints(s SSOStep) ([]Step, error) {
	s.Service.FIPS, s.Service.DualStack, s.Service.CABundle = b.plan.Service.FIPS, b.plan.Service.DualStack, b.plan.Service.CABundle
	for _, e := range []struct {
		variable, service string
		to                *string
	}{{"SSO", "sso", &s.Portal}, {"SSO_OIDC", "sso_oidc", &s.OIDC}} {
		raw, from, err := b.endpoint(b.chosen, e.variable, e.service)
		if err == nil && raw != "" {
			err = checkTokenEndpoint(raw, from, Partition(s.Service.Region))
		}
		if err != nil {
			return nil, err
		}
		*e.to = raw
	}
	return []Step{s}, nil
}

// checkTokenEndpoint is checkEndpoint for calls that carry a bearer token,
// which whoever gets it can use: a file may only name AWS's own hosts and
// loopback, as it may come with a repository; the environment may name any.
func checkTokenEndpoint(raw string, from Origin, partition string) error {
	if err := checkEndpoint(raw, from); err != nil || from.File == "" {
		return err
	}
	u, err := url.Parse(raw)
	if err != nil {
		return err
	}
	if host := u.Hostname(); !isLoopback(host) && !isAWSHost(host, partition) {
		return &ConfigError{At: from, Fact: "the endpoint " + u.Host + " is not AWS's and would get the SSO sign-in", Fix: "set AWS_ENDPOINT_URL_SSO if you mean it"}
	}
	return nil
}

// isAWSHost says whether a host belongs to AWS in a partition.
func isAWSHost(host, partition string) bool {
	host = strings.ToLower(host)
	plain, dualStack := dnsSuffixes(partition)
	return strings.HasSuffix(host, "."+plain) || strings.HasSuffix(host, "."+dualStack)
}
