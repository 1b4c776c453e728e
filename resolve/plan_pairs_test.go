package resolve

import (
	"fmt"
	"strings"
	"testing"
)

// LINEAGE.md 4: all layouts of a -nomfa pair, their session running, over or
// undated, the serial in p, in p-nomfa, in both, in none.
func TestPlanPairs(t *testing.T) {
	const (
		serialP    = "aws_mfa_serial = arn:aws:iam::123456789012:mfa/ann\n"
		serialNo   = "mfa_serial = arn:aws:iam::123456789012:mfa/no\n"
		tokens     = "aws_session_token = t\naws_security_token = t\n"
		wikiTokens = "aws_session_token = t\n"
	)
	layouts := []struct {
		name, tokens string
		nomfa        bool
	}{
		{"good", tokens, true}, {"wiki", wikiTokens, true}, {"broken", "", true}, {"orphan", "", false},
		{"session without a pair", tokens, false},
	}
	ages := []struct{ name, line, until string }{
		{"running", "expiration = 2030-01-01 00:00:00+00:00\n", " until 2030-01-01T00:00:00Z"},
		{"running, with a T", "expiration = 2030-01-01T01:00:00+01:00\n", " until 2030-01-01T00:00:00Z"},
		{"over", "expiration = 2019-05-02 10:11:12+00:00\n", ""},
		{"over, with a fraction", "expiration = 2019-05-02 10:11:12.345678+00:00\n", ""},
		{"undated", "", ""},
	}
	serials := []struct{ name, p, nomfa, mfa string }{
		{"in p", serialP, "", " > mfa mfa/ann 8 h"}, {"in p-nomfa", "", serialNo, " > mfa mfa/no 8 h"},
		{"in both", serialP, serialNo, " > mfa mfa/ann 8 h"}, {"in none", "", "", ""},
	}
	var cases []planCase
	for _, l := range layouts {
		for _, a := range ages {
			for _, s := range serials {
				c := planCase{name: fmt.Sprintf("%s, %s, serial %s", l.name, a.name, s.name), env: env("AWS_REGION", "us-east-1")}
				c.credentials = "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\n" + s.p + l.tokens + a.line
				if l.nomfa {
					c.credentials += "[p-nomfa]\naws_access_key_id = AKIANO\naws_secret_access_key = s\n" + s.nomfa
				}
				over := strings.HasPrefix(a.name, "over")
				switch {
				case l.tokens != "" && !over:
					c.want = "session ASIAP/t" + a.until
					if a.until == "" {
						c.warn = []string{"credentials line 2: cannot tell when the session of \"p\" ends"}
					}
				case l.nomfa && l.tokens != "":
					c.want, c.warn = "key AKIANO"+s.mfa, []string{"expired at 2019-05-02 10:11 UTC; the key of \"p-nomfa\" is used"}
				case l.nomfa:
					c.want, c.warn = "key AKIANO"+s.mfa, []string{"was never written; the key of \"p-nomfa\" is used"}
				case over && l.tokens != "":
					c.fail = `ConfigError: credentials line 2: profile "p": the session in it expired at 2019 … refuse its key ASIAP | fob add p`
				default:
					c.fail = `ConfigError: credentials line 2: profile "p": the token of the session in it was never written, and AWS will refuse its key ASIAP`
				}
				cases = append(cases, c)
			}
		}
	}
	runPlans(t, cases)
}

func TestPlanPairsBeyond(t *testing.T) {
	dead := "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\n" + oddMFA + "aws_session_token = t\nexpiration = 2019-05-02 10:11:12+00:00\n"
	nomfaSection := "[p-nomfa]\naws_access_key_id = AKIANO\naws_secret_access_key = s\n" + oddMFA
	inUS := env("AWS_REGION", "us-east-1")
	used := []string{`the key of "p-nomfa" is used`}
	runPlans(t, []planCase{
		{name: "p-nomfa is the key as it is", credentials: dead + nomfaSection, req: Request{Profile: "p-nomfa"}, want: "key AKIANO"},
		{name: "unless a device is named", credentials: dead + nomfaSection, req: Request{Profile: "p-nomfa", MFASerial: "GAHT12345678"}, env: inUS, want: "key AKIANO > mfa GAHT12345678 8 h"},
		{name: "a role on the pair", config: "[profile r]\n" + arnA + "source_profile = p\n", credentials: dead + nomfaSection, req: Request{Profile: "r"}, env: inUS, want: "key AKIANO > mfa mfa/ann 8 h > role/A", warn: used},
		{name: "a role on p-nomfa", config: "[profile r]\n" + arnA + "source_profile = p-nomfa\n" + annMFA, credentials: dead + nomfaSection, req: Request{Profile: "r"}, env: inUS, want: "key AKIANO > mfa mfa/ann 8 h > role/A"},
		{name: "a role on the running session", config: "[profile r]\n" + arnA + "source_profile = p\n", credentials: strings.Replace(dead, "2019", "2031", 1) + nomfaSection, req: Request{Profile: "r"}, env: inUS,
			want: "session ASIAP/t until 2031-05-02T10:11:12Z > role/A"},
		{name: "the pair in config", config: "[profile p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\n[profile p-nomfa]\n" + pair + annMFA, env: inUS, want: "key AKIAP > mfa mfa/ann 8 h", warn: used},
		{name: "p in one file, p-nomfa in the other", config: "[profile p-nomfa]\n" + pair, credentials: dead, env: inUS, want: "key AKIAP > mfa mfa/ann 8 h", warn: used},
		{name: "session duration of p", credentials: dead + "duration_seconds = 3600\n" + nomfaSection, env: inUS, want: "key AKIANO > mfa mfa/ann 1 h", warn: used},
		{name: "the key of p-nomfa is temporary too", credentials: dead + "[p-nomfa]\naws_access_key_id = ASIANO\naws_secret_access_key = s\n", fail: `ConfigError: credentials line 7: … "p-nomfa" holds no long-lived key`},
		{name: "p-nomfa is empty", credentials: dead + "[p-nomfa]\nregion = x\n", fail: `"p-nomfa" holds no long-lived key`},
		{name: "p-nomfa is half a pair", credentials: dead + "[p-nomfa]\naws_access_key_id = AKIANO\n", fail: "ConfigError: credentials line 8: … without aws_secret_access_key"},
		{name: "a long-lived key beside the date of an old session", credentials: "[p]\n" + pair + "expiration = 2019-05-02 10:11:12+00:00\n", want: "key AKIAP"},
		{name: "old token name alone", credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\naws_security_token = legacy\n", want: "session ASIAP/legacy", warn: []string{"cannot tell when"}},
		{name: "tokens that differ", credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\naws_security_token = old\naws_session_token = new\nexpiration = 2030-01-01 00:00:00Z\n",
			want: "session ASIAP/new until 2030-01-01T00:00:00Z", warn: []string{"aws_session_token and aws_security_token differ"}},
		{name: "a date that is none", credentials: "[p]\naws_access_key_id = ASIAP\naws_secret_access_key = s\naws_session_token = t\nexpiration = later\n",
			want: "session ASIAP/t", warn: []string{"credentials line 5: the expiration of \"p\" is no time", "cannot tell when"}},
	})
}
