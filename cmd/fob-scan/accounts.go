package main

import (
	"context"

	"fob/scan"
)

// Accounts are the flags that choose accounts beyond -p.
type Accounts struct{}

func (a *Accounts) fleet() bool  { return false }
func (a *Accounts) check() error { return nil }

func (p *program) fleet(ctx context.Context, a *Accounts) ([]*target, []scan.AccountSummary, error) {
	return nil, nil, nil
}
