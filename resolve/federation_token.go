package resolve

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// AllowAll is the session policy that takes no right away: what a federated user
// may do is what both the user and the policy allow. Without any policy the answer
// is nothing.
const AllowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// maxFederatedName is GetFederationToken's limit, in characters.
const maxFederatedName = 32

// Federation is what a federated user's session is given (GetFederationToken).
type Federation struct {
	Name     string
	Duration time.Duration
	Session  RoleSession // its policies
}

// Federation reads the policies for a federated user: an inline one (JSON, or
// file://PATH) of --console-policy, and the ARNs of managed ones of
// --console-policy-arn. Without any it is [AllowAll]. The session lasts for life,
// zero means [DefaultSessionDuration].
//
// Errors: *ConfigError.
func (pl *Planner) Federation(policy string, arns []string, life time.Duration) (Federation, error) {
	f := Federation{Name: pl.SessionName(), Duration: life}
	f.Name = f.Name[:min(len(f.Name), maxFederatedName)]
	if life == 0 {
		f.Duration = DefaultSessionDuration
	}
	if policy == "" && len(arns) == 0 {
		policy = AllowAll
	}
	words := sessionWords{arns: said{Origin{Name: "--console-policy-arn"}, arns}}
	if policy != "" {
		words.policy = said{Origin{Name: "--console-policy"}, []string{policy}}
	}
	var err error
	f.Session, err = (&builder{Planner: pl, plan: &Plan{}}).session("", words)
	return f, err
}

// Federate makes a federated user's session from a user's long-lived key. AWS lets
// such a session into the console, and it carries no MFA.
//
// Errors: *AWSError, ErrCancelled, and what HTTP returns.
func (r *Resolver) Federate(ctx context.Context, s Service, f Federation, as Credentials) (Credentials, error) {
	c, err := r.stsAs(s, as)
	if err != nil {
		return Credentials{}, err
	}
	form := url.Values{"Action": {"GetFederationToken"}, "Name": {f.Name}, "DurationSeconds": {seconds(f.Duration)}}
	f.Session.sendPolicies(form)
	issued := c.now()
	call := "GetFederationToken for " + f.Name
	a, err := c.do(ctx, call, form)
	if err != nil {
		return Credentials{}, err
	}
	return c.credentials(call, a, issued, as.AccountID, call)
}

// ConsoleWay says how credentials of unknown kind get into the console: a key
// without a token by federation, a session by what STS calls it.
//
// Errors: *ConfigError for a session that AWS does not let in, such as an MFA
// session; *AWSError and ErrCancelled.
func (r *Resolver) ConsoleWay(ctx context.Context, s Service, as Credentials) (ConsoleWay, error) {
	if as.Token.Empty() {
		return ByFederation, nil
	}
	who, err := r.WhoAmI(ctx, s, as)
	if err != nil {
		return 0, err
	}
	if part := strings.SplitN(who.ARN, ":", 6); len(part) == 6 && (strings.HasPrefix(part[5], "assumed-role/") || strings.HasPrefix(part[5], "federated-user/")) {
		return ByRole, nil
	}
	return 0, &ConfigError{Fact: fmt.Sprintf("the session %s is %s, not a role, and AWS lets only roles and federated users into the console", as.AccessKeyID, who.ARN), Fix: "use the key that it was made from, or a role: -p PROFILE"}
}
