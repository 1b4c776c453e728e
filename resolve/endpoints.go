package resolve

import (
	"net/url"
	"strings"
)

// Endpoints are the URLs that the environment and the profile of a request put in the
// place of AWS's own, by service. ids name the services as the SDKs do: "S3 Control". A
// service that is left to AWS is not among them. Errors are those of [Planner.Plan], and
// a *ConfigError for a URL that would carry credentials in clear.
func (pl *Planner) Endpoints(req Request, ids ...string) (map[string]string, error) {
	b := &builder{Planner: pl, req: req, plan: &Plan{}}
	source, err := b.choose()
	if err != nil {
		return nil, err
	}
	urls := map[string]string{}
	for _, id := range ids {
		name := strings.ReplaceAll(id, " ", "_")
		raw, from, err := b.endpoint(source.profile, strings.ToUpper(name), strings.ToLower(name))
		if err != nil {
			return nil, err
		}
		if raw == "" {
			continue
		}
		if err := checkEndpoint(raw, from); err != nil {
			return nil, err
		}
		urls[id] = raw
	}
	return urls, nil
}

// Foreign returns the host of an endpoint that is neither AWS's nor this machine's, "" for
// any other: whoever calls it should say so.
func (s Service) Foreign(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return endpoint
	}
	if host := u.Hostname(); isAWSHost(host, Partition(s.Region)) || isLoopback(host) {
		return ""
	}
	return u.Host
}
