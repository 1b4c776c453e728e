package resolve

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfake"
	"fob/internal/secret"
)

// SECURITY.md, R5: whatever the network does, the call ends in time with a
// cause, and a fault that passes is survived where that is safe.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		kind  awsfake.FaultKind
		cause Cause
		tries int
		says  string
	}{
		{awsfake.Internal, Unreachable, 3, "internal error"},
		{awsfake.Unavailable, Unreachable, 3, "temporary failure"},
		{awsfake.Throttle, Throttled, 3, "Rate exceeded"},
		{awsfake.Denied, Denied, 1, "explicit deny"},
		{awsfake.Timeout, Unreachable, 3, "no answer in time"},
		{awsfake.Reset, Unreachable, 3, ""},
		{awsfake.Drip, Unreachable, 0, "no answer in time"},
		{awsfake.Truncated, BadAnswer, 0, ""},
		{awsfake.Garbage, BadAnswer, 0, "not an answer of AWS"},
		{awsfake.GzipBomb, BadAnswer, 0, ""},
		{awsfake.Endless, BadAnswer, 0, ""},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.must("ann")
				w.log()
				w.fail(awsfake.Fault{Kind: c.kind, Times: -1})
				start := time.Now()
				_, err := w.resolve("ops")
				took, calls := time.Since(start), len(w.aws.Calls())
				var aws *AWSError
				if !errors.As(err, &aws) || aws.Cause != c.cause || !strings.Contains(aws.Text, c.says) || aws.Text == "" {
					t.Fatalf("got %v, want %s", err, c.cause)
				}
				if aws.Call != "AssumeRole "+roleARN("Ops") || strings.ContainsAny(err.Error(), "\n\x00") {
					t.Errorf("it reads %q", err)
				}
				if took > callLimit || calls > maxTries || c.tries != 0 && calls != c.tries {
					t.Errorf("%d tries in %s", calls, took)
				}
				w.aws.ClearFaults()
				time.Sleep(time.Minute)
				w.must("ops")
			})
		})
	}
}

// What AWS refuses, by its own codes.
func TestCauseOf(t *testing.T) {
	for _, c := range []struct {
		code, text string
		want       Cause
	}{
		{"AccessDenied", "User: x is not authorized to perform: sts:AssumeRole", Denied},
		{"AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", WrongCode},
		{"AccessDenied", "Cannot call GetSessionToken with session credentials", Denied},
		{"ExpiredToken", "The security token included in the request is expired", Expired},
		{"ExpiredTokenException", "", Expired},
		{"InvalidClientTokenId", "The security token included in the request is invalid.", BadKey},
		{"UnrecognizedClientException", "", BadKey},
		{"SignatureDoesNotMatch", "The request signature we calculated does not match", BadKey},
		{"SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier than", Skew},
		{"SignatureDoesNotMatch", "Signature not yet current: 20260101T000000Z", Skew},
		{"RequestExpired", "Request has expired.", Skew},
		{"RequestTimeTooSkewed", "", Skew},
		{"Throttling", "Rate exceeded", Throttled},
		{"ValidationError", "1 validation error detected", Refused},
		{"RegionDisabledException", "STS is not activated in this region", Refused},
	} {
		if got := causeOf(c.code, c.text); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.code, c.text, got, c.want)
		}
	}
}

// The key and the session that AWS does not know, and a session that it ended.
func TestBadCredentials(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := Service{Region: "eu-central-1"}
		for name, c := range map[string]struct {
			key  Credentials
			want Cause
		}{
			"unknown key":  {Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", Secret: secret.New("x")}, BadKey},
			"wrong secret": {Credentials{AccessKeyID: w.ann.Key.ID, Secret: secret.New("x")}, BadKey},
			"no partition": {Credentials{AccessKeyID: w.ann.Key.ID, Secret: secret.New(w.ann.Key.Secret), Token: secret.New("x")}, BadKey},
		} {
			_, err := w.resolver().WhoAmI(t.Context(), s, c.key)
			if causeIn(err) != c.want || !strings.HasPrefix(err.Error(), "GetCallerIdentity: ") {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.must("ann")
		w.aws.ExpireAll()
		if _, err := w.resolve("ops"); causeIn(err) != Expired {
			t.Errorf("got %v", err)
		}
	})
}

// LINEAGE L27, B12: STS is called where the account lives.
func TestHosts(t *testing.T) {
	for _, c := range []struct {
		name, partition string
		profile, env    []string
		region, host    string
	}{
		{"profile", "aws", []string{"region = eu-west-1"}, nil, "eu-west-1", "sts.eu-west-1.amazonaws.com"},
		{"nothing", "aws", nil, nil, "us-east-1", "sts.us-east-1.amazonaws.com"},
		{"legacy endpoints", "aws", []string{"region = us-west-2", "sts_regional_endpoints = legacy"}, nil, "us-west-2", "sts.us-west-2.amazonaws.com"},
		{"China", "aws-cn", []string{"region = cn-northwest-1"}, nil, "cn-northwest-1", "sts.cn-northwest-1.amazonaws.com.cn"},
		{"China, no region", "aws-cn", nil, nil, "cn-north-1", "sts.cn-north-1.amazonaws.com.cn"},
		{"GovCloud", "aws-us-gov", []string{"region = us-gov-east-1"}, nil, "us-gov-east-1", "sts.us-gov-east-1.amazonaws.com"},
		{"FIPS", "aws", []string{"region = us-east-2", "use_fips_endpoint = true"}, nil, "us-east-2", "sts-fips.us-east-2.amazonaws.com"},
		{"dual stack", "aws", []string{"region = us-east-2"}, []string{"AWS_USE_DUALSTACK_ENDPOINT", "true"}, "us-east-2", "sts.us-east-2.api.aws"},
		{"endpoint", "aws", []string{"region = us-east-2", "endpoint_url = https://sts.example:8443"}, nil, "us-east-2", "sts.example:8443"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.ann = w.aws.AddUserIn(c.partition, account, "bob")
				w.mfa = w.ann.AddMFA("")
				w.kept["ann"] = StoredKey{AccessKeyID: w.ann.Key.ID, MFASerial: w.mfa.Serial}
				w.config = "[profile ann]\n" + strings.Join(c.profile, "\n") + "\n"
				w.env = env(c.env...)
				w.must("ann")
				got := w.aws.Calls()[0]
				if got.Host != c.host || got.Region != c.region {
					t.Errorf("%s signed for %s, want %s for %s", got.Host, got.Region, c.host, c.region)
				}
			})
		})
	}
}

