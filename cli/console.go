package cli

import (
	"context"
	"fmt"
	"time"

	"fob/internal/display"
	"fob/internal/secret"
	"fob/resolve"
)

type consoleCmd struct {
	roleFlags
	Name              string        `arg:"" optional:"" name:"profile" help:"Profile whose console to open. Without it: as -p."`
	URL               bool          `name:"url" help:"Print the sign-in URL instead of opening a browser. It is a secret for 15 minutes."`
	Service           string        `placeholder:"NAME" help:"Service to open, as the AWS CLI names it: s3, ec2, lambda."`
	Destination       string        `placeholder:"URL" help:"Page of the console to open: its URL, or its path."`
	Length            time.Duration `name:"session-duration" placeholder:"8h" help:"Length of the console session, 15m to 12h. Without it: as long as the credentials live."`
	Logout            bool          `help:"Sign the browser out of its previous console session first."`
	Browser           string        `placeholder:"COMMAND" help:"Program that opens the page, with {url}, {profile} and {account}. Also FOB_BROWSER, and fob_browser in the profile."`
	ConsolePolicy     string        `name:"console-policy" placeholder:"JSON" help:"For a user's key: policy that limits the console session, or file://PATH."`
	ConsolePolicyARNs []string      `name:"console-policy-arn" sep:"none" placeholder:"ARN" help:"For a user's key: managed policy that limits the console session; may be repeated."`
	Yes               bool          `help:"Do not ask before a protected profile is used."`
}

func (consoleCmd) Help() string {
	return `Signs a browser in to the AWS console with the credentials of a profile. A role goes
in as it is. A user's key goes in as a federated user, without MFA; with an MFA
device give the console a role.

Examples:
  fob console dev
  fob console dev --service s3 --region eu-west-1
  fob console ops --session-duration 8h --logout
  fob console dev --url                              print the address, open nothing
  fob console dev --browser 'firefox ext+container:name={profile}&url={url}'
  fob console dev --browser 'google-chrome --profile-directory=Work'
  fob console dev --browser 'open -a Safari'         macOS

A Firefox container needs the add-on "Open external links in a container".`
}

// The limits of a console session, by the IAM User Guide.
const (
	minConsole = 15 * time.Minute
	maxConsole = 12 * time.Hour
)

func (c *consoleCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	v, err := c.visit(a)
	if err != nil {
		return err
	}
	if err := a.guard(ctx, v.plan, c.Yes); err != nil {
		return err
	}
	creds, length, err := c.credentials(ctx, a, v)
	if err != nil {
		return err
	}
	r, err := a.resolver()
	if err != nil {
		return err
	}
	token, taken, err := r.SigninToken(ctx, v.console, creds, length)
	if err != nil {
		return a.signInFailure(err)
	}
	login := v.console.LoginURL(token, v.page)
	if c.Logout {
		login = v.console.LogoutFirst(login)
	}
	if err := c.show(ctx, a, v, creds, login); err != nil {
		return err
	}
	ends := creds.Expires
	if taken {
		ends = a.sys.Now().Add(length)
	}
	a.p.say(v.signedIn(a, creds.AccountID, ends))
	return nil
}

// check holds the flags against each other.
func (c *consoleCmd) check(a *app) error {
	bad := func(what, why, next string) error {
		return &failure{code: exitUsage, what: what, why: why, next: next}
	}
	switch {
	case c.Name != "" && a.g.Profile != "":
		return bad("the profile is not clear", "it is named twice, as a word and with -p", "leave one of them out")
	case c.Service != "" && c.Destination != "":
		return bad("the page is not clear", "--service and --destination both name one", "leave one of them out")
	case c.URL && c.Browser != "":
		return bad("--url opens no browser", "--browser names one", "leave one of them out")
	case c.Length != 0 && (c.Length < minConsole || c.Length > maxConsole):
		return bad("the session cannot have this length", "--session-duration goes from 15 minutes to 12 hours", "fob console --session-duration 8h")
	}
	if c.Name != "" {
		a.g.Profile = c.Name
	}
	return nil
}

// page is the page to come to.
func (c *consoleCmd) page(in resolve.Console) (string, error) {
	if c.Destination != "" {
		page, err := in.Destination(c.Destination)
		if err != nil {
			return "", &failure{code: exitUsage, what: "--destination cannot be opened", why: err.Error(), next: "fob console --destination /s3/home", err: err}
		}
		return page, nil
	}
	path, ok := servicePath(c.Service)
	if !ok {
		return "", &failure{code: exitUsage, what: fmt.Sprintf("--service %q is not the name of a service", display.Text(c.Service)), why: "names have lower-case letters, digits and hyphens", next: "fob console --service s3, or a page with --destination"}
	}
	return in.Page(path + "?region=" + in.Region), nil
}

// show gives the address to whoever is to open it.
func (c *consoleCmd) show(ctx context.Context, a *app, v *visit, creds resolve.Credentials, login secret.Text) error {
	if !c.URL {
		return a.openConsole(ctx, v, creds, login)
	}
	_, err := fmt.Fprintln(a.sys.Stdout, login.Reveal())
	return err
}
