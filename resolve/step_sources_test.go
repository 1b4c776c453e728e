package resolve

import (
	"testing"
)

const (
	legacySSO  = "sso_start_url = https://foo.bar\nsso_region = us-east-2\n"
	ssoRole    = "sso_account_id = 123456789012\nsso_role_name = RN\n"
	ssoSession = "[sso-session s]\nsso_start_url = https://foo.bar\nsso_region = us-east-2\n"
	useProcess = "credential_process = /bin/creds --secret x\n"
	tokenIn    = "web_identity_token_file = /var/token\n"
	fromIMDS   = "credential_source = Ec2InstanceMetadata\n"
	fromECS    = "credential_source = EcsContainer\n"
)

func TestPlanSSO(t *testing.T) {
	const legacy = "role RN in account 123456789012 of https://foo.bar (SSO GetRoleCredentials)"
	const session = "role RN in account 123456789012 of sso-session s (https://foo.bar) (SSO GetRoleCredentials)"
	runPlans(t, []planCase{
		{name: "legacy keys", config: "[profile p]\n" + legacySSO + ssoRole, want: legacy},
		{name: "session", config: "[profile p]\nsso_session = s\n" + ssoRole + ssoSession, want: session},
		{name: "session and equal keys", config: "[profile p]\nsso_session = s\n" + legacySSO + ssoRole + ssoSession, want: session},
		{name: "session and other region", config: "[profile p]\nsso_session = s\nsso_region = eu-west-1\n" + ssoRole + ssoSession,
			fail: "ConfigError: config line 3: sso_region of \"p\" and of [sso-session s] … differ"},
		{name: "region misplaced", config: "[profile p]\nsso_session = s\nsso_region = eu-west-1\n[sso-session s]\nsso_start_url = https://foo.bar\n",
			fail: "ConfigError: config line 3: sso_region belongs into [sso-session s]"},
		{name: "session without region", config: "[profile p]\nsso_session = s\n" + ssoRole + "[sso-session s]\nsso_start_url = https://foo.bar\n",
			fail: "ConfigError: config line 5: [sso-session s] has no sso_region"},
		{name: "no such session", config: "[profile p]\nsso_session = oops\n" + ssoRole,
			fail: "ConfigError: config line 2: sso_session of \"p\" names \"oops\""},
		{name: "no role name", config: "[profile p]\n" + legacySSO + "sso_account_id = 123456789012\n",
			fail: "ConfigError: config line 4: … sso_role_name is missing"},
		{name: "no account", config: "[profile p]\n" + legacySSO + "sso_role_name = RN\n",
			fail: "ConfigError: config line 4: … sso_account_id is missing"},
		{name: "no start URL", config: "[profile p]\nsso_region = us-east-2\n" + ssoRole, fail: "ConfigError: config line 3: … sso_start_url is missing"},
		{name: "no region", config: "[profile p]\nsso_start_url = https://foo.bar\n" + ssoRole, fail: "ConfigError: config line 3: … sso_region is missing"},
		{name: "no valid region", config: "[profile p]\nsso_start_url = https://foo.bar\nsso_region = evil.example/\n" + ssoRole, fail: "ConfigError: config line 3: … not a region"},
		{name: "token only", config: "[profile p]\nsso_session = s\n" + ssoSession, fail: "ConfigError: config line 2: … bearer token only"},
		{name: "token only beside keys", config: "[profile p]\nsso_session = s\n" + pair + ssoSession, want: "key AKIAP"},
		{name: "wins over keys", config: "[profile p]\n" + pair + legacySSO + ssoRole, want: legacy, warn: []string{"config line 2: the key of \"p\" is not used"}},
		{name: "wins over a kept key", config: "[profile p]\n" + legacySSO + ssoRole, kept: map[string]StoredKey{"p": {AccessKeyID: "AKIAKEPT"}}, want: legacy,
			warn: []string{"keychain: the key of \"p\" is not used"}},
		{name: "wins over a process", config: "[profile p]\n" + useProcess + legacySSO + ssoRole, want: legacy, warn: []string{"credential_process of \"p\" is not used"}},
		{name: "as the source of a role", config: "[profile p]\n" + inEast + arnA + fromB + "duration_seconds = 7200\n[profile b]\n" + legacySSO + ssoRole,
			want: legacy + " > role/A 1 h", warn: []string{"caps a role"}},
		{name: "stray source_profile", config: "[profile p]\n" + fromB + legacySSO + ssoRole, want: legacy, warn: []string{"source_profile without role_arn is ignored"}},
		{name: "beside a role without source", config: "[profile p]\n" + arnA + legacySSO + ssoRole, fail: "ConfigError: config line 2: role_arn without a source"},
		{name: "foreign endpoint in the file", config: "[profile p]\nendpoint_url = https://evil.example\n" + legacySSO + ssoRole,
			fail: "ConfigError: config line 2: the endpoint evil.example is not AWS's"},
		{name: "AWS endpoint in the file", config: "[profile p]\nendpoint_url = https://x.vpce.amazonaws.com\n" + legacySSO + ssoRole, want: legacy},
		{name: "foreign endpoint in the environment", config: "[profile p]\n" + legacySSO + ssoRole, env: map[string]string{"AWS_ENDPOINT_URL_SSO": "https://sso.example"}, want: legacy},
		{name: "plain endpoint in the environment", config: "[profile p]\n" + legacySSO + ssoRole, env: map[string]string{"AWS_ENDPOINT_URL_SSO": "http://sso.example"},
			fail: "ConfigError: AWS_ENDPOINT_URL_SSO: … plain http"},
	})
}