func TestEndpointWithFIPS(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.env = env("AWS_ENDPOINT_URL", "https://e.example", "AWS_USE_FIPS_ENDPOINT", "true")
		var conf *ConfigError
		if _, err := w.resolve("ann"); !errors.As(err, &conf) {
			t.Errorf("got %v", err)
		}
		w.calls("")
	})
}

// What AssumeRole is sent.
func TestAssumeRoleSends(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.addRole(awsfake.Role{ARN: roleARN("Ext"), ExternalID: "ext"})
		w.config += role("ext", "Ext", "ann", "external_id = ext", "role_session_name = sess", "duration_seconds = 1800")
		w.must("ext")
		got := w.aws.Calls()[1]
		if got.ExternalID != "ext" || got.SessionName != "sess" || got.Seconds != 1800 || got.MFA || got.Region != "eu-central-1" {
			t.Errorf("%+v", got)
		}
		w.must("ops")
		if got := w.aws.Calls()[2]; got.ExternalID != "" || got.SessionName != "fob-ann" || got.Seconds != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// The account of an answer, without a call for its sake.
func TestAccountOfAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.mfa = w.ann.AddMFA("GAHT12345678")
		w.config = "[profile ann]\nregion = eu-central-1\nmfa_serial = GAHT12345678\n" + role("ops", "Ops", "ann")
		for _, profile := range []string{"ann", "ops"} {
			if c := w.must(profile); c.AccountID != account {
				t.Errorf("%s: account %q", profile, c.AccountID)
			}
			if got := w.plan(profile).AccountID(); got != account {
				t.Errorf("%s: the plan says %q", profile, got)
			}
		}
	})
}

// Where neither the device nor the key ids tell the account, the key's does.
func TestAccountOfKey(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.kept["ann"] = StoredKey{AccessKeyID: w.ann.Key.ID, MFASerial: "GAHT12345678", AccountID: "111122223333"}
		w.config = ""
		w.env = env("AWS_REGION", "us-east-1")
		w.handler = stsAnswer("ASIAX", "t", "2000-01-01T01:00:00Z", "")
		if c := w.must("ann"); c.AccountID != "111122223333" {
			t.Errorf("account %q", c.AccountID)
		}
	})
}

// stsAnswer is an answer of STS made by hand.
func stsAnswer(key, token, expires, arn string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		action := form.Get("Action")
		if expires != "" {
			expires = "<Expiration>" + expires + "</Expiration>"
		}
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, `<%[1]sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%[1]sResult><Credentials><AccessKeyId>%[2]s</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>%[3]s</SessionToken>%[4]s</Credentials>`+
			`<AssumedRoleUser><Arn>%[5]s</Arn><AssumedRoleId>x</AssumedRoleId></AssumedRoleUser></%[1]sResult></%[1]sResponse>`, action, key, token, expires, arn)
	}
}

