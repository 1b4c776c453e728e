package resolve

import (
	"context"
	"errors"
	"math"
	"net/url"
	"strings"
	"time"
)

// pollStep is the pause between polls when AWS names none, and what slow_down
// adds to it (RFC 8628, 3.2 and 3.5).
const pollStep = 5 * time.Second

// byDevice is the device authorization grant (RFC 8628): the person approves a
// code in any browser while fob asks again and again.
func (s SSOStep) byDevice(ctx context.Context, w *walk, o oidc, client ssoToken, opts SignInOptions) (bearer, error) {
	d, err := o.startDevice(ctx, w, client, s.StartURL)
	if err != nil {
		return bearer{}, err
	}
	if limit, ok := ctx.Deadline(); ok && limit.Before(d.Ends) {
		d.Ends = limit
	}
	d.Opened = !opts.Device && opts.Open != nil
	if err := opts.Show(d.SignInPrompt); err != nil {
		return bearer{}, err
	}
	if d.Opened {
		_ = opts.Open(ctx, d.URL) // the person has seen where to go
	}
	return s.poll(ctx, w, o, client, d)
}

// device is what StartDeviceAuthorization gives.
type device struct {
	SignInPrompt
	code     string
	interval time.Duration
}

func (s SSOStep) poll(ctx context.Context, w *walk, o oidc, client ssoToken, d device) (bearer, error) {
	interval := d.interval
	for {
		if pause(ctx, interval); ctx.Err() != nil {
			return bearer{}, ctx.Err()
		}
		if !w.now().Before(d.Ends) {
			return bearer{}, s.tooLate()
		}
		b, err := w.createToken(ctx, o, client, grant{"grantType": deviceGrant, "deviceCode": d.code})
		switch code, cause := oauthCode(err), causeIn(err); {
		case code == "authorization_pending":
		case code == "slow_down", cause == Unreachable, cause == Throttled:
			interval += pollStep
		default:
			return b, err
		}
	}
}

// startDevice is StartDeviceAuthorization.
func (o oidc) startDevice(ctx context.Context, w *walk, client ssoToken, startURL string) (device, error) {
	const call = "StartDeviceAuthorization"
	now := w.now()
	f, err := o.post(ctx, call, "device_authorization", map[string]any{
		"clientId": client.clientID, "clientSecret": client.clientSecret.Reveal(), "startUrl": startURL,
	})
	if err != nil {
		return device{}, err
	}
	d, err := readDevice(f, now)
	if err != nil {
		return device{}, &AWSError{Call: call, Cause: BadAnswer, Text: err.Error()}
	}
	return d, nil
}

func readDevice(f fields, now time.Time) (d device, err error) {
	for _, part := range []struct {
		name string
		to   *string
	}{{"deviceCode", &d.code}, {"userCode", &d.Code}, {"verificationUri", &d.Page}, {"verificationUriComplete", &d.URL}} {
		if *part.to, err = f.credential(part.name); err != nil {
			return device{}, err
		}
	}
	if d.URL == "" {
		d.URL = d.Page
	}
	seconds, err := f.whole("expiresIn", math.MaxInt32)
	if err != nil {
		return device{}, err
	}
	pause, err := f.whole("interval", 3600)
	switch {
	case err != nil:
		return device{}, err
	case d.code == "" || d.Code == "" || seconds == 0:
		return device{}, errors.New("a request without codes or an end")
	case !isPage(d.Page) || !isPage(d.URL):
		return device{}, errors.New("the page to approve on is no https:// address")
	}
	d.Ends, d.interval = now.Add(time.Duration(seconds)*time.Second), time.Duration(pause)*time.Second
	if d.interval == 0 {
		d.interval = pollStep
	}
	return d, nil
}

// isPage says whether a browser may be sent to an address that AWS gave.
func isPage(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.User == nil && u.Host != "" && len(raw) <= 1024 && !strings.ContainsAny(raw, `"'<>\^|`) &&
		(u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()))
}
