package cli

import (
	"slices"
	"strings"

	"fob/internal/awsfile"
)

// advise says what is different from now on for the profiles that were wired.
func (w *wirer) advise(names []string) {
	if roles := w.rolesAbove(names); len(roles) > 0 && !w.all {
		w.a.p.say("  SDKs go on assuming the roles above them without fob: fob wire " + words(roles))
	}
	for _, name := range names {
		if s, err := w.a.files.Profile(name); err == nil && hasSignIn(s) {
			w.a.p.say("  sign in with fob login " + word(name) + "; aws sso login does not know the profile any more")
			return
		}
	}
}

// rolesAbove are the profiles with a role that SDKs take themselves from one of these.
func (w *wirer) rolesAbove(names []string) (roles []string) {
	for _, other := range w.a.files.Names() {
		s, err := w.a.files.Profile(other)
		if err != nil || slices.Contains(names, other) {
			continue
		}
		_, isRole := s.Plain("role_arn")
		if source, ok := s.Plain("source_profile"); ok && isRole && slices.Contains(names, source.Text) {
			roles = append(roles, other)
		}
	}
	return roles
}

func hasSignIn(s awsfile.Section) bool {
	return firstValue(s, []string{"sso_session", "sso_start_url"}) != (awsfile.Value{})
}

// words are names as they can be typed: some of them, where they are many.
func words(names []string) string {
	const most = 8
	if len(names) > most {
		return "--all"
	}
	var typed []string
	for _, n := range names {
		typed = append(typed, word(n))
	}
	return strings.Join(typed, " ")
}
