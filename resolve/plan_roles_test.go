package resolve

import "testing"

// SEMANTICS.md, Keys, MFA, roles.
func TestPlanMFA(t *testing.T) {
	const region = inEast
	proc := "mfa_process = pass otp\n"
	runPlans(t, []planCase{
		{name: "keys, no serial", config: inP + pair, want: "key AKIAP"},
		{name: "keys and serial", config: inP + region + pair + annMFA, want: "key AKIAP > mfa mfa/ann 8 h"},
		{name: "old name", config: inP + region + pair + oddMFA, want: "key AKIAP > mfa mfa/ann 8 h"},
		{name: "both names, the same", config: inP + region + pair + annMFA + oddMFA, want: "key AKIAP > mfa mfa/ann 8 h"},
		{name: "both names, different", config: inP + region + pair + "aws_mfa_serial = arn:aws:iam::123456789012:mfa/old\n" + annMFA, want: "key AKIAP > mfa mfa/ann 8 h",
			warn: []string{"config line 5: mfa_serial and aws_mfa_serial differ; mfa_serial is used"}},
		{name: "serial in the other file", config: inP + region + annMFA, credentials: "[p]\n" + pair, want: "key AKIAP > mfa mfa/ann 8 h"},
		{name: "mfa_process", config: inP + region + pair + annMFA + proc, want: "key AKIAP > mfa mfa/ann 8 h process=pass otp"},
		{name: "--mfa-serial alone", config: inP + region + pair, req: Request{Profile: "p", MFASerial: "GAHT12345678"}, want: "key AKIAP > mfa GAHT12345678 8 h"},
		{name: "--mfa-serial is stronger", config: inP + region + pair + annMFA, req: Request{Profile: "p", MFASerial: "arn:aws:iam::123456789012:mfa/x"}, want: "key AKIAP > mfa mfa/x 8 h"},
		{name: "session duration", config: inP + region + pair + annMFA + "duration_seconds = 129600\n", want: "key AKIAP > mfa mfa/ann 36 h"},
		{name: "session duration too long", config: inP + region + pair + annMFA + "duration_seconds = 129601\n", fail: "ConfigError: config line 6: duration_seconds … 900 to 129600"},
		{name: "session duration too short", config: inP + region + pair + annMFA + "duration_seconds = 899\n", fail: "config line 6: duration_seconds"},
		{name: "other partition and path", config: inP + "region = us-gov-west-1\n" + pair + "mfa_serial = arn:aws-us-gov:iam::123456789012:mfa/team/ann\n", want: "key AKIAP > mfa arn:aws-us-gov:iam::123456789012:mfa/team/ann 8 h"},
		{name: "security key", config: inP + pair + "mfa_serial = arn:aws:iam::123456789012:u2f/user/ann/key\n", fail: "ConfigError: config line 4: a security key (FIDO) gives no code"},
		{name: "security key with --mfa-serial", config: inP + pair, req: Request{Profile: "p", MFASerial: "arn:aws:iam::123456789012:u2f/user/ann/key"}, fail: "ConfigError: --mfa-serial: a security key"},
		{name: "security key of a role", config: inP + arnA + fromB + "mfa_serial = arn:aws:iam::123456789012:u2f/user/ann/key\n" + inB + pairB, fail: "ConfigError: config line 4: a security key"},
		{name: "no serial at all", config: inP + pair + "mfa_serial = 1\n", fail: "ConfigError: config line 4: not the serial"},
		{name: "running session with a serial", config: inP + "aws_access_key_id = ASIAP\naws_secret_access_key = s\naws_session_token = t\nexpiration = 2030-01-01T00:00:00Z\n" + annMFA, want: "session ASIAP/t until 2030-01-01T00:00:00Z"},
	})
}

