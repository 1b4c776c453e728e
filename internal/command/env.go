package command

import (
	"slices"
	"strings"
)

// SafeEnv returns environ without what a program that is no AWS client must not
// see: AWS keys and tokens, and everything that starts with FOB_PASSPHRASE.
// It is for MFA and passphrase commands; a credential_process gets the
// environment unchanged, as SDKs give it. environ itself is not changed.
func SafeEnv(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return isSecret(strings.ToUpper(name)) // Windows knows no letter case
	})
}

func isSecret(name string) bool {
	switch name {
	case "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN":
		return true
	}
	return strings.HasPrefix(name, "FOB_PASSPHRASE") || strings.HasPrefix(name, "AWS_BEARER_TOKEN_")
}
