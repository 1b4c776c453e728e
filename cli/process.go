package cli

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"fob/resolve"
)

// roleFlags put a role on top of the profile, without a profile of its own.
type roleFlags struct {
	RoleARN     string        `name:"role-arn" placeholder:"ARN" help:"Assume this role on top."`
	ExternalID  string        `name:"external-id" placeholder:"ID" help:"External id for --role-arn."`
	SessionName string        `name:"role-session-name" placeholder:"NAME" help:"Session name for --role-arn."`
	Duration    time.Duration `placeholder:"1h" help:"Life of the session of --role-arn."`

	SourceIdentity string   `name:"source-identity" placeholder:"NAME" help:"Source identity for --role-arn."`
	SessionTags    []string `name:"session-tag" sep:"none" placeholder:"KEY=VALUE" help:"Session tag for --role-arn; may be repeated."`
	TransitiveTags []string `name:"transitive-tag" sep:"none" placeholder:"KEY" help:"Session tag that goes on to the next role of a chain; may be repeated."`
	PolicyARNs     []string `name:"policy-arn" sep:"none" placeholder:"ARN" help:"Managed session policy for --role-arn; may be repeated."`
	Policy         string   `placeholder:"JSON" help:"Inline session policy for --role-arn, or file://PATH."`
}

// Validate refuses flags of a role without the role. kong calls it.
func (f roleFlags) Validate() error {
	if f.RoleARN == "" && !reflect.ValueOf(f).IsZero() {
		return errors.New("--external-id, --role-session-name, --duration, --source-identity, --session-tag, --transitive-tag, --policy-arn and --policy belong to --role-arn")
	}
	return nil
}

// request adds the role to what is asked for.
func (f roleFlags) request(r resolve.Request) resolve.Request {
	r.RoleARN, r.ExternalID, r.SessionName, r.Duration = f.RoleARN, f.ExternalID, f.SessionName, f.Duration
	r.SourceIdentity, r.SessionTags, r.TransitiveTags, r.PolicyARNs, r.Policy = f.SourceIdentity, f.SessionTags, f.TransitiveTags, f.PolicyARNs, f.Policy
	return r
}

type processCmd struct{ roleFlags }

func (processCmd) Help() string {
	return `Prints one line of JSON as AWS SDKs want it of a credential_process, or nothing.

Examples:
  fob process -p dev
  fob process -p dev --role-arn arn:aws:iam::123456789012:role/Ops

In ~/.aws/config, for every SDK and the AWS CLI:
  [profile dev]
  credential_process = fob process -p dev`
}

// processLimit ends a call before the SDK that started it kills it: the Go SDK
// does so after 60 s.
const processLimit = 50 * time.Second

func (c *processCmd) Run(ctx context.Context, a *app) error {
	ctx, cancel := context.WithTimeout(ctx, processLimit)
	defer cancel()
	_, creds, err := a.credentials(ctx, c.roleFlags)
	if err != nil {
		return err
	}
	return a.writeProcess(creds)
}

func (a *app) writeProcess(c resolve.Credentials) error {
	out, err := processJSON(c)
	if err != nil {
		return err
	}
	_, err = a.sys.Stdout.Write(out)
	return err
}

// plainProcess recognises the forms of `fob process` that config files hold,
// with a profile and nothing else. SDKs start fob for every command, and a
// parser takes longer than the answer.
func plainProcess(args []string) (profile string, ok bool) {
	if len(args) != 3 || args[0] != "process" && args[0] != "credential-process" {
		return "", false
	}
	name := args[2]
	return name, (args[1] == "-p" || args[1] == "--profile") && name != "" && name[0] != '-'
}

// runProcess is processCmd without the parser, and without the signal handler
// until there is something to stop.
func runProcess(ctx context.Context, sys System, p *printer, profile string) int {
	a := newApp(sys, &Globals{Profile: profile}, p)
	defer a.close()
	if err := (&processCmd{}).Run(ctx, a); err != nil {
		return p.fail(a.advise(err))
	}
	return 0
}

// processJSON is the output of a credential_process. Absent values are left
// out: SDKs take an empty Expiration or SessionToken for a broken one.
func processJSON(c resolve.Credentials) ([]byte, error) {
	expires := ""
	if !c.Expires.IsZero() {
		expires = c.Expires.UTC().Format("2006-01-02T15:04:05Z")
	}
	out := []byte(`{"Version":1`)
	for _, f := range []struct{ name, value string }{
		{"AccessKeyId", c.AccessKeyID},
		{"SecretAccessKey", c.Secret.Reveal()},
		{"SessionToken", c.Token.Reveal()},
		{"Expiration", expires},
		{"AccountId", c.AccountID},
	} {
		if f.value == "" {
			continue
		}
		value, err := jsonString(f.value)
		if err != nil {
			return nil, err
		}
		out = append(out, `,"`+f.name+`":`+value...)
	}
	return append(out, "}\n"...), nil
}

// jsonString spares real credentials the start of the JSON package.
func jsonString(s string) (string, error) {
	if consistsOf(s, secretChars+":.") {
		return `"` + s + `"`, nil
	}
	b, err := json.Marshal(s)
	return string(b), err
}