func TestPlanRoles(t *testing.T) {
	head := inP + inEast // lines 1 and 2
	src := inB + pairB
	srcMFA := src + annMFA
	process := "mfa_process = pass otp\n"
	hours := "duration_seconds = 43200\n"
	session := inB + "aws_access_key_id = ASIAB\naws_secret_access_key = s\naws_session_token = t\nexpiration = 2030-01-01T00:00:00Z\n"
	runPlans(t, []planCase{
		{name: "role", config: head + arnA + fromB + src, want: "key AKIAB > role/A"},
		{name: "serial of the role", config: head + arnA + fromB + annMFA + src, want: "key AKIAB > mfa mfa/ann 8 h > role/A"},
		{name: "serial of the source", config: head + arnA + fromB + srcMFA, want: "key AKIAB > mfa mfa/ann 8 h > role/A"},
		{name: "serials of both", config: head + arnA + fromB + "mfa_serial = arn:aws:iam::123456789012:mfa/own\n" + srcMFA, want: "key AKIAB > mfa mfa/own 8 h > role/A"},
		{name: "one hour", config: head + arnA + fromB + "duration_seconds = 3600\n" + srcMFA, want: "key AKIAB > mfa mfa/ann 8 h > role/A 1 h"},
		{name: "an hour and a second", config: head + arnA + fromB + "duration_seconds = 3601\n" + srcMFA, want: "key AKIAB > role/A 1h0m1s code=mfa/ann"},
		{name: "twelve hours, serial of the source", config: head + arnA + fromB + hours + srcMFA, want: "key AKIAB > role/A 12 h code=mfa/ann"},
		{name: "twelve hours, serial of the role", config: head + arnA + fromB + hours + annMFA + src, want: "key AKIAB > role/A 12 h code=mfa/ann"},
		{name: "twelve hours, no serial", config: head + arnA + fromB + hours + src, want: "key AKIAB > role/A 12 h"},
		{name: "twelve hours, the code from a program", config: head + arnA + fromB + hours + srcMFA + process, want: "key AKIAB > role/A 12 h code=mfa/ann process=pass otp"},
		{name: "the source's session keeps its duration", config: head + arnA + fromB + srcMFA + "duration_seconds = 7200\n", want: "key AKIAB > mfa mfa/ann 2 h > role/A"},
		{name: "the program of the source", config: head + arnA + fromB + srcMFA + process, want: "key AKIAB > mfa mfa/ann 8 h process=pass otp > role/A"},
		{name: "the program of the role", config: head + arnA + fromB + process + srcMFA, want: "key AKIAB > mfa mfa/ann 8 h process=pass otp > role/A"},
		{name: "serial on a temporary base", config: head + arnA + fromB + annMFA + session, want: "session ASIAB/t until 2030-01-01T00:00:00Z > role/A code=mfa/ann"},
		{name: "long role on a temporary base", config: head + arnA + fromB + hours + session, want: "session ASIAB/t until 2030-01-01T00:00:00Z > role/A 1 h", warn: []string{"config line 3: AWS caps a role assumed with temporary credentials at one hour; duration_seconds = 43200 becomes 3600"}},
		{name: "chain", config: head + arnA + fromB + inB + arnB + "source_profile = c\n[profile c]\n" + pair + annMFA, want: "key AKIAP > mfa mfa/ann 8 h > role/B > role/A"},
		{name: "long chain link", config: head + arnA + fromB + hours + inB + arnB + "source_profile = c\n[profile c]\n" + pair, want: "key AKIAP > role/B > role/A 1 h", warn: []string{"43200 becomes 3600"}},
		{name: "serial on a chain link", config: head + arnA + fromB + annMFA + inB + arnB + "source_profile = c\n[profile c]\n" + pair, want: "key AKIAP > role/B > role/A code=mfa/ann"},
		{name: "--mfa-serial on a chain", config: head + arnA + fromB + inB + arnB + "source_profile = c\n[profile c]\n" + pair, req: Request{Profile: "p", MFASerial: "arn:aws:iam::123456789012:mfa/ann"},
			want: "key AKIAP > mfa mfa/ann 8 h > role/B > role/A"},
		{name: "itself with keys", config: head + arnA + "source_profile = p\n" + pair, want: "key AKIAP > role/A"},
		{name: "itself with keys and serial", config: head + arnA + "source_profile = p\n" + pair + annMFA + hours, want: "key AKIAP > role/A 12 h code=mfa/ann"},
		{name: "itself without keys", config: head + arnA + "source_profile = p\n", fail: "ConfigError: config line 4: the profiles form a cycle: p -> p"},
		{name: "cycle", config: head + arnA + fromB + inB + arnB + "source_profile = c\n[profile c]\n" + arnA + "source_profile = p\n", fail: "ConfigError: config line 4: the profiles form a cycle: p -> b -> c -> p"},
		{name: "cycle that does not lead back", config: head + arnA + fromB + inB + arnB + "source_profile = c\n[profile c]\n" + arnA + fromB, fail: "the profiles form a cycle: b -> c -> b"},
		{name: "source with keys and a role", config: head + arnA + fromB + src + arnB + "source_profile = c\n", want: "key AKIAB > role/A", warn: []string{"config line 8: as a source, profile \"b\" gives its keys; its role_arn is ignored"}},
		{name: "source with keys, a role and itself as source", config: head + arnA + fromB + src + arnB + fromB, want: "key AKIAB > role/A", warn: []string{"its role_arn is ignored"}},
		{name: "no source", config: head + arnA, fail: "ConfigError: config line 3: role_arn without a source … | source_profile = "},
		{name: "no source, own keys", config: head + arnA + pair, fail: "ConfigError: config line 3: role_arn without a source … | source_profile = p"},
		{name: "no source, own process", config: head + arnA + "credential_process = x\n", fail: "ConfigError: config line 3: role_arn without a source"},
		{name: "no source, keys in the environment", config: head + arnA, env: envKeys, fail: "role_arn without a source"},
		{name: "source and credential_source", config: head + arnA + fromB + "credential_source = Environment\n" + src, fail: "ConfigError: config line 5: … both source_profile and credential_source"},
		{name: "source without role_arn, own keys", config: head + pair + fromB, want: "key AKIAP", warn: []string{"config line 5: source_profile without role_arn is ignored"}},
		{name: "source without role_arn", config: head + fromB + src, fail: "ConfigError: config line 3: source_profile is there without role_arn"},
		{name: "source missing", config: head + arnA + "source_profile = zz\n", fail: `MissingProfileError: config line 4: source_profile of "p" is "zz", which is no profile`},
		{name: "source of the source missing", config: head + arnA + fromB + inB + arnB + "source_profile = zz\n", fail: `MissingProfileError: config line 7: source_profile of "b" is "zz"`},
		{name: "source misspelt", config: head + arnA + "source_profile = base1\n[profile base]\n" + pair, fail: `did you mean "base"`},
		{name: "source without credentials", config: head + arnA + fromB + inB + inEast, fail: `ConfigError: config line 5: profile "b" has no credentials`},
		{name: "source_profile does not default", config: head + arnA + "[default]\n" + pair, fail: "role_arn without a source"},
		{name: "credential_source unknown", config: head + arnA + "credential_source = Lambda\n", fail: `ConfigError: config line 4: credential_source "Lambda" is none of Environment, Ec2InstanceMetadata, EcsContainer`},
		{name: "credential_source in another case", config: head + arnA + "credential_source = environment\n", env: envKeys, fail: `credential_source "environment" is none of`},
		{name: "credential_source = Environment", config: head + arnA + "credential_source = Environment\n", env: envKeys, want: "key AKIAENV > role/A"},
		{name: "the same with a token", config: head + arnA + "credential_source = Environment\n", env: with("AWS_ACCESS_KEY_ID", "ASIAENV", "AWS_SESSION_TOKEN", "t"), want: "session ASIAENV/t > role/A"},
		{name: "the same with a serial", config: head + arnA + "credential_source = Environment\n" + annMFA, env: envKeys, want: "key AKIAENV > mfa mfa/ann 8 h > role/A"},
		{name: "the same with nothing there", config: head + arnA + "credential_source = Environment\n", fail: "ConfigError: config line 4: … AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"},
		{name: "the same with half a key", config: head + arnA + "credential_source = Environment\n", env: env("AWS_ACCESS_KEY_ID", "AKIAENV"), fail: "AWS_ACCESS_KEY_ID is set without"},
		{name: "duration", config: head + arnA + fromB + "duration_seconds = 7200\n" + src, want: "key AKIAB > role/A 2 h"},
		{name: "duration no number", config: head + arnA + fromB + "duration_seconds = 1h\n" + src, fail: "ConfigError: config line 5: duration_seconds is not a number of seconds from 900 to 43200"},
		{name: "duration too short", config: head + arnA + fromB + "duration_seconds = 899\n" + src, fail: "config line 5: duration_seconds"},
		{name: "duration too long", config: head + arnA + fromB + "duration_seconds = 43201\n" + src, fail: "config line 5: duration_seconds"},
		{name: "duration as big as a galaxy", config: head + arnA + fromB + "duration_seconds = 99999999999999999999\n" + src, fail: "config line 5: duration_seconds"},
		{name: "duration negative", config: head + arnA + fromB + "duration_seconds = -3600\n" + src, fail: "config line 5: duration_seconds"},
		{name: "external id and session name", config: head + arnA + fromB + "external_id = ext\nrole_session_name = sess\n" + src, want: "key AKIAB > role/A name=sess external=ext"},
		{name: "old external id", config: head + arnA + fromB + "aws_external_id = ext-1\n" + src, want: "key AKIAB > role/A external=ext-1"},
		{name: "both external ids", config: head + arnA + fromB + "aws_external_id = old\nexternal_id = new\n" + src, want: "key AKIAB > role/A external=new", warn: []string{"config line 5: external_id and aws_external_id differ"}},
		{name: "session name from the environment", config: head + arnA + fromB + src, env: env("AWS_ROLE_SESSION_NAME", "web"), want: "key AKIAB > role/A"},
		{name: "session name with a blank", config: head + arnA + fromB + "role_session_name = a b\n" + src, fail: "ConfigError: config line 5: role_session_name"},
		{name: "session name of one letter", config: head + arnA + fromB + "role_session_name = a\n" + src, fail: "config line 5: role_session_name"},
		{name: "no ARN", config: head + "role_arn = A\n" + fromB + src, fail: `ConfigError: config line 3: role_arn "A" is not an ARN`},
		{name: "role in the credentials file", config: head, credentials: "[p]\n" + arnA + fromB + "[b]\n" + pairB, want: "key AKIAB > role/A"},
		{name: "source in the credentials file", config: head + arnA + fromB, credentials: "[b]\n" + pairB + oddMFA, want: "key AKIAB > mfa mfa/ann 8 h > role/A"},
	})
}

