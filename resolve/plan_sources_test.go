package resolve

import (
	"testing"
)

const (
	inP = "[profile p]\n"
	inB = "[profile b]\n"
)

// SEMANTICS.md, Files and grammar: what of it shows in a plan.
func TestPlanFiles(t *testing.T) {
	runPlans(t, []planCase{
		{name: "config section without prefix", config: "[p]\n" + pair, fail: `MissingProfileError: there is no profile "p" … config line 1 … [profile p]`},
		{name: "credentials section with prefix", credentials: "[profile p]\n" + pair, fail: `MissingProfileError: … credentials line 1 … "[p]"`},
		{name: "pair in both files", config: inP + pair, credentials: "[p]\naws_access_key_id = AKIACRED\naws_secret_access_key = s\n", want: "key AKIACRED"},
		{name: "id in one file, secret in the other", config: inP + "aws_access_key_id = AKIAP\n", credentials: "[p]\naws_secret_access_key = s\n",
			fail: "ConfigError: config line 2: … credentials line 2: a pair is never mixed"},
		{name: "secret in config, id in credentials", config: inP + "aws_secret_access_key = s\n", credentials: "[p]\naws_access_key_id = AKIAP\n",
			fail: "ConfigError: credentials line 2: … config line 2"},
		{name: "whole pair in config, id alone in credentials", config: inP + pair, credentials: "[p]\naws_access_key_id = AKIAX\n",
			fail: "ConfigError: credentials line 2: … config line 3"},
		{name: "pair in config, token in credentials", config: inP + pair, credentials: "[p]\naws_session_token = t\n", want: "key AKIAP",
			warn: []string{`credentials line 2: the session token of "p" is not used`}},
		{name: "pair in credentials, token in config", config: inP + "aws_session_token = t\n", credentials: "[p]\n" + pair, want: "key AKIAP", warn: []string{"config line 2: the session token"}},
		{name: "pair and token in config, another token in credentials", config: inP + pair + "aws_session_token = own\n", credentials: "[p]\naws_session_token = foreign\n",
			want: "session AKIAP/own", warn: []string{"cannot tell when"}},
		{name: "another token in config, pair and old token name in credentials", config: inP + "aws_session_token = foreign\n", credentials: "[p]\n" + pair + "aws_security_token = own\n",
			want: "session AKIAP/own", warn: []string{"cannot tell when"}},
		{name: "temporary key in config, token in credentials", config: inP + "aws_access_key_id = ASIAP\naws_secret_access_key = s\n", credentials: "[p]\naws_session_token = t\n",
			fail: "ConfigError: config line 2: … ASIAP"},
		{name: "role in config, keys in credentials", config: inP + arnA + inEast + "source_profile = p\n", credentials: "[p]\n" + pair, want: "key AKIAP > role/A"},
		{name: "[default] and [profile default]", config: "[profile default]\naws_access_key_id = AKIAPREFIX\naws_secret_access_key = s\n[default]\n" + pair, req: nobody,
			want: "key AKIAPREFIX", warn: []string{"[default] is not read"}},
		{name: "section twice", config: inP + "aws_access_key_id = AKIAONE\n" + inP + pair, want: "key AKIAP", warn: []string{"twice"}},
		{name: "key names in capitals", config: inP + "AWS_ACCESS_KEY_ID = AKIAP\nAws_Secret_Access_Key = s\n", want: "key AKIAP"},
		{name: "profile names in another case", config: "[profile P]\n" + pair, fail: `MissingProfileError: there is no profile "p": did you mean "P"`},
		{name: "profile that is near", config: "[profile prod]\n" + pair, req: Request{Profile: "prdo"}, fail: `did you mean "prod"`},
		{name: "keys in a nested block", config: inP + "s3 =\n  aws_access_key_id = AKIANESTED\n" + pair, want: "key AKIAP"},
		{name: "broken line in another profile", config: inP + pair + "[profile q]\nwhat is this\n", want: "key AKIAP"},
		{name: "broken line in the profile", config: inP + pair + "what is this\n", fail: "ConfigError: config line 4:"},
		{name: "broken line in the source", config: inP + arnA + fromB + inB + "what is this\n", fail: "ConfigError: config line 5:"},
		{name: "broken line in the pair's other half", credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\n[p-nomfa]\nwhat is this\n", fail: "ConfigError: credentials line 5:"},
		{name: "empty values", config: inP + "aws_access_key_id =\naws_secret_access_key =\n", fail: `ConfigError: config line 1: profile "p" has no credentials`},
		{name: "empty serial", config: inP + pair + "mfa_serial =\n", want: "key AKIAP"},
		{name: "empty serial beside the old name", config: inP + inEast + pair + "mfa_serial =\n" + oddMFA, want: "key AKIAP > mfa mfa/ann 8 h"},
		{name: "half a pair", config: inP + "aws_access_key_id = AKIAP\n", fail: "ConfigError: config line 2: … without aws_secret_access_key … fob add p"},
		{name: "the other half", config: inP + "aws_secret_access_key = s\n", fail: "ConfigError: config line 2: … without aws_access_key_id"},
	})
}

// SEMANTICS.md, Where files and profiles come from; LINEAGE L1-L6.
func TestPlanChoice(t *testing.T) {
	const def = "[default]\naws_access_key_id = AKIADEF\naws_secret_access_key = s\n"
	const q = "[profile q]\naws_access_key_id = AKIAQ\naws_secret_access_key = s\n"
	csv := "User name,Access key ID,Secret access key\nann,AKIACSVCSVCSVCSVCSVC,secret7secret7secret7secret7secret7secre7\n"
	runPlans(t, []planCase{
		{name: "config variable names a missing file", config: inP + pair, env: env("AWS_CONFIG_FILE", "/nope"), fail: `ConfigError: AWS_CONFIG_FILE: names "/nope", which does not exist | unset AWS_CONFIG_FILE`},
		{name: "credentials variable names a missing file", credentials: "[p]\n" + pair, env: env("AWS_SHARED_CREDENTIALS_FILE", "/nope"), fail: "ConfigError: AWS_SHARED_CREDENTIALS_FILE:"},
		{name: "variable is empty", config: inP + pair, env: env("AWS_CONFIG_FILE", ""), want: "key AKIAP"},
		{name: "variable with a tilde", config: inP + pair, env: env("AWS_CONFIG_FILE", "~/.aws/config"), want: "key AKIAP"},
		{name: "missing file, no profile named", env: env("AWS_CONFIG_FILE", "/nope"), req: nobody, fail: "ConfigError: AWS_CONFIG_FILE:"},
		{name: "-p and keys in the environment", config: inP + pair, env: envKeys, want: "key AKIAP"},
		{name: "-p without credentials and keys in the environment", config: inP + inEast, env: envKeys, fail: `ConfigError: config line 1: profile "p" has no credentials`},
		{name: "-p missing and keys in the environment", env: envKeys, fail: `MissingProfileError: there is no profile "p"`},
		{name: "-p and half a key in the environment", config: inP + pair, env: env("AWS_ACCESS_KEY_ID", "AKIAENV"), want: "key AKIAP"},
		{name: "AWS_PROFILE and keys in the environment", config: q, env: with("AWS_PROFILE", "q"), req: nobody, want: "key AKIAENV", warn: []string{`win over AWS_PROFILE; "q" is not used`}},
		{name: "AWS_DEFAULT_PROFILE and keys in the environment", config: q, env: with("AWS_DEFAULT_PROFILE", "q"), req: nobody, want: "key AKIAENV", warn: []string{"AWS_DEFAULT_PROFILE"}},
		{name: "AWS_PROFILE", config: def + q, env: env("AWS_PROFILE", "q"), req: nobody, want: "key AKIAQ"},
		{name: "AWS_DEFAULT_PROFILE", config: def + q, env: env("AWS_DEFAULT_PROFILE", "q"), req: nobody, want: "key AKIAQ"},
		{name: "both", config: def + q, env: env("AWS_PROFILE", "default", "AWS_DEFAULT_PROFILE", "q"), req: nobody, want: "key AKIADEF"},
		{name: "AWS_PROFILE empty", config: def + q, env: env("AWS_PROFILE", "", "AWS_DEFAULT_PROFILE", "q"), req: nobody, want: "key AKIAQ"},
		{name: "-p and AWS_PROFILE", config: inP + pair + q, env: env("AWS_PROFILE", "q"), want: "key AKIAP"},
		{name: "AWS_PROFILE missing", config: def, env: env("AWS_PROFILE", "nope"), req: nobody, fail: `MissingProfileError: there is no profile "nope"`},
		{name: "default", config: def, req: nobody, want: "key AKIADEF"},
		{name: "default in the keychain alone", kept: map[string]StoredKey{"default": {AccessKeyID: "AKIAKEPT"}}, req: nobody, want: "kept AKIAKEPT"},
		{name: "files beat metadata", config: def, env: env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/x"), req: nobody, want: "key AKIADEF"},
		{name: "key id alone", config: def, env: env("AWS_ACCESS_KEY_ID", "AKIAENV"), req: nobody, fail: "ConfigError: the environment: AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY"},
		{name: "secret alone", config: def, env: env("AWS_SECRET_ACCESS_KEY", "s"), req: nobody, fail: "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID"},
		{name: "blank key id", config: def, env: env("AWS_ACCESS_KEY_ID", " ", "AWS_SECRET_ACCESS_KEY", "s"), req: nobody, fail: "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID"},
		{name: "blank keys", config: def, env: env("AWS_ACCESS_KEY_ID", " ", "AWS_SECRET_ACCESS_KEY", "\t"), req: nobody, want: "key AKIADEF"},
		{name: "token", env: with("AWS_ACCESS_KEY_ID", "ASIAENV", "AWS_SESSION_TOKEN", "t"), req: nobody, want: "session ASIAENV/t"},
		{name: "old token name", env: with("AWS_ACCESS_KEY_ID", "ASIAENV", "AWS_SECURITY_TOKEN", "old"), req: nobody, want: "session ASIAENV/old"},
		{name: "both token names", env: with("AWS_ACCESS_KEY_ID", "ASIAENV", "AWS_SECURITY_TOKEN", "old", "AWS_SESSION_TOKEN", "t"), req: nobody, want: "session ASIAENV/t"},
		{name: "temporary key without token", env: with("AWS_ACCESS_KEY_ID", "ASIAENV"), req: nobody, fail: "ConfigError: AWS_ACCESS_KEY_ID: … ASIAENV … AWS_SESSION_TOKEN is not set"},
		{name: "expiration to come", env: with("AWS_SESSION_TOKEN", "t", "AWS_CREDENTIAL_EXPIRATION", "2030-01-01T00:00:00Z"), req: nobody, want: "session AKIAENV/t until 2030-01-01T00:00:00Z"},
		{name: "expiration past", env: with("AWS_SESSION_TOKEN", "t", "AWS_CREDENTIAL_EXPIRATION", "2001-01-01T00:00:00Z"), req: nobody, fail: "ConfigError: AWS_CREDENTIAL_EXPIRATION: … expired at 2001"},
		{name: "expiration this very second", env: with("AWS_SESSION_TOKEN", "t", "AWS_CREDENTIAL_EXPIRATION", "2026-01-02T03:04:05Z"), req: nobody, fail: "expired"},
		{name: "expiration that is none", env: with("AWS_SESSION_TOKEN", "t", "AWS_CREDENTIAL_EXPIRATION", "soon"), req: nobody, fail: "ConfigError: AWS_CREDENTIAL_EXPIRATION: not a time"},
		{name: "AWS_ROLE_ARN and AWS_EXTERNAL_ID force no role", config: inP + pair, env: env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/W", "AWS_EXTERNAL_ID", "x"), want: "key AKIAP"},
		{name: "--mfa-serial and keys in the environment", env: with("AWS_REGION", "eu-west-1"), req: Request{MFASerial: "arn:aws:iam::123456789012:mfa/ann"}, want: "key AKIAENV > mfa mfa/ann 8 h"},
		{name: "CSV beats files and environment", config: def, env: envKeys, csv: csv, req: Request{CSV: "keys.csv"}, want: "key AKIACSVCSVCSVCSVCSVC"},
		{name: "CSV with a serial", csv: "AKIACSVCSVCSVCSVCSVC,secret7secret7secret7secret7secret7secre7,arn:aws:iam::123456789012:mfa/ann\n", req: Request{CSV: "keys.csv", Region: "eu-west-1"},
			want: "key AKIACSVCSVCSVCSVCSVC > mfa mfa/ann 8 h"},
		{name: "CSV with --mfa-serial", csv: csv, req: Request{CSV: "keys.csv", MFASerial: "arn:aws:iam::123456789012:mfa/bob", Region: "eu-west-1"}, want: "key AKIACSVCSVCSVCSVCSVC > mfa mfa/bob 8 h"},
		{name: "CSV with a role on top", csv: csv, req: Request{CSV: "keys.csv", RoleARN: "arn:aws:iam::123456789012:role/A", Region: "eu-west-1"}, want: "key AKIACSVCSVCSVCSVCSVC > role/A"},
		{name: "CSV without a key", csv: "a,b\n", req: Request{CSV: "keys.csv"}, fail: "keycsv.Error"},
		{name: "no profile and nothing anywhere", req: Request{Profile: "zz"}, fail: `MissingProfileError: there is no profile "zz": there are no profiles at all`},
	})
}

// A key in the keychain behaves as if it were in the credentials file.
func TestPlanKeychain(t *testing.T) {
	kept := func(name string, k StoredKey) map[string]StoredKey {
		k.AccessKeyID = "AKIAKEPT"
		return map[string]StoredKey{name: k}
	}
	serial := StoredKey{MFASerial: "arn:aws:iam::123456789012:mfa/stored"}
	runPlans(t, []planCase{
		{name: "key without a profile", kept: kept("p", StoredKey{}), want: "kept AKIAKEPT"},
		{name: "key with a profile", config: inP + inEast + annMFA, kept: kept("p", StoredKey{}), want: "kept AKIAKEPT > mfa mfa/ann 8 h"},
		{name: "serial stored with the key", config: inP + inEast, kept: kept("p", serial), want: "kept AKIAKEPT > mfa mfa/stored 8 h"},
		{name: "serial in the file is stronger", config: inP + inEast + annMFA, kept: kept("p", serial), want: "kept AKIAKEPT > mfa mfa/ann 8 h"},
		{name: "key lies in clear too", config: inP, credentials: "[p]\n" + pair, kept: kept("p", StoredKey{}), want: "kept AKIAKEPT", warn: []string{"credentials line 2: a key of \"p\" lies here in clear too"}},
		{name: "session of opinel lies in the file", credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\naws_session_token = t\n", kept: kept("p", StoredKey{}), want: "kept AKIAKEPT"},
		{name: "source of a role", config: inP + arnA + fromB + inEast, kept: kept("b", serial), want: "kept AKIAKEPT > mfa mfa/stored 8 h > role/A"},
		{name: "role and key in one profile, no source", config: inP + arnA + inEast, kept: kept("p", StoredKey{}), fail: "ConfigError: config line 2: … | source_profile = p"},
		{name: "role and key in one profile, itself as source", config: inP + arnA + inEast + "source_profile = p\n", kept: kept("p", serial), want: "kept AKIAKEPT > mfa mfa/stored 8 h > role/A"},
		{name: "half a key in the file", config: inP + "aws_access_key_id = AKIAP\n", kept: kept("p", StoredKey{}), want: "kept AKIAKEPT"},
		{name: "-nomfa key in the keychain", credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\n" + oddMFA + inEast, kept: kept("p-nomfa", StoredKey{}),
			want: "kept AKIAKEPT > mfa mfa/ann 8 h", warn: []string{"never written"}},
		{name: "credential_process is fob itself", config: inP + "credential_process = fob process -p p\n", self: "fob process -p p", kept: kept("p", StoredKey{}), want: "kept AKIAKEPT"},
		{name: "credential_process is fob itself and no key is kept", config: inP + "credential_process = fob process -p p\n", self: "fob process -p p", fail: "ConfigError: config line 2: … loop | fob add p"},
		{name: "credential_process beside keys", config: inP + pair + "credential_process = other\n", want: "key AKIAP", warn: []string{"config line 4: credential_process of \"p\" is not used"}},
	})
}
