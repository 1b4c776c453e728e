package awsfile

import (
	"fmt"
	"slices"
	"strings"
)

// WiredPrefix is what `fob wire` puts before the keys of a profile that keep SDKs
// from its credential_process. SDKs ignore such keys; fob reads them as if the
// prefix were not there, see [Section.Get].
const WiredPrefix = "fob_"

// WiredKeys are the keys of a profile that keep one SDK or another from asking its
// credential_process, in the order in which they are told to a person. Each of them
// wins over it in an SDK, is an error beside it (Go: source_profile), or makes the
// profile one of no known kind (.NET: mfa_serial, external_id, role_session_name).
// The last one is credential_process itself, of another program.
func WiredKeys() []string {
	return []string{
		"role_arn", "source_profile", "credential_source", "web_identity_token_file",
		"mfa_serial", "external_id", "role_session_name",
		"sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name", "sso_registration_scopes",
		"login_session", "credential_process",
	}
}

// isWired says whether a key that the section lacks may be there with the prefix.
func (s Section) isWired(key string) bool {
	return s.prefixed && slices.Contains(WiredKeys(), key)
}

// doubly warns of keys that the section has with the prefix and without.
func (s Section) doubly() []Warning {
	if !s.prefixed {
		return nil
	}
	var found []Warning
	for _, key := range WiredKeys() {
		if key == "credential_process" {
			continue // fob's own stands beside it
		}
		plain, hasPlain := s.Plain(key)
		aside, hasAside := s.Plain(WiredPrefix + key)
		if hasPlain && hasAside {
			text := fmt.Sprintf("%s counts, here and for SDKs, and %s in %s does not", key, WiredPrefix+key, aside.Position)
			found = append(found, Warning{Position: plain.Position, Text: text})
		}
	}
	return found
}

func hasWiredPrefix(key string) bool { return strings.HasPrefix(key, WiredPrefix) }
