package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"fob/internal/awsfake"
)

const (
	account = "123456789012"
	partner = "210987654321"
)

// cloud is the fake AWS: the user ann with a key and an MFA device, two roles,
// and one of another account that wants an external id.
type cloud struct {
	*awsfake.Server
	ann    *awsfake.User
	device *device
}

func newCloud() (*cloud, error) {
	srv := awsfake.New(awsfake.Options{})
	ann := srv.AddUser(account, "ann")
	c := &cloud{Server: srv, ann: ann, device: &device{MFA: ann.AddMFA("")}}
	for _, r := range []awsfake.Role{
		{ARN: roleARN(account, "Ops"), RequireMFA: true},
		{ARN: roleARN(account, "Audit"), RequireMFA: true},
		{ARN: roleARN(partner, "Partner"), RequireMFA: true, ExternalID: externalID},
	} {
		if err := srv.AddRole(r); err != nil {
			return nil, err
		}
	}
	return c, srv.Start()
}

const externalID = "contract-7"

func roleARN(account, name string) string { return "arn:aws:iam::" + account + ":role/" + name }

// device shows MFA codes.
type device struct {
	*awsfake.MFA

	mu   sync.Mutex
	last int64 // the step of the last code that was read
}

// read is the current code, or the next one if the current one was read
// already: AWS takes a code once, and takes the next one a little early.
func (d *device) read() string {
	const period = 30
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = max(d.last+1, time.Now().Unix()/period)
	return d.Code(time.Unix(d.last*period, 0))
}

// session is what AWS gave out under an access key id.
func (c *cloud) session(keyID string) (awsfake.Session, error) {
	for _, s := range c.Sessions() {
		if s.ID == keyID {
			return s, nil
		}
	}
	return awsfake.Session{}, fmt.Errorf("AWS knows no session %.4s…", keyID)
}

// tally is how often AWS was called, and how many MFA codes it has seen.
type tally struct {
	identity, session, role, codes, refused int
}

func (c *cloud) tally() tally {
	s := c.Stats()
	return tally{s.Calls["GetCallerIdentity"], s.Calls["GetSessionToken"], s.Calls["AssumeRole"], s.Codes, s.Refused}
}

func (t tally) minus(o tally) tally {
	return tally{t.identity - o.identity, t.session - o.session, t.role - o.role, t.codes - o.codes, t.refused - o.refused}
}

// String leaves out what there was none of.
func (t tally) String() string {
	var all []string
	for _, x := range []struct {
		n    int
		what string
	}{
		{t.identity, "GetCallerIdentity"}, {t.session, "GetSessionToken"}, {t.role, "AssumeRole"},
		{t.codes, "MFA code"}, {t.refused, "refused"},
	} {
		if x.n > 0 {
			all = append(all, fmt.Sprint(x.n, " ", x.what))
		}
	}
	return strings.Join(all, ", ")
}

// check compares what AWS has seen since before with what it should have.
func (c *cloud) check(before, want tally) error {
	if got := c.tally().minus(before); got != want {
		return fmt.Errorf("AWS has seen: %v; it should have been: %v", got, want)
	}
	return nil
}

// mask hides what nobody should see: every secret, token and most of every key
// id that this AWS has given out so far.
func (c *cloud) mask(text string) string {
	keys := []awsfake.Key{c.ann.Key}
	for _, s := range c.Sessions() {
		keys = append(keys, s.Key)
		text = hide(text, s.Token)
	}
	for _, k := range keys {
		text = hide(text, k.Secret)
		text = strings.ReplaceAll(text, k.ID, k.ID[:4]+strings.Repeat("*", len(k.ID)-4))
	}
	return text
}

const (
	hidden = "********"
	equals = `\075` // "=" as fob env writes it for bash
)

// hide takes a secret out of a text, also out of a text for bash.
func hide(text, secret string) string {
	text = strings.ReplaceAll(text, secret, hidden)
	return strings.ReplaceAll(text, strings.ReplaceAll(secret, "=", equals), hidden)
}

// secrets are all that fob must never leave anywhere in clear.
func (c *cloud) secrets() []string {
	all := []string{c.ann.Key.Secret}
	for _, s := range c.Sessions() {
		all = append(all, s.Secret, s.Token)
	}
	return all
}