// DESIGN.md 7: --role-arn on top of a profile.
func TestPlanRequestedRole(t *testing.T) {
	const arn = "arn:aws:iam::123456789012:role/X"
	head := inP + inEast
	runPlans(t, []planCase{
		{name: "on a key", config: head + pair, req: Request{Profile: "p", RoleARN: arn, ExternalID: "e", SessionName: "me"}, want: "key AKIAP > role/X name=me external=e"},
		{name: "on an MFA session", config: head + pair + annMFA, req: Request{Profile: "p", RoleARN: arn}, want: "key AKIAP > mfa mfa/ann 8 h > role/X"},
		{name: "on an MFA session of its own length", config: head + pair + annMFA + "duration_seconds = 3600\n", req: Request{Profile: "p", RoleARN: arn}, want: "key AKIAP > mfa mfa/ann 1 h > role/X"},
		{name: "for long on an MFA session", config: head + pair + annMFA, req: Request{Profile: "p", RoleARN: arn, Duration: 12 * 3600e9}, want: "key AKIAP > role/X 12 h code=mfa/ann"},
		{name: "on a role", config: head + arnA + fromB + inB + pairB + annMFA, req: Request{Profile: "p", RoleARN: arn}, want: "key AKIAB > mfa mfa/ann 8 h > role/A > role/X"},
		{name: "for long on a role", config: head + arnA + fromB + inB + pairB, req: Request{Profile: "p", RoleARN: arn, Duration: 2 * 3600e9}, want: "key AKIAB > role/A > role/X 1 h", warn: []string{"--role-arn: AWS caps"}},
		{name: "on the environment's keys", env: with("AWS_REGION", "us-east-1"), req: Request{RoleARN: arn}, want: "key AKIAENV > role/X"},
		{name: "no ARN", config: head + pair, req: Request{Profile: "p", RoleARN: "X"}, fail: `ConfigError: --role-arn: "X" is not an ARN`},
		{name: "bad session name", config: head + pair, req: Request{Profile: "p", RoleARN: arn, SessionName: "a b"}, fail: "ConfigError: --role-session-name:"},
		{name: "too long", config: head + pair, req: Request{Profile: "p", RoleARN: arn, Duration: 13 * 3600e9}, fail: "ConfigError: --duration:"},
		{name: "too short", config: head + pair, req: Request{Profile: "p", RoleARN: arn, Duration: 60e9}, fail: "ConfigError: --duration:"},
	})
}
