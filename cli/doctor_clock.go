package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"fob/resolve"
)

const (
	// clockLimit ends the one call.
	clockLimit = 3 * time.Second
	// clockOff is how far the clock may be off; AWS refuses signatures at five minutes.
	clockOff = 2 * time.Minute
)

// checkClock compares this machine's clock with that of STS, where the region's
// calls go. The call carries no credentials.
func checkClock(ctx context.Context, x *exam) []finding {
	if x.offline {
		return []finding{notChecked("the clock: --offline")}
	}
	ctx, cancel := context.WithTimeout(ctx, clockLimit)
	defer cancel()
	ahead, from, err := x.ahead(ctx)
	switch {
	case err != nil:
		return []finding{notChecked("the clock: %v", err)}
	case ahead.Abs() > clockOff:
		direction := "ahead of"
		if ahead < 0 {
			direction = "behind"
		}
		return []finding{needsCare("set this machine's clock, from the network if you can", "this machine's clock is %s %s AWS's (%s): AWS refuses signatures that are five minutes off, and sessions seem to end at other times than they do", ahead.Abs().Round(time.Second), direction, from)}
	}
	return []finding{note("this machine's clock agrees with AWS's (%s)", from)}
}

// ahead is how far this machine's clock is ahead of AWS's, to a second or so, and
// whom it asked.
func (x *exam) ahead(ctx context.Context) (by time.Duration, from string, err error) {
	service, err := x.service()
	if err != nil {
		return 0, "", err
	}
	client, err := x.a.httpClient(service)
	if err != nil {
		return 0, "", x.fact(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, stsURL(service), nil)
	if err != nil {
		return 0, "", err
	}
	from = req.URL.Scheme + "://" + req.URL.Host
	before := x.a.sys.Now()
	res, err := client.Do(req)
	after := x.a.sys.Now()
	if err != nil {
		return 0, from, err
	}
	_ = res.Body.Close()
	date, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return 0, from, fmt.Errorf("%s does not say what time it is", from)
	}
	return before.Add(after.Sub(before) / 2).Sub(date), from, nil
}

// fact is an error whose text says the reason too.
func (x *exam) fact(err error) error { return errors.New(x.fromError(err).Fact) }

// service is where calls go that no profile is named for.
func (x *exam) service() (resolve.Service, error) {
	if x.current != nil {
		return x.current.Service, nil
	}
	pl, err := x.planner()
	if err != nil {
		return resolve.Service{}, x.fact(err)
	}
	return pl.ServiceFor(resolve.Request{Profile: x.a.g.Profile, Region: x.a.g.Region})
}

// stsURL is the endpoint of STS: the override, else that of the region.
func stsURL(s resolve.Service) string {
	if s.STS != "" {
		return s.STS
	}
	host := "sts"
	if s.FIPS && !strings.HasPrefix(s.Region, "us-gov-") { // there the plain one is a FIPS endpoint
		host = "sts-fips"
	}
	return "https://" + host + "." + s.Region + "." + awsDomain(s.Region) + "/"
}

// awsDomain is where a region's endpoints are, as the partition table of AWS's SDKs has it.
func awsDomain(region string) string {
	for _, p := range []struct{ prefix, domain string }{
		{"cn-", "amazonaws.com.cn"}, {"eusc-", "amazonaws.eu"}, {"us-isob-", "sc2s.sgov.gov"},
		{"us-isof-", "csp.hci.ic.gov"}, {"us-iso-", "c2s.ic.gov"}, {"eu-isoe-", "cloud.adc-e.uk"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.domain
		}
	}
	return "amazonaws.com"
}
