package resolve

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"fob/internal/awsfile"
)

// maxWebIdentityToken in bytes; STS takes 20,000 characters.
const maxWebIdentityToken = 32 << 10

// WebIdentityStep assumes a role with the token of another identity provider,
// which lies in a file: AssumeRoleWithWebIdentity, unsigned.
type WebIdentityStep struct {
	Profile     string // "" for the web-identity variables
	At          Origin // where the role was said
	ARN         string
	SessionName string
	Duration    time.Duration // zero: not sent, AWS's hour
	Session     RoleSession   // its policies; the token has the rest
	TokenFile   string        // ~ expanded
	TokenAt     Origin        // where the file was said
	Service     Service
}

func (s WebIdentityStep) String() string {
	t := "role " + s.ARN
	if s.Duration > 0 {
		t += " for " + duration(s.Duration)
	}
	return t + s.Session.String() + ", with the token in " + s.TokenFile + " (AssumeRoleWithWebIdentity)"
}

// Origin is the line or variable of the role.
func (s WebIdentityStep) Origin() Origin { return s.At }

func (s WebIdentityStep) inputs(w *keyWriter) {
	w.add("web identity role", s.ARN)
	w.add("session name", s.SessionName)
	w.addInt("duration", int(s.Duration/time.Second))
	w.add("token file", s.TokenFile)
	s.Session.inputs(w)
	w.add("region", s.Service.Region)
	s.Service.inputs(w)
}

func (s WebIdentityStep) keeps() bool { return true }

func (s WebIdentityStep) run(ctx context.Context, w *walk, _ Credentials) (Credentials, error) {
	b, err := readSmall(s.TokenFile, maxWebIdentityToken)
	if err != nil {
		return Credentials{}, s.badToken(fmt.Sprintf("cannot be read: %v", err))
	}
	token := strings.TrimSpace(string(b))
	if token == "" {
		return Credentials{}, s.badToken("is empty")
	}
	client, err := w.sts(s.Service, Credentials{})
	if err != nil {
		return Credentials{}, err
	}
	return client.assumeRoleWithWebIdentity(ctx, s, token)
}

func (s WebIdentityStep) badToken(fact string) error {
	return &ConfigError{Profile: s.Profile, At: s.TokenAt, Fact: fmt.Sprintf("the web identity token file %q %s", s.TokenFile, fact)}
}

// webIdentityVariables is the source that the web-identity variables make; ok
// is false when there is none. AWS_ROLE_ARN alone is nothing.
func (b *builder) webIdentityVariables() (steps func() ([]Step, error), ok bool, err error) {
	const file, role = "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"
	path, arn := b.env(file), b.env(role)
	if path == "" {
		return nil, false, nil
	}
	s := WebIdentityStep{At: Origin{Name: role}, ARN: arn, SessionName: b.env("AWS_ROLE_SESSION_NAME"), TokenAt: Origin{Name: file}}
	switch {
	case arn == "":
		return nil, false, &ConfigError{At: s.TokenAt, Fact: "it is set without AWS_ROLE_ARN", Fix: "set AWS_ROLE_ARN, or unset " + file}
	case !strings.HasPrefix(arn, "arn:"):
		return nil, false, &ConfigError{At: s.At, Fact: fmt.Sprintf("%q is not an ARN", arn)}
	case s.SessionName == "":
		s.SessionName = b.SessionName()
	case !isSessionName(s.SessionName):
		return nil, false, &ConfigError{At: Origin{Name: "AWS_ROLE_SESSION_NAME"}, Fact: "it has other characters than A-Z a-z 0-9 _ + = , . @ - or not 2 to 64 of them"}
	}
	if s.TokenFile, err = b.filePath(path, webIdentityToken, s.TokenAt); err != nil {
		return nil, false, err
	}
	return func() ([]Step, error) {
		s.Service = b.plan.Service // known only when the region is
		return []Step{s}, nil
	}, true, nil
}

// webIdentitySteps is a profile with role_arn and web_identity_token_file.
func (b *builder) webIdentitySteps(p *Profile, arn, file awsfile.Value) ([]Step, error) {
	for _, other := range []string{"source_profile", "credential_source"} {
		if _, ok := b.value(p, other); ok {
			return nil, b.fault(p, other, "the role has two sources: web_identity_token_file and "+other, "keep one of the two")
		}
	}
	r, err := b.role(p, arn)
	if err != nil {
		return nil, err
	}
	b.warnTokenOwn(p)
	s := WebIdentityStep{Profile: p.Name, At: r.At, ARN: r.ARN, SessionName: r.SessionName, Duration: r.Duration, TokenAt: at(file), Service: r.Service,
		Session: RoleSession{PolicyARNs: r.Session.PolicyARNs, Policy: r.Session.Policy}}
	if s.TokenFile, err = b.filePath(file.Text, webIdentityToken, s.TokenAt); err != nil {
		return nil, err
	}
	return []Step{s}, nil
}

// webIdentityToken is what a path leads to, in messages.
const webIdentityToken = "the web identity token"

// filePath expands ~ and warns of a path that means another file elsewhere.
func (b *builder) filePath(path, what string, from Origin) (string, error) {
	if path == "~" || strings.HasPrefix(path, "~/") || runtime.GOOS == "windows" && strings.HasPrefix(path, `~\`) {
		home := awsfile.Home(b.Getenv, runtime.GOOS)
		if home == "" {
			return "", &ConfigError{At: from, Fact: "the path begins with ~ and there is no home directory: HOME is not set"}
		}
		return filepath.Join(home, path[1:]), nil
	}
	if !filepath.IsAbs(path) {
		b.warn("%s: the path of %s is relative to the current folder", from, what)
	}
	return path, nil
}
