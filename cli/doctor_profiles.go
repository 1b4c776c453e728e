package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"fob/internal/awsfile"
	"fob/resolve"
)

// credentialKeys are what a profile can say about credentials.
var credentialKeys = []string{"aws_access_key_id", "aws_secret_access_key", "role_arn", "source_profile", "credential_source",
	"credential_process", "web_identity_token_file", "login_session", "sso_session", "sso_start_url", "sso_account_id", "sso_role_name"}

// settingsOnly says whether a profile says nothing about credentials.
func (e examined) settingsOnly() bool {
	return e.missing == nil && !e.stored && firstValue(e.section, credentialKeys) == (awsfile.Value{})
}

// firstValue is the value of the first of the keys that a section has.
func firstValue(s awsfile.Section, keys []string) awsfile.Value {
	for _, k := range keys {
		if v, ok := s.Get(k); ok {
			return v
		}
	}
	return awsfile.Value{}
}

func (e examined) header() awsfile.Position {
	if len(e.section.Headers) > 0 {
		return e.section.Headers[0]
	}
	return awsfile.Position{}
}

func checkPlans(_ context.Context, x *exam) []finding {
	var all []finding
	late := 0
	for _, e := range x.profiles {
		switch {
		case !e.done:
			late++
		case e.err != nil && !e.settingsOnly():
			all = append(all, x.unresolved(e))
		}
	}
	if late > 0 {
		all = append(all, notChecked("%s: the others took %s", counted(late, "profile"), plansLimit))
	}
	return fold(all)
}

// unresolved says why a profile gives no credentials.
func (x *exam) unresolved(e examined) finding {
	f := x.fromError(e.err).of(e.name)
	var c *resolve.ConfigError
	var m *resolve.MissingProfileError
	switch {
	case errors.As(e.err, &c) && c.At.File != "":
		f.Fact = c.Fact
		f = f.at(awsfile.Position{File: c.At.File, Line: c.At.Line})
	case errors.As(e.err, &m) && m.At.File != "":
		f.Fact = strings.TrimPrefix(f.Fact, m.At.String()+": ")
		f = f.at(awsfile.Position{File: m.At.File, Line: m.At.Line})
	}
	return f
}

// fold makes one finding of those that say the same and have no place, such as a
// variable that spoils every profile.
func fold(all []finding) []finding {
	first, more := map[string]int{}, map[int]int{}
	var folded []finding
	for _, f := range all {
		i, again := first[f.Fact]
		switch {
		case f.File != "":
		case again:
			more[i]++
			continue
		default:
			first[f.Fact] = len(folded)
		}
		folded = append(folded, f)
	}
	for i, n := range more {
		folded[i].Fact += fmt.Sprintf(" (so it is for %s)", counted(n, "more profile"))
	}
	return folded
}

// checkSettingsOnly leaves default out, which often holds settings for all.
func checkSettingsOnly(_ context.Context, x *exam) []finding {
	var all []finding
	for _, e := range x.profiles {
		if e.done && e.err != nil && e.settingsOnly() && e.name != "default" {
			f := needsCare("fob add "+word(e.name), "it has settings and no credentials, in the files or in the keychain")
			all = append(all, f.at(e.header()).of(e.name))
		}
	}
	return all
}

// strongerThanProcess are the keys that SDKs prefer to a credential_process, or
// that make it an error in one of them.
var strongerThanProcess = []string{"aws_access_key_id", "aws_secret_access_key", "role_arn", "source_profile", "credential_source",
	"web_identity_token_file", "sso_session", "sso_start_url", "sso_account_id", "sso_role_name", "login_session"}

// firstPlain is firstValue as SDKs read the section.
func firstPlain(s awsfile.Section, keys []string) awsfile.Value {
	for _, k := range keys {
		if v, ok := s.Plain(k); ok {
			return v
		}
	}
	return awsfile.Value{}
}

func checkShadowedProcess(_ context.Context, x *exam) []finding {
	var all []finding
	for e := range x.read() {
		process, ok := e.section.Plain("credential_process")
		winner := firstPlain(e.section, strongerThanProcess)
		if !ok || winner == (awsfile.Value{}) {
			continue
		}
		next := fmt.Sprintf("take out line %d, or line %d of %s", process.Line, winner.Line, winner.File)
		switch own := firstPlain(e.section, strongerThanProcess[:2]); {
		case x.a.isSelf(process.Text, e.name) && own != (awsfile.Value{}):
			next = "fob import " + word(e.name)
		case x.a.isSelf(process.Text, e.name):
			next = "fob wire " + word(e.name)
		}
		f := needsCare(next, "AWS SDKs prefer what stands in %s and never ask this credential_process", winner.Position).at(process.Position)
		all = append(all, f.of(e.name))
	}
	return all
}

// checkHalfWired looks for what fob wire put aside where SDKs do not come to fob:
// they do not see it, and fob does.
func checkHalfWired(_ context.Context, x *exam) []finding {
	var all []finding
	for e := range x.read() {
		edit, err := x.a.wireOf(e.name)
		if err != nil || !edit.Touched() {
			continue
		}
		if process, ok := e.section.Plain("credential_process"); ok && edit.Own(process.Text) {
			continue
		}
		next := "fob wire " + word(e.name) + ", or: fob unwire " + word(e.name)
		all = append(all, needsCare(next, "fob wire has changed the profile, and its credential_process does not lead to fob: SDKs do not see what begins with fob_").at(e.header()).of(e.name))
	}
	return all
}

func checkShadowedKey(_ context.Context, x *exam) []finding {
	var all []finding
	for e := range x.read() {
		key := firstValue(e.section, []string{"aws_access_key_id", "aws_secret_access_key"})
		sso := firstValue(e.section, []string{"sso_start_url", "sso_account_id", "sso_role_name"})
		if key == (awsfile.Value{}) || sso == (awsfile.Value{}) {
			continue
		}
		f := needsCare("take the key out of the profile", "the key is not used by tools that see the SSO keys in %s, and used by those that do not", sso.Position).at(key.Position)
		all = append(all, f.of(e.name))
	}
	return all
}

// checkPlanWarnings tells what planning warns of, but for lines that a check
// before has told about.
func checkPlanWarnings(_ context.Context, x *exam) []finding {
	var all []finding
	for _, e := range x.profiles {
		if e.plan == nil {
			continue
		}
		for _, w := range e.plan.Warnings {
			f := x.placed(w).of(e.name)
			f.Next = "correct it; the plan: fob explain " + word(e.name)
			ofPair := x.inFile[e.name+nomfaEnd] && strings.Contains(w, strconv.Quote(e.name+nomfaEnd))
			if ofPair || x.told[f.position().String()] {
				continue
			}
			if f.Line > 0 {
				x.told[f.position().String()] = true
			}
			all = append(all, f)
		}
	}
	return fold(all)
}

// placed takes the place off a warning's beginning: "FILE line N: text".
func (x *exam) placed(warning string) finding {
	for _, p := range []awsfile.Path{x.paths.Config, x.paths.Credentials} {
		rest, ok := strings.CutPrefix(warning, p.Name+" line ")
		number, text, cut := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); ok && cut && err == nil {
			return finding{Fact: text, File: p.Name, Line: line}
		}
	}
	return finding{Fact: warning}
}