func TestPlanProcess(t *testing.T) {
	runPlans(t, []planCase{
		{name: "alone", config: "[profile p]\n" + useProcess, want: "credential_process /bin/creds"},
		{name: "in the credentials file", credentials: "[p]\n" + useProcess, want: "credential_process /bin/creds"},
		{name: "keys win", config: "[profile p]\n" + useProcess + pair, want: "key AKIAP", warn: []string{"credential_process of \"p\" is not used"}},
		{name: "is fob", config: "[profile p]\n" + useProcess, self: "/bin/creds --secret x", fail: "ConfigError: config line 2: … a loop"},
		{name: "is fob beside keys", config: "[profile p]\n" + useProcess + pair, self: "/bin/creds --secret x", want: "key AKIAP"},
		{name: "as the source of a role", config: "[profile p]\n" + inEast + arnA + fromB + "[profile b]\n" + useProcess, want: "credential_process /bin/creds > role/A"},
		{name: "stray source_profile", config: "[profile p]\n" + fromB + useProcess, want: "credential_process /bin/creds", warn: []string{"source_profile without role_arn"}},
	})
}

func TestPlanMetadata(t *testing.T) {
	const v4 = "instance role from http://169.254.169.254"
	imds := func(endpoint string) string { return "[profile p]\n" + inEast + arnA + fromIMDS + endpoint }
	ecs := map[string]string{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/creds", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://10.0.0.1/"}
	full := func(uri string) map[string]string {
		return map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": uri}
	}
	nobody := Request{Profile: "-"}
	runPlans(t, []planCase{
		{name: "usual chain ends in the instance role", req: nobody, want: v4},
		{name: "default says nothing of credentials", config: "[default]\n" + inEast, req: nobody, want: v4},
		{name: "default is half", config: "[default]\naws_access_key_id = AKIAP\n", req: nobody, fail: "ConfigError: config line 2: … without aws_secret_access_key"},
		{name: "a named profile does not fall", config: "[profile p]\n" + inEast, fail: "ConfigError: config line 1: profile \"p\" has no credentials"},
		{name: "default named does not fall", config: "[default]\n" + inEast, req: Request{Profile: "default"}, fail: "ConfigError: … no credentials"},
		{name: "container first", env: ecs, req: nobody, want: "container role from http://169.254.170.2/creds"},
		{name: "default's keys before the container", config: "[default]\n" + pair, env: ecs, req: nobody, want: "key AKIAP"},
		{name: "disabled", env: map[string]string{"AWS_EC2_METADATA_DISABLED": "TRUE"}, req: nobody, fail: "no credentials: … AWS_EC2_METADATA_DISABLED"},
		{name: "disabled, odd value", env: map[string]string{"AWS_EC2_METADATA_DISABLED": "1"}, req: nobody, want: v4, warn: []string{"AWS_EC2_METADATA_DISABLED"}},
		{name: "named", config: imds(""), want: v4 + " > role/A"},
		{name: "named and disabled", config: imds(""), env: map[string]string{"AWS_EC2_METADATA_DISABLED": "true"}, fail: "ConfigError: config line 4: … AWS_EC2_METADATA_DISABLED"},
		{name: "IPv6", config: imds("ec2_metadata_service_endpoint_mode = IPv6\n"), want: "instance role from http://[fd00:ec2::254] > role/A"},
		{name: "mode of the environment wins", config: imds("ec2_metadata_service_endpoint_mode = IPv6\n"), env: map[string]string{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4"}, want: v4 + " > role/A"},
		{name: "unknown mode", config: imds("ec2_metadata_service_endpoint_mode = IPX\n"), fail: "ConfigError: config line 5: … IPX"},
		{name: "endpoint", config: imds("ec2_metadata_service_endpoint = http://127.0.0.1:99\n"), want: "instance role from http://127.0.0.1:99 > role/A"},
		{name: "foreign endpoint", config: imds("ec2_metadata_service_endpoint = http://10.0.0.1\n"), fail: "ConfigError: config line 5: … 10.0.0.1"},
		{name: "container named", config: "[profile p]\n" + inEast + arnA + fromECS, env: ecs, want: "container role from http://169.254.170.2/creds > role/A"},
		{name: "container named, no variables", config: "[profile p]\n" + arnA + fromECS, fail: "ConfigError: config line 3: … AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"},
		{name: "full URI", env: full("https://anything.example/x"), req: nobody, want: "container role from https://anything.example/x"},
		{name: "full URI at 10.0.0.1", env: full("http://10.0.0.1/creds"), req: nobody, fail: "ConfigError: AWS_CONTAINER_CREDENTIALS_FULL_URI: … 10.0.0.1"},
		{name: "full URI at IMDS", env: full("http://169.254.169.254/x"), req: nobody, fail: "ConfigError: … 169.254.169.254"},
		{name: "full URI at IMDS, mapped", env: full("http://[::ffff:169.254.169.254]/x"), req: nobody, fail: "ConfigError: … refused"},
		{name: "full URI, user in it", env: full("http://127.0.0.1@evil.example/x"), req: nobody, fail: "ConfigError: … not an http"},
		{name: "full URI, no URL", env: full("file:///etc/passwd"), req: nobody, fail: "ConfigError: … not an http"},
		{name: "relative URI that is none", env: map[string]string{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "@evil.example/"}, req: nobody, fail: "ConfigError: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: … /"},
	})
}

// Where an answer will belong is told without asking anybody.
func TestAccountOfSources(t *testing.T) {
	for _, c := range []planCase{
		{name: "sso", config: "[profile p]\n" + legacySSO + ssoRole},
		{name: "web identity", config: "[profile p]\n" + arnA + tokenIn},
		{name: "process", config: "[profile p]\naws_account_id = 123456789012\n" + useProcess},
	} {
		plan, err := c.planner(t).Plan(Request{Profile: "p"})
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.AccountID(); got != "123456789012" {
			t.Errorf("%s: account %q", c.name, got)
		}
	}
}

// An edited profile is never served what its former self was given.
func TestSourceInputs(t *testing.T) {
	sso := SSOStep{Session: "s", StartURL: "u", AccountID: "1", RoleName: "r", Service: Service{Region: "us-east-1"}}
	web := WebIdentityStep{ARN: "a", SessionName: "n", TokenFile: "f", Service: Service{Region: "us-east-1"}}
	steps := map[string]Step{"sso": sso, "web": web, "process": ProcessStep{Profile: "p", Command: "c"}, "imds": IMDSStep{Endpoint: "e"}, "ecs": ContainerStep{URL: "u"}}
	add := func(name string, s Step) { steps[name] = s }
	for _, change := range []func(*SSOStep){
		func(s *SSOStep) { s.Session = "t" }, func(s *SSOStep) { s.StartURL = "v" }, func(s *SSOStep) { s.AccountID = "2" },
		func(s *SSOStep) { s.RoleName = "q" }, func(s *SSOStep) { s.Service.Region = "eu-west-1" }, func(s *SSOStep) { s.Portal = "p" },
	} {
		c := sso
		change(&c)
		add("sso "+c.String()+c.Service.Region+c.Portal, c)
	}
	for _, change := range []func(*WebIdentityStep){
		func(s *WebIdentityStep) { s.ARN = "b" }, func(s *WebIdentityStep) { s.SessionName = "m" }, func(s *WebIdentityStep) { s.Duration = 1e12 },
		func(s *WebIdentityStep) { s.TokenFile = "g" }, func(s *WebIdentityStep) { s.Service.Region = "eu-west-1" }, func(s *WebIdentityStep) { s.Service.STS = "x" },
	} {
		c := web
		change(&c)
		add("web "+c.String()+c.SessionName+c.Service.Region+c.Service.STS, c)
	}
	add("process, other words", ProcessStep{Profile: "p", Command: "d"})
	add("process, other profile", ProcessStep{Profile: "q", Command: "c"})
	seen := map[Key]string{}
	for name, s := range steps {
		key := (&Plan{Steps: []Step{s}}).Key(1)
		if other, twice := seen[key]; twice {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[key] = name
	}
}
