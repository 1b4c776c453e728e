package resolve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

const instanceMetadata = "the instance metadata service"

// imdsAddresses are AWS's, in both families.
func imdsAddresses() []netip.Addr {
	return []netip.Addr{
		netip.AddrFrom4([4]byte{169, 254, 169, 254}),
		netip.AddrFrom16([16]byte{0: 0xfd, 2: 0x0e, 3: 0xc2, 14: 0x02, 15: 0x54}),
	}
}

// IMDSStep asks EC2's instance metadata service for the instance role.
type IMDSStep struct {
	At       Origin // where it was asked for
	Named    bool   // a profile names it; else it is the end of the usual chain
	Endpoint string
	From     Origin // where the endpoint was said
	V1       bool   // version 1 may be used where 2 is not offered
}

func (s IMDSStep) String() string { return "instance role from " + s.Endpoint }

// Origin is the line of credential_source, or what stands for the usual chain.
func (s IMDSStep) Origin() Origin { return s.At }

func (s IMDSStep) inputs(w *keyWriter) { w.add("imds", s.Endpoint) }

func (s IMDSStep) keeps() bool { return false }

func (s IMDSStep) run(ctx context.Context, w *walk, _ Credentials) (Credentials, error) {
	base, err := checkMetadataURL(s.Endpoint, s.From, imdsAddresses())
	if err != nil {
		return Credentials{}, err
	}
	m := w.metadata(instanceMetadata, s.From, imdsAddresses())
	m.patient = s.Named
	header, err := s.token(ctx, m, base)
	if err != nil {
		return Credentials{}, err
	}
	m.patient = true // there is a service
	list := base.JoinPath("latest/meta-data/iam/security-credentials/")
	role, err := s.role(ctx, m, list, header)
	if err != nil {
		return Credentials{}, err
	}
	status, body, err := m.do(ctx, http.MethodGet, list.JoinPath(role), header)
	if err != nil {
		return Credentials{}, err
	}
	if status != http.StatusOK {
		return Credentials{}, m.refused(status, body)
	}
	c, _, err := m.credentials(body, w.now())
	if err != nil {
		return Credentials{}, err
	}
	c.AccountID = accountOfKeyID(c.AccessKeyID)
	c.Source = s.String()
	return c, nil
}

// token opens a session of IMDSv2 and returns the header for what follows; none
// for version 1. A 403 says that metadata is off for this caller, so that
// version 1 is not tried then.
func (s IMDSStep) token(ctx context.Context, m metadataService, base *url.URL) (map[string]string, error) {
	status, body, err := m.do(ctx, http.MethodPut, base.JoinPath("latest/api/token"), map[string]string{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": "300"})
	var aws *AWSError
	switch {
	case errors.As(err, &aws) && aws.Cause == Unreachable && s.V1:
		return nil, nil
	case errors.As(err, &aws) && aws.Cause == Unreachable && !s.Named:
		// Not wrapped: that there are no credentials anywhere is no failure of AWS.
		return nil, fmt.Errorf("%w, and there is no instance role (%v)", ErrNoCredentials, aws)
	case err != nil:
		return nil, err
	case status == http.StatusOK:
		token := strings.TrimSpace(string(body))
		if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil, m.failed(BadAnswer, "its token is none")
		}
		return map[string]string{"X-Aws-Ec2-Metadata-Token": token}, nil
	case status == http.StatusForbidden:
		return nil, m.failed(Denied, "status 403: metadata is switched off for this caller")
	case status != http.StatusNotFound && status != http.StatusMethodNotAllowed:
		return nil, m.refused(status, nil)
	case !s.V1:
		return nil, m.failed(Refused, fmt.Sprintf("status %d: it does not offer IMDSv2, and v1 is only used with ec2_metadata_v1_disabled = false", status))
	}
	return nil, nil
}

// role asks for the name of the instance's role, which becomes a part of a path.
func (s IMDSStep) role(ctx context.Context, m metadataService, list *url.URL, header map[string]string) (string, error) {
	status, body, err := m.do(ctx, http.MethodGet, list, header)
	switch {
	case err != nil:
		return "", err
	case status == http.StatusNotFound:
		return "", m.failed(Refused, "no role is attached to this instance")
	case status != http.StatusOK:
		return "", m.refused(status, body)
	}
	name, _, _ := strings.Cut(string(body), "\n")
	if name = strings.TrimSpace(name); !isPathElement(name) {
		return "", m.failed(BadAnswer, "its role has no valid name")
	}
	return name, nil
}

// isPathElement takes what stays one element of a URL's path, unescaped.
func isPathElement(s string) bool {
	return strings.Trim(s, ".") != "" && len(s) <= 64 &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`/\?#%`, r) })
}

// imds is the instance role as a source. off says why it may not be used, ""
// when it may.
func (b *builder) imds(p *Profile) (s IMDSStep, off string, err error) {
	const disabled = "AWS_EC2_METADATA_DISABLED"
	switch v := b.env(disabled); {
	case strings.EqualFold(v, "true"):
		return s, disabled, nil
	case v != "" && !strings.EqualFold(v, "false"):
		b.warn("%s: %.20q is neither true nor false; the instance metadata service stays on", disabled, v)
	}
	v1, _, _ := b.imdsSetting(p, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled")
	s.V1 = strings.EqualFold(v1, "false")
	endpoint, from, ok := b.imdsSetting(p, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")
	if !ok {
		var mode string
		mode, from, _ = b.imdsSetting(p, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
		switch strings.ToLower(mode) {
		case "", "ipv4":
			endpoint = "http://169.254.169.254"
		case "ipv6":
			endpoint = "http://[fd00:ec2::254]"
		default:
			return s, "", &ConfigError{At: from, Fact: fmt.Sprintf("the endpoint mode %.20q is none of IPv4 and IPv6", mode)}
		}
	}
	s.Endpoint, s.From = endpoint, from
	_, err = checkMetadataURL(endpoint, from, imdsAddresses())
	return s, "", err
}

// imdsSetting is a variable's value, else the profile's.
func (b *builder) imdsSetting(p *Profile, variable, key string) (string, Origin, bool) {
	if v := b.env(variable); v != "" {
		return v, Origin{Name: variable}, true
	}
	if p == nil {
		return "", Origin{}, false
	}
	v, ok := b.value(p, key)
	return v.Text, at(v), ok
}
