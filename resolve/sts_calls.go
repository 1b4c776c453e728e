package resolve

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"fob/internal/secret"
)

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

func (c *stsClient) sessionToken(ctx context.Context, s MFAStep, code string) (Credentials, error) {
	issued := c.now()
	a, err := c.do(ctx, "GetSessionToken for "+s.Serial, url.Values{
		"Action": {"GetSessionToken"}, "DurationSeconds": {seconds(s.Duration)}, "SerialNumber": {s.Serial}, "TokenCode": {code},
	})
	if err != nil {
		return Credentials{}, err
	}
	return c.credentials("GetSessionToken", a, issued, cmp.Or(accountOfARN(s.Serial), c.as.AccountID), s.String())
}

func (c *stsClient) assumeRole(ctx context.Context, s RoleStep, code string) (Credentials, error) {
	form := url.Values{"Action": {"AssumeRole"}, "RoleArn": {s.ARN}, "RoleSessionName": {s.SessionName}}
	if s.ExternalID != "" {
		form.Set("ExternalId", s.ExternalID)
	}
	if s.Duration > 0 {
		form.Set("DurationSeconds", seconds(s.Duration))
	}
	if code != "" {
		form.Set("SerialNumber", s.Serial)
		form.Set("TokenCode", code)
	}
	s.Session.send(form)
	issued := c.now()
	call := "AssumeRole " + s.ARN
	a, err := c.do(ctx, call, form)
	if err != nil {
		return Credentials{}, err
	}
	asked, got := accountOfARN(s.ARN), accountOfARN(a.Result.AssumedRoleUser.Arn)
	if got != "" && asked != "" && asked != got {
		c.warn("%s: the answer is for account %s", call, got)
	}
	return c.credentials(call, a, issued, cmp.Or(got, asked), s.String())
}

func (c *stsClient) assumeRoleWithWebIdentity(ctx context.Context, s WebIdentityStep, token string) (Credentials, error) {
	form := url.Values{"Action": {"AssumeRoleWithWebIdentity"}, "RoleArn": {s.ARN}, "RoleSessionName": {s.SessionName}, "WebIdentityToken": {token}}
	if s.Duration > 0 {
		form.Set("DurationSeconds", seconds(s.Duration))
	}
	s.Session.sendPolicies(form)
	issued := c.now()
	call := "AssumeRoleWithWebIdentity " + s.ARN
	a, err := c.do(ctx, call, form)
	if err != nil {
		return Credentials{}, err
	}
	return c.credentials(call, a, issued, cmp.Or(accountOfARN(a.Result.AssumedRoleUser.Arn), accountOfARN(s.ARN)), s.String())
}

// send puts what a session is given into a call.
func (r RoleSession) send(form url.Values) {
	if r.SourceIdentity != "" {
		form.Set("SourceIdentity", r.SourceIdentity)
	}
	for i, t := range r.Tags {
		member := fmt.Sprintf("Tags.member.%d.", i+1)
		form.Set(member+"Key", t.Key)
		form.Set(member+"Value", t.Value)
	}
	for i, key := range r.TransitiveTags {
		form.Set(fmt.Sprintf("TransitiveTagKeys.member.%d", i+1), key)
	}
	r.sendPolicies(form)
}

// sendPolicies puts the session policies into a call.
func (r RoleSession) sendPolicies(form url.Values) {
	if r.Policy != "" {
		form.Set("Policy", r.Policy)
	}
	for i, arn := range r.PolicyARNs {
		form.Set(fmt.Sprintf("PolicyArns.member.%d.arn", i+1), arn)
	}
}

// Identity says who some credentials are.
type Identity struct{ ARN, Account string }

// WhoAmI asks STS whose credentials these are: the check that a new key works.
func (r *Resolver) WhoAmI(ctx context.Context, s Service, as Credentials) (Identity, error) {
	c, err := r.stsAs(s, as)
	if err != nil {
		return Identity{}, err
	}
	a, err := c.do(ctx, "GetCallerIdentity", url.Values{"Action": {"GetCallerIdentity"}})
	return Identity{a.Result.Arn, a.Result.Account}, err
}

// credentials refuses an answer that lacks a part or is over now. issued is when it was asked for.
func (c *stsClient) credentials(call string, a stsReply, issued time.Time, account, source string) (Credentials, error) {
	k := a.Result.Credentials
	if k == nil || k.AccessKeyID == "" || k.SecretAccessKey == "" || k.SessionToken == "" || k.Expiration.IsZero() {
		return Credentials{}, &AWSError{Call: call, Cause: BadAnswer, Text: "credentials without key, token or end"}
	}
	if !k.Expiration.After(c.now()) {
		return Credentials{}, &AWSError{Call: call, Cause: Skew, Text: "the credentials ended at " + k.Expiration.UTC().Format(time.RFC3339) + " already: is this machine's clock right?"}
	}
	return Credentials{
		AccessKeyID: k.AccessKeyID, Secret: secret.New(k.SecretAccessKey), Token: secret.New(k.SessionToken),
		Issued: issued, Expires: k.Expiration.UTC(), AccountID: cmp.Or(account, accountOfKeyID(k.AccessKeyID)), Source: source,
	}, nil
}
