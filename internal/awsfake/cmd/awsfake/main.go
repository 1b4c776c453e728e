// Command awsfake serves a fake AWS with one user, ann, on loopback until it is
// killed, for tests that are not written in Go. Its one line on stdout is JSON:
// where it listens, ann's key and MFA device, and the roles. All of it is made up.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"fob/internal/awsfake"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "awsfake:", err)
		os.Exit(1)
	}
}

const (
	account  = "123456789012"
	webToken = "header.payload.signature"
)

// description is what stdout gets.
type description struct {
	URL              string `json:"url"`
	Account          string `json:"account"`
	User             string `json:"user_arn"`
	AccessKeyID      string `json:"access_key_id"`
	SecretAccessKey  string `json:"secret_access_key"`
	MFASerial        string `json:"mfa_serial"`
	MFASeed          string `json:"mfa_seed"`
	WebIdentityToken string `json:"web_identity_token"`
	Roles            []role `json:"roles"`
}

type role struct {
	ARN               string `json:"arn"`
	ExternalID        string `json:"external_id,omitempty"`
	RequireMFA        bool   `json:"require_mfa"`
	MaxSessionSeconds int    `json:"max_session_seconds"`
}

// run serves until ctx is done.
func run(ctx context.Context, stdout io.Writer) error {
	srv := awsfake.New(awsfake.Options{})
	ann := srv.AddUser(account, "ann")
	mfa := ann.AddMFA("")
	srv.AddWebIdentity(webToken, "ann")
	d := description{
		Account:          account,
		User:             ann.ARN,
		AccessKeyID:      ann.Key.ID,
		SecretAccessKey:  ann.Key.Secret,
		MFASerial:        mfa.Serial,
		MFASeed:          mfa.Seed,
		WebIdentityToken: webToken,
	}
	for _, r := range []awsfake.Role{
		{ARN: "arn:aws:iam::123456789012:role/ReadOnly", MaxSession: time.Hour},
		{ARN: "arn:aws:iam::123456789012:role/Admin", RequireMFA: true, MaxSession: 12 * time.Hour},
		{ARN: "arn:aws:iam::210987654321:role/partner/Audit", ExternalID: "fob-demo", MaxSession: time.Hour},
	} {
		if err := srv.AddRole(r); err != nil {
			return err
		}
		d.Roles = append(d.Roles, role{r.ARN, r.ExternalID, r.RequireMFA, int(r.MaxSession.Seconds())})
	}
	if err := srv.Start(); err != nil {
		return err
	}
	defer srv.Close()
	d.URL = srv.URL()
	if err := json.NewEncoder(stdout).Encode(d); err != nil {
		return fmt.Errorf("write description: %w", err)
	}
	<-ctx.Done()
	return nil
}
