package cli

import (
	"context"
	"fmt"

	"fob/internal/awsfile"
)

// severity says how much a finding matters. Errors and warnings need care.
type severity string

const (
	sevError      severity = "error" // something does not work, or is not safe
	sevWarn       severity = "warn"  // it works, and not as one may think
	sevNote       severity = "note"  // good to know
	sevNotChecked severity = "not_checked"
)

// finding is one thing that a check has to say: where, what, and what to type or
// write. It holds no secret.
type finding struct {
	ID       string   `json:"id"`
	Severity severity `json:"severity"`
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"` // from 1; 0 is the file as a whole
	Profile  string   `json:"profile,omitempty"`
	Fact     string   `json:"fact"`
	Next     string   `json:"next,omitempty"`

	group string
}

// at gives a finding its place.
func (f finding) at(p awsfile.Position) finding {
	f.File, f.Line = p.File, p.Line
	return f
}

func (f finding) position() awsfile.Position { return awsfile.Position{File: f.File, Line: f.Line} }

// check is a row of the examination.
type check struct {
	id       string
	group    string // heading in the text
	title    string
	severity severity // of its findings, unless they have one of their own
	needs    need
	run      func(context.Context, *exam) []finding
}

// need is what a check cannot do without, as bits.
type need int

const (
	needFiles need = 1 << iota // both AWS files were read
	needPlans                  // the list of stored keys too, so that plans are right
	needModes                  // mode bits mean something here
)

// doctorChecks is what fob doctor looks at. The order is that of the telling
// within a group; plan-warning comes after the checks that see the same lines
// and say more.
func doctorChecks() []check {
	const files, profiles, keys, access, programs, store, environment, clock = "AWS files", "Profiles", "Keys in clear",
		"Who can read and write", "Programs", "Keychain", "Environment", "Clock"
	return []check{
		{"unreadable-file", files, "an AWS file that cannot be read", sevError, 0, checkReadable},
		{"missing-file", files, "a file that a variable names and that is not there", sevError, needFiles, checkMissing},
		{"relative-file", files, "a variable that names another file in every folder", sevWarn, 0, checkRelative},
		{"broken-line", files, "a line that cannot be read", sevError, needFiles, checkBroken},
		{"read-differently", files, "what the AWS CLI or other tools read differently", sevWarn, needFiles, checkLint},
		{"cannot-resolve", profiles, "a profile that gives no credentials", sevError, needFiles | needPlans, checkPlans},
		{"no-credentials", profiles, "a profile with settings only", sevWarn, needFiles | needPlans, checkSettingsOnly},
		{"shadowed-process", profiles, "a credential_process that SDKs never ask", sevWarn, needFiles, checkShadowedProcess},
		{"half-wired", profiles, "a profile of fob wire's that does not lead to fob", sevWarn, needFiles, checkHalfWired},
		{"shadowed-key", profiles, "a key beside SSO", sevWarn, needFiles, checkShadowedKey},
		{"plain-text-key", keys, "a long-lived key in a file", sevWarn, needFiles, checkPlainKeys},
		{"nomfa-pair", keys, "a key and its session, as Scout2 left them", sevWarn, needFiles, checkPairs},
		{"nomfa-orphan", keys, "a key of Scout2's whose profile is gone", sevWarn, needFiles, checkOrphans},
		{"expired-session", keys, "a session in a file that is over", sevWarn, needFiles | needPlans, checkExpired},
		{"plan-warning", profiles, "what fob warns of when a profile is used", sevWarn, needFiles | needPlans, checkPlanWarnings},
		{"readable-keys", access, "a file with keys that others can read", sevWarn, needModes, checkReadableKeys},
		{"writable-file", access, "a file or its folder that others can write", sevError, needModes, checkWritable},
		{"fob-files", access, "fob's own files, open to others", sevError, needModes, checkFobFiles},
		{"missing-program", programs, "a command that does not exist", sevError, needFiles, checkPrograms},
		{"fob-not-on-path", programs, "fob is called by name and is not on PATH", sevError, needFiles, checkFobOnPath},
		{"store", store, "where keys rest, and whether it opens without asking", sevError, 0, checkStore},
		{"lost-key", store, "a stored key that is not in the store any more", sevError, 0, checkLostKeys},
		{"environment-keys", environment, "keys in variables, which win over profiles", sevWarn, 0, checkEnvironmentKeys},
		{"web-identity", environment, "web-identity variables, which win over AWS_PROFILE", sevWarn, 0, checkWebIdentity},
		{"profile-variables", environment, "AWS_PROFILE and AWS_DEFAULT_PROFILE differ", sevWarn, 0, checkProfileVariables},
		{"bad-variable", environment, "a variable that cannot be used", sevError, needFiles | needPlans, checkChoice},
		{"security-token", environment, "AWS_SECURITY_TOKEN, the old name", sevWarn, 0, checkSecurityToken},
		{"passphrase", environment, "a passphrase in a variable", sevWarn, 0, checkPassphraseVariable},
		{"clock", clock, "this machine's clock is off", sevError, 0, checkClock},
	}
}

// notChecked says why something is not known.
func notChecked(format string, a ...any) finding {
	return finding{Severity: sevNotChecked, Fact: fmt.Sprintf(format, a...)}
}

// needsCare is a finding of the check's own severity, with what to type or write next.
func needsCare(next, format string, a ...any) finding {
	return finding{Fact: fmt.Sprintf(format, a...), Next: next}
}

// note is good to know, and needs no care.
func note(format string, a ...any) finding {
	return finding{Severity: sevNote, Fact: fmt.Sprintf(format, a...)}
}

// as gives a finding another severity than its check's.
func (f finding) as(s severity) finding {
	f.Severity = s
	return f
}

// of gives a finding its profile.
func (f finding) of(profile string) finding {
	f.Profile = profile
	return f
}
