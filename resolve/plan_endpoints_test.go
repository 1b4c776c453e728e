package resolve

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// SEMANTICS.md, Regions and endpoints; LINEAGE L27: where the calls go.
func TestPlanService(t *testing.T) {
	head := inP + arnA + fromB // lines 1 to 3
	src := inB + pairB
	for _, c := range []struct {
		planCase
		service string // region from, and what else is set
	}{
		{planCase{name: "--region", config: head + "region = eu-west-1\n" + src, env: env("AWS_REGION", "eu-west-2"), req: Request{Profile: "p", Region: "eu-west-3"}}, "eu-west-3 by --region"},
		{planCase{name: "AWS_REGION", config: head + "region = eu-west-1\n" + src, env: env("AWS_REGION", "eu-west-2", "AWS_DEFAULT_REGION", "eu-west-3")}, "eu-west-2 by AWS_REGION"},
		{planCase{name: "AWS_DEFAULT_REGION", config: head + "region = eu-west-1\n" + src, env: env("AWS_REGION", " ", "AWS_DEFAULT_REGION", "eu-west-3")}, "eu-west-3 by AWS_DEFAULT_REGION"},
		{planCase{name: "profile", config: head + "region = eu-west-1\n" + src + "region = eu-west-2\n"}, "eu-west-1 by config line 4"},
		{planCase{name: "source", config: head + src + "region = eu-west-2\n"}, "eu-west-2 by config line 7"},
		{planCase{name: "source of the source", config: head + inB + arnB + "source_profile = c\n[profile c]\nregion = eu-west-3\n" + pair}, "eu-west-3 by config line 8"},
		{planCase{name: "credentials file", config: head + src, credentials: "[p]\nregion = eu-west-1\n"}, "eu-west-1 by credentials line 2"},
		{planCase{name: "itself", config: inP + arnA + "source_profile = p\n" + pair, warn: []string{"no region is configured: AWS is called in us-east-1"}}, "us-east-1 by "},
		{planCase{name: "none, and no call", config: inP + pair}, "us-east-1 by "},
		{planCase{name: "none", config: head + src, warn: []string{"no region is configured: AWS is called in us-east-1"}}, "us-east-1 by "},
		{planCase{name: "none, role in China", config: strings.Replace(head, "arn:aws:", "arn:aws-cn:", 1) + src, warn: []string{"AWS is called in cn-north-1"}}, "cn-north-1 by "},
		{planCase{name: "none, device in GovCloud", config: inP + pair + "mfa_serial = arn:aws-us-gov:iam::123456789012:mfa/ann\n", warn: []string{"AWS is called in us-gov-west-1"}}, "us-gov-west-1 by "},
		{planCase{name: "none, endpoint given", config: head + src, env: env("AWS_ENDPOINT_URL", "https://e.example")}, "us-east-1 by  sts=https://e.example"},
		{planCase{name: "none, --role-arn", config: inP + pair, req: Request{Profile: "p", RoleARN: "arn:aws-cn:iam::123456789012:role/X"}, warn: []string{"AWS is called in cn-north-1"}}, "cn-north-1 by "},
		{planCase{name: "no region", config: head + "region = us east\n" + src, fail: `ConfigError: config line 4: "us east" is not a region`}, ""},
		{planCase{name: "no host name in disguise", config: head + src, req: Request{Profile: "p", Region: "x.evil.example/"}, fail: "ConfigError: --region:"}, ""},
		{planCase{name: "FIPS and dual stack, environment", config: inP + inEast + pair, env: env("AWS_USE_FIPS_ENDPOINT", "true", "AWS_USE_DUALSTACK_ENDPOINT", "TRUE")}, "us-east-1 by config line 2 fips dual"},
		{planCase{name: "FIPS and dual stack, profile", config: inP + inEast + pair + "use_fips_endpoint = true\nuse_dualstack_endpoint = true\n"}, "us-east-1 by config line 2 fips dual"},
		{planCase{name: "the environment turns them off", config: inP + inEast + pair + "use_fips_endpoint = true\n", env: env("AWS_USE_FIPS_ENDPOINT", "false")}, "us-east-1 by config line 2"},
		{planCase{name: "not those of the source", config: head + inEast + src + "use_fips_endpoint = true\nendpoint_url = https://b.example\nca_bundle = /b.pem\n"}, "us-east-1 by config line 4"},
		{planCase{name: "CA bundle", config: inP + inEast + pair + "ca_bundle = /p.pem\n"}, "us-east-1 by config line 2 ca=/p.pem"},
		{planCase{name: "CA bundle, environment", config: inP + inEast + pair + "ca_bundle = /p.pem\n", env: env("AWS_CA_BUNDLE", "/e.pem")}, "us-east-1 by config line 2 ca=/e.pem"},
		{planCase{name: "endpoint_url", config: inP + inEast + pair + "endpoint_url = https://p.example\n"}, "us-east-1 by config line 2 sts=https://p.example"},
		{planCase{name: "[services]", config: inP + inEast + pair + "endpoint_url = https://p.example\nservices = s\n[services s]\nsts =\n  endpoint_url = https://s.example\n"}, "us-east-1 by config line 2 sts=https://s.example"},
		{planCase{name: "[services] of another service", config: inP + inEast + pair + "services = s\n[services s]\ns3 =\n  endpoint_url = https://s.example\n"}, "us-east-1 by config line 2"},
		{planCase{name: "[services] missing", config: inP + inEast + pair + "services = zz\n", fail: "ConfigError: config line 5: services names [services zz]"}, ""},
		{planCase{name: "global variable", config: inP + inEast + pair + "endpoint_url = https://p.example\n", env: env("AWS_ENDPOINT_URL", "https://g.example")}, "us-east-1 by config line 2 sts=https://g.example"},
		{planCase{name: "variable of the service", config: inP + inEast + pair, env: env("AWS_ENDPOINT_URL", "https://g.example", "AWS_ENDPOINT_URL_STS", "https://v.example")}, "us-east-1 by config line 2 sts=https://v.example"},
		{planCase{name: "all ignored", config: inP + inEast + pair + "endpoint_url = https://p.example\n", env: env("AWS_ENDPOINT_URL", "https://g.example", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")}, "us-east-1 by config line 2"},
		{planCase{name: "all ignored, profile", config: inP + inEast + pair + "endpoint_url = https://p.example\nignore_configured_endpoint_urls = true\n"}, "us-east-1 by config line 2"},
		{planCase{name: "plain http", config: inP + pair, env: env("AWS_ENDPOINT_URL_STS", "http://sts.custom.example"), fail: "ConfigError: AWS_ENDPOINT_URL_STS: … in clear … https://"}, ""},
		{planCase{name: "plain http in the profile", config: inP + pair + "endpoint_url = http://10.0.0.1:8080\n", fail: "ConfigError: config line 4: … 10.0.0.1:8080"}, ""},
		{planCase{name: "plain http on loopback", config: inP + inEast + pair, env: env("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")}, "us-east-1 by config line 2 sts=http://127.0.0.1:5000"},
		{planCase{name: "plain http on loopback, IPv6", config: inP + inEast + pair, env: env("AWS_ENDPOINT_URL", "http://[::1]:5000")}, "us-east-1 by config line 2 sts=http://[::1]:5000"},
		{planCase{name: "plain http on localhost", config: inP + inEast + pair, env: env("AWS_ENDPOINT_URL", "http://LocalHost")}, "us-east-1 by config line 2 sts=http://LocalHost"},
		{planCase{name: "plain http, a name that begins like loopback", config: inP + pair, env: env("AWS_ENDPOINT_URL", "http://127.0.0.1.example"), fail: "in clear"}, ""},
		{planCase{name: "plain http, loopback as the user", config: inP + pair, env: env("AWS_ENDPOINT_URL", "http://localhost@x.example"), fail: "not an https:// URL"}, ""},
		{planCase{name: "no URL", config: inP + pair, env: env("AWS_ENDPOINT_URL", "sts.example"), fail: "ConfigError: AWS_ENDPOINT_URL: the endpoint is not an https:// URL"}, ""},
		{planCase{name: "another scheme", config: inP + pair, env: env("AWS_ENDPOINT_URL", "ftp://x.example"), fail: "not an https:// URL"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := c.req
			if reflect.ValueOf(req).IsZero() {
				req.Profile = "p"
			}
			plan, err := c.planner(t).Plan(req)
			if err != nil {
				c.checkFailure(t, err)
				return
			}
			s := plan.Service
			got := fmt.Sprintf("%s by %s", s.Region, plan.RegionFrom)
			for _, x := range []struct {
				set  bool
				text string
			}{{s.FIPS, " fips"}, {s.DualStack, " dual"}, {s.STS != "", " sts=" + s.STS}, {s.CABundle != "", " ca=" + s.CABundle}} {
				if x.set {
					got += x.text
				}
			}
			if got = strings.ReplaceAll(got, home, ""); got != c.service {
				t.Errorf("got %q, want %q (failure %q)", got, c.service, c.fail)
			}
			compareWarnings(t, plan.Warnings, c.warn)
			for _, step := range plan.Steps {
				switch step := step.(type) {
				case MFAStep:
					s = step.Service
				case RoleStep:
					s = step.Service
				}
				if s != plan.Service {
					t.Errorf("%v goes to %+v, the plan to %+v", step, s, plan.Service)
				}
			}
		})
	}
}

// Where a key is checked before it is stored, also for a profile that is new.
func TestServiceFor(t *testing.T) {
	c := planCase{config: inP + "region = eu-west-1\nendpoint_url = https://p.example\n"}
	for _, row := range []struct {
		req  Request
		want Service
	}{
		{Request{Profile: "p"}, Service{Region: "eu-west-1", STS: "https://p.example"}},
		{Request{Profile: "new"}, Service{Region: "us-east-1"}},
		{Request{Profile: "new", Region: "eu-west-2"}, Service{Region: "eu-west-2"}},
	} {
		got, err := c.planner(t).ServiceFor(row.req)
		if err != nil || got != row.want {
			t.Errorf("%+v: got %+v, %v, want %+v", row.req, got, err, row.want)
		}
	}
	if _, err := (planCase{config: inP + "what is this\n"}).planner(t).ServiceFor(Request{Profile: "p"}); err == nil {
		t.Error("no error for a broken profile")
	}
}

// The account that a plan's names tell.
func TestPlanAccount(t *testing.T) {
	const modern = "aws_access_key_id = AKIAQNZGKIQY56JQ7WML\naws_secret_access_key = s\n"
	for _, c := range []struct{ name, config, want string }{
		{"key of today", inP + modern, "029608264753"},
		{"key of old", inP + pair, ""},
		{"written down", inP + modern + "aws_account_id = 111122223333\n", "111122223333"},
		{"written down, no account", inP + modern + "aws_account_id = me\n", "029608264753"},
		{"device", inP + pair + annMFA, "123456789012"},
		{"hardware device", inP + modern + "mfa_serial = GAHT12345678\n", "029608264753"},
		{"role", inP + "role_arn = arn:aws:iam::999999999999:role/A\n" + fromB + inB + pairB + annMFA, "999999999999"},
	} {
		plan, err := planCase{config: c.config}.planner(t).Plan(Request{Profile: "p"})
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.AccountID(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
