package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fob/internal/awsfile"
)

// nomfaEnd is the end of the name under which Scout2 kept a profile's long-lived
// key while a session lay in the profile itself (LINEAGE.md 4).
const nomfaEnd = "-nomfa"

// checkPlainKeys looks for long-lived keys. Those of a section with a broken line
// are not seen, and that is said.
func checkPlainKeys(_ context.Context, x *exam) []finding {
	ids := map[string]string{}
	for _, e := range x.stored {
		ids[e.Profile] = e.AccessKeyID
	}
	var all []finding
	late := 0
	for _, e := range x.profiles {
		switch {
		case !e.done:
			late++
			continue
		case e.missing != nil && !errors.Is(e.missing, awsfile.ErrNotFound):
			all = append(all, notChecked("its keys, as the section cannot be read").of(e.name))
			continue
		}
		for _, id := range e.section.All("aws_access_key_id") {
			if !strings.HasPrefix(id.Text, "AKIA") {
				continue
			}
			name := strings.TrimSuffix(e.name, nomfaEnd)
			f := needsCare("fob import "+word(name), "the long-lived key %s lies here in clear", id.Text).at(id.Position)
			if ids[name] == id.Text {
				f.Fact += ", and in the keychain too"
				f.Next = "take the key out of the file"
			}
			all = append(all, f.of(e.name))
		}
	}
	if late > 0 {
		all = append(all, notChecked("the keys of %s: the time was over", counted(late, "profile")))
	}
	return all
}

// byName are the sections that were read.
func (x *exam) byName() map[string]examined {
	all := make(map[string]examined, len(x.profiles))
	for e := range x.read() {
		all[e.name] = e
	}
	return all
}

// checkPairs: a pair works, and its key lies in clear until it is imported. That
// a session without its key is worth nothing is what planning says.
func checkPairs(_ context.Context, x *exam) []finding {
	profiles := x.byName()
	var all []finding
	for e := range x.read() {
		base, isPair := strings.CutSuffix(e.name, nomfaEnd)
		session, ok := profiles[base]
		if !isPair || !ok {
			continue
		}
		f := needsCare("fob import "+word(base), "the long-lived key of %q, as Scout2 left it beside %s", base, x.leftover(session.section)).at(e.header())
		all = append(all, f.of(e.name))
	}
	return all
}

// leftover describes what is in the profile of a pair.
func (x *exam) leftover(s awsfile.Section) string {
	id, _ := s.Get("aws_access_key_id")
	token := firstValue(s, []string{"aws_session_token", "aws_security_token"})
	end, ok := sessionEnd(s)
	switch {
	case id.Text == "":
		return "a profile without a session"
	case strings.HasPrefix(id.Text, "ASIA") && token == (awsfile.Value{}):
		return "a session whose token was never written"
	case ok && !end.After(x.a.sys.Now()):
		return "a session that was over at " + end.UTC().Format("2006-01-02 15:04 MST")
	case ok:
		return "a session until " + end.UTC().Format("2006-01-02 15:04 MST")
	}
	return "a session that does not say when it ends"
}

// expirations are the names that tools give the end of a session.
var expirations = []string{"expiration", "aws_expiration", "x_security_token_expires"}

// sessionEnd reads when a session in a file ends, in the forms that tools write.
func sessionEnd(s awsfile.Section) (time.Time, bool) {
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(form, firstValue(s, expirations).Text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func checkOrphans(_ context.Context, x *exam) []finding {
	var all []finding
	for e := range x.read() {
		base, isPair := strings.CutSuffix(e.name, nomfaEnd)
		if !isPair || x.inFile[base] {
			continue
		}
		f := needsCare("rename it to "+fmt.Sprintf("[%s]", base)+", then: fob import "+word(base), "the key that Scout2 kept for %q, which is no profile any more", base).at(e.header())
		all = append(all, f.of(e.name))
	}
	return all
}

// checkExpired finds dead sessions that nothing uses. One that a profile depends
// on is told of where the profile cannot resolve, and one of a pair with the pair.
func checkExpired(_ context.Context, x *exam) []finding {
	var all []finding
	for e := range x.read() {
		end, ok := sessionEnd(e.section)
		if !ok || end.After(x.a.sys.Now()) || e.err != nil || x.inFile[e.name+nomfaEnd] {
			continue
		}
		f := needsCare("take the session out of the profile", "the session here was over at %s", end.UTC().Format("2006-01-02 15:04 MST")).at(firstValue(e.section, expirations).Position)
		all = append(all, f.of(e.name))
	}
	return all
}
