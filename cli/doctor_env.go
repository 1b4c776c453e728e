package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fob/internal/awsfile"
	"fob/resolve"
)

// set are those of the variables that are set, separated by blanks.
func (x *exam) set(names ...string) string {
	var all []string
	for _, n := range names {
		if x.a.env(n) != "" {
			all = append(all, n)
		}
	}
	return strings.Join(all, " ")
}

// checkEnvironmentKeys: keys that were left in a shell win over AWS_PROFILE and
// default, in every AWS tool.
func checkEnvironmentKeys(_ context.Context, x *exam) []finding {
	if x.set(varKeyID, varSecret) == "" {
		return nil
	}
	over := "the profile default"
	if p := x.set("AWS_PROFILE", "AWS_DEFAULT_PROFILE"); p != "" {
		over, _, _ = strings.Cut(p, " ")
	}
	set := x.set(varKeyID, varSecret, varToken, varExpires)
	return []finding{needsCare("unset "+set, "the keys in the environment (%s) win over %s; -p is stronger", strings.ReplaceAll(set, " ", ", "), over)}
}

func checkWebIdentity(_ context.Context, x *exam) []finding {
	web, p := x.set("AWS_WEB_IDENTITY_TOKEN_FILE"), x.set("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
	if web == "" || p == "" || x.set("AWS_ROLE_ARN") == "" {
		return nil
	}
	return []finding{needsCare("unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN win over %s; -p is stronger", strings.ReplaceAll(p, " ", " and "))}
}

func checkProfileVariables(_ context.Context, x *exam) []finding {
	one, other := x.a.env("AWS_PROFILE"), x.a.env("AWS_DEFAULT_PROFILE")
	if one == "" || other == "" || one == other {
		return nil
	}
	return []finding{needsCare("unset AWS_DEFAULT_PROFILE", "AWS_PROFILE is %q and AWS_DEFAULT_PROFILE is %q: fob and the AWS CLI take the former, older tools the latter", one, other)}
}

// checkChoice is about what is used without -p. What is wrong in a file is told
// with its profile, a file that is not there with the files.
func checkChoice(_ context.Context, x *exam) []finding {
	var c *resolve.ConfigError
	var m *resolve.MissingProfileError
	switch err := x.currentErr; {
	case x.a.g.Profile != "":
		return nil
	case errors.As(err, &c) && c.At.File == "" && c.At.Name != awsfile.ConfigVariable && c.At.Name != awsfile.CredentialsVariable:
		return []finding{x.fromError(err)}
	case errors.As(err, &m) && m.From == "":
		variable, _, _ := strings.Cut(x.set("AWS_PROFILE", "AWS_DEFAULT_PROFILE"), " ")
		f := needsCare("unset "+variable, "%s names a profile that is not there: %v", variable, err)
		return []finding{f.of(m.Profile)}
	}
	return nil
}

func checkSecurityToken(_ context.Context, x *exam) []finding {
	if x.set("AWS_SECURITY_TOKEN") == "" {
		return nil
	}
	how := "newer tools do not read it"
	if x.set(varToken) != "" {
		how = fmt.Sprintf("%s is set too, and older tools take the wrong one if the two differ", varToken)
	}
	return []finding{needsCare("unset AWS_SECURITY_TOKEN", "AWS_SECURITY_TOKEN is the old name of a session token: %s", how)}
}

// checkPassphraseVariable leaves CI alone, where secrets come in variables.
func checkPassphraseVariable(_ context.Context, x *exam) []finding {
	if x.a.sys.Getenv("FOB_PASSPHRASE") == "" || x.a.env("CI") != "" {
		return nil
	}
	return []finding{needsCare("unset FOB_PASSPHRASE; export FOB_PASSPHRASE_FILE=/a/private/file", "FOB_PASSPHRASE is readable by every program that is started here")}
}
