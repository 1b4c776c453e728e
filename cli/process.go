package cli

import (
	"context"
	"encoding/json"
	"time"

	"fob/resolve"
)

// roleFlags put a role on top of the profile, without a profile of its own.
type roleFlags struct {
	RoleARN     string        `name:"role-arn" placeholder:"ARN" help:"Assume this role on top."`
	ExternalID  string        `name:"external-id" placeholder:"ID" help:"External id for --role-arn."`
	SessionName string        `name:"role-session-name" placeholder:"NAME" help:"Session name for --role-arn."`
	Duration    time.Duration `placeholder:"1h" help:"Life of the session of --role-arn."`
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
	out, err := processJSON(creds)
	if err != nil {
		return err
	}
	_, err = a.sys.Stdout.Write(out)
	return err
}

// processJSON is the output of a credential_process. Absent values are left
// out: SDKs take an empty Expiration or SessionToken for a broken one.
func processJSON(c resolve.Credentials) ([]byte, error) {
	out := struct {
		Version         int
		AccessKeyID     string `json:"AccessKeyId"`
		SecretAccessKey string
		SessionToken    string `json:",omitempty"`
		Expiration      string `json:",omitempty"`
		AccountID       string `json:"AccountId,omitempty"`
	}{1, c.AccessKeyID, c.Secret.Reveal(), c.Token.Reveal(), "", c.AccountID}
	if !c.Expires.IsZero() {
		out.Expiration = c.Expires.UTC().Format("2006-01-02T15:04:05Z")
	}
	b, err := json.Marshal(out)
	return append(b, '\n'), err
}
