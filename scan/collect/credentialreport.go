package collect

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const (
	// reportTries bound the wait for a credential report: AWS takes some seconds, for
	// thousands of users a minute or two.
	reportTries = 20
	reportPause = 10 * time.Second
)

// reportMaking is the making of the credential report, which two operations wait for.
type reportMaking struct {
	mu   sync.Mutex
	done chan struct{} // nil until somebody began; closed when err is known
	err  error
}

// generateCredentialReport has AWS make a report, or answer that the last one is still
// good, and waits until it is there. That happens once, whoever asks.
func generateCredentialReport(ctx context.Context, c *clients, _ func(item)) error {
	r := &c.report
	r.mu.Lock()
	first := r.done == nil
	if first {
		r.done = make(chan struct{})
	}
	r.mu.Unlock()
	if first {
		r.err = makeCredentialReport(ctx, c)
		close(r.done)
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func makeCredentialReport(ctx context.Context, c *clients) error {
	ctx = withOperation(ctx, &operation{name: "iam:GenerateCredentialReport"})
	pause := time.Second
	for range reportTries {
		out, err := c.iam().GenerateCredentialReport(ctx, &iam.GenerateCredentialReportInput{})
		if err != nil || out.State == types.ReportStateTypeComplete {
			return err
		}
		if err := c.wait(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, reportPause)
	}
	return errors.New("the credential report is not made in time")
}

// getCredentialReport reads the report. Whoever may not make one may still read one
// that is there.
func getCredentialReport(ctx context.Context, c *clients, emit func(item)) error {
	_ = generateCredentialReport(ctx, c, nil) // its operation tells of it
	out, err := c.iam().GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
	if err != nil {
		return err
	}
	rows, err := scan.CredentialReportRows(out.Content)
	if err != nil {
		return err
	}
	account := fields{"ConsoleUsers": 0, "GeneratedTime": out.GeneratedTime}
	users := 0
	for _, row := range rows {
		if row["user"] == "<root_account>" {
			account["Root"] = row
			continue
		}
		switch strings.ToLower(row["password_enabled"]) {
		case "false", "n/a", "not_supported":
		default: // what is not understood may be a password
			users++
		}
		emit(item{Type: "AWS::IAM::User", ARN: row["arn"], Name: row["user"], Data: fields{"CredentialReport": row}})
	}
	account["ConsoleUsers"] = users
	emit(item{Type: "AWS::Account", ARN: c.accountID, Name: c.accountID, Data: fields{"CredentialReport": account}})
	return nil
}