// An answer that lacks a part, or is over, is never handed out nor kept.
func TestOddAnswers(t *testing.T) {
	const later = "2000-01-01T01:00:00Z"
	arn := "arn:aws:sts::123456789012:assumed-role/Ops/fob-ann"
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		cause   Cause
		warning string
	}{
		{"fine", stsAnswer("ASIAX", "t", later, arn), "", ""},
		{"no key", stsAnswer("", "t", later, arn), BadAnswer, ""},
		{"no token", stsAnswer("ASIAX", "", later, arn), BadAnswer, ""},
		{"no end", stsAnswer("ASIAX", "t", "", arn), BadAnswer, ""},
		{"an end that is none", stsAnswer("ASIAX", "t", "soon", arn), BadAnswer, ""},
		{"over", stsAnswer("ASIAX", "t", "1999-01-01T00:00:00Z", arn), Skew, ""},
		{"over this second", stsAnswer("ASIAX", "t", "2000-01-01T00:00:00Z", arn), Skew, ""},
		{"another account", stsAnswer("ASIAX", "t", later, "arn:aws:sts::999999999999:assumed-role/Ops/fob-ann"), "", "the answer is for account 999999999999"},
		{"no ARN", stsAnswer("ASIAX", "t", later, ""), "", ""},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, BadAnswer, ""},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example/", http.StatusFound)
		}, BadAnswer, ""},
		{"a proxy's error page", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "<html>no</html>", http.StatusBadGateway) }, Unreachable, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.config = strings.Replace(w.config, "mfa_serial", "x", 1)
				w.handler = c.handler
				got, err := w.resolve("ops")
				if causeIn(err) != c.cause || (err == nil) != (c.cause == "") {
					t.Errorf("got %v, want %q", err, c.cause)
				}
				if (len(w.cache.entries) == 1) != (err == nil) {
					t.Errorf("%d kept", len(w.cache.entries))
				}
				switch c.warning {
				case "":
					w.warned()
					if err == nil && got.AccountID != account {
						t.Errorf("account %q", got.AccountID)
					}
				default:
					w.warned(c.warning)
					if got.AccountID != "999999999999" {
						t.Errorf("account %q", got.AccountID)
					}
				}
			})
		})
	}
}

// SECURITY.md, R4: clocks that differ.
func TestSkew(t *testing.T) {
	for _, c := range []struct {
		skew  time.Duration // AWS's clock minus this machine's
		warns bool
		cause Cause
	}{
		{time.Minute, false, ""},
		{3 * time.Minute, true, ""},
		{-3 * time.Minute, true, ""},
		{time.Hour, true, ""},
		{24 * time.Hour, true, ""},
		{-30 * time.Minute, true, ""},
		{-time.Hour, true, Skew}, // the role's session is over before it began
		{-24 * time.Hour, true, Skew},
	} {
		t.Run(c.skew.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.config = strings.Replace(w.config, "mfa_serial", "x", 1)
				w.addRole(awsfake.Role{ARN: roleARN("Ops")})
				time.Sleep(48 * time.Hour) // the key is older than any of these clocks
				w.aws.Behave(func(b *awsfake.Behaviour) { b.Skew = c.skew })
				_, err := w.resolve("ops")
				if causeIn(err) != c.cause || (err == nil) != (c.cause == "") {
					t.Errorf("got %v, want %q", err, c.cause)
				}
				if c.warns {
					w.warned("this machine's clock is")
				} else {
					w.warned()
				}
			})
		})
	}
}

// Nothing that is printed or returned as an error holds a secret.
func TestFailuresHideSecrets(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		code := w.now()
		w.must("ann")
		for _, kind := range awsfake.FaultKinds() {
			w.fail(awsfake.Fault{Kind: kind, Times: 3})
			_, err := w.resolve("ops")
			w.aws.ClearFaults()
			time.Sleep(time.Minute)
			var aws *AWSError
			if !errors.As(err, &aws) {
				continue
			}
			text := fmt.Sprintf("%v %+v %v", err, aws, w.warnings)
			for _, s := range w.aws.Sessions() {
				if strings.Contains(text, s.Secret) || strings.Contains(text, s.Token) || strings.Contains(text, code) || strings.Contains(text, w.ann.Key.Secret) {
					t.Errorf("%s: a secret in %s", kind, text)
				}
			}
		}
	})
}

// A refusal that is not STS's XML: what JSON says is told, and a page is a proxy's.
func TestRefusedForms(t *testing.T) {
	for _, c := range []struct {
		body  string
		cause Cause
		code  string
		text  string
	}{
		{`<r><Error><Code>AccessDenied</Code><Message>not you</Message></Error></r>`, Denied, "AccessDenied", "not you"},
		{`{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not you"}`, Denied, "AccessDeniedException", "not you"},
		{`{"code":"ExpiredToken","message":"too late"}`, Expired, "ExpiredToken", "too late"},
		{`{"message":"Forbidden"}`, BadAnswer, "", "HTTP status 403, not in the form of STS: Forbidden"},
		{`{"code":403,"message":"Forbidden"}`, BadAnswer, "", "HTTP status 403, not in the form of STS: Forbidden"},
		{`{}`, BadAnswer, "", "HTTP status 403, " + notAWS},
		{`"no"`, BadAnswer, "", "HTTP status 403, " + notAWS},
		{`<html>sign in</html>`, BadAnswer, "", "HTTP status 403, " + notAWS},
		{``, BadAnswer, "", "HTTP status 403, " + notAWS},
	} {
		if e := refused("sts:AssumeRole", 403, []byte(c.body)); e.Cause != c.cause || e.Code != c.code || e.Text != c.text {
			t.Errorf("%s: %s %q %q", c.body, e.Cause, e.Code, e.Text)
		}
	}
}
