package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"fob/cli"
	"fob/internal/display"
	"fob/resolve"
	"fob/scan"
	"fob/scan/collect"
)

// target is an account that is to be read.
type target struct {
	ID, Name, Partition string
	access              *cli.Access
	network             collect.Network
	want                cli.Wanted
	members             []string // of its organization, where the run was told of them
}

// lost is an account, or a profile, of which nothing can be read.
type lost struct {
	name string
	err  error
}

// targets finds out which accounts are to be read. Those without credentials are lost,
// and do not stop the others; if there are no others, that is an error.
func (p *program) targets(ctx context.Context, a *Accounts) ([]*target, []scan.AccountSummary, error) {
	if a.fleet() {
		return p.fleet(ctx, a)
	}
	wanted, err := p.wanted()
	if err != nil {
		return nil, nil, err
	}
	found, failed := p.openAll(ctx, wanted)
	for _, l := range failed {
		if statusOf(l.err) == cli.ExitCancelled {
			return nil, nil, l.err
		}
	}
	if len(found) == 0 {
		p.losses(failed[1:])
		return nil, nil, failed[0].err
	}
	var out []*target
	for _, t := range found {
		if i := slices.IndexFunc(out, func(o *target) bool { return o.ID == t.ID }); i >= 0 {
			p.door().Warn(fmt.Sprintf("%s and %s are the same account, %s: it is read once, with %s", out[i].access.Name(), t.access.Name(), t.ID, out[i].access.Name()))
			continue
		}
		out = append(out, t)
	}
	return out, p.losses(failed), nil
}

// wanted are the sources of credentials that the flags name.
func (p *program) wanted() ([]cli.Wanted, error) {
	var names []string
	for _, name := range p.flags.Profile {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case p.flags.AllProfiles && len(names) > 0, p.flags.CSV != "" && (p.flags.AllProfiles || len(names) > 0):
		return nil, usage("the source of the credentials is not clear", "-p, --all-profiles and --csv-credentials name one each", "leave all but one out")
	case p.flags.AllProfiles:
		all, err := p.door().Profiles()
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, cli.Failure(cli.ExitConfig, "there are no profiles", "neither the AWS files nor the keychain have one", "fob add NAME", nil)
		}
		names = all
	}
	if len(names) == 0 {
		return []cli.Wanted{{}}, nil
	}
	var out []cli.Wanted
	for _, n := range names {
		if strings.Contains(n, ",") {
			if err := p.listOfProfiles(n); err != nil {
				return nil, err
			}
		}
		out = append(out, cli.Wanted{Profile: n})
	}
	return out, nil
}

// listOfProfiles refuses a name with commas that is no profile's: other flags take lists.
func (p *program) listOfProfiles(name string) error {
	all, err := p.door().Profiles()
	if err != nil || slices.Contains(all, name) {
		return nil // what is wrong is said where it is read
	}
	return usage("-p takes one profile", "there is none with the name "+name, "-p "+strings.ReplaceAll(name, ",", " -p "))
}

// openAll resolves credentials and asks AWS whose they are.
func (p *program) openAll(ctx context.Context, wanted []cli.Wanted) (found []*target, failed []lost) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	targets, errs := make([]*target, len(wanted)), make([]error, len(wanted))
	slots := make(chan struct{}, 16)
	var all sync.WaitGroup
	for i, w := range wanted {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			defer fault(&errs[i])
			targets[i], errs[i] = p.open(ctx, w)
			if errs[i] != nil && statusOf(errs[i]) == cli.ExitCancelled {
				cancel() // whoever says no is not asked for the next one
			}
		})
	}
	all.Wait()
	for i, w := range wanted {
		if errs[i] != nil {
			failed = append(failed, lost{w.Profile, errs[i]})
			continue
		}
		found = append(found, targets[i])
	}
	return found, failed
}

func (p *program) open(ctx context.Context, w cli.Wanted) (*target, error) {
	access, err := p.door().Open(ctx, w)
	if err != nil {
		return nil, err
	}
	who, err := access.WhoAmI(ctx)
	if err != nil {
		return nil, err
	}
	part := strings.SplitN(who.ARN, ":", 3)
	t := &target{ID: who.Account, Name: access.Name(), want: w, Partition: resolve.Partition(access.Service().Region)}
	if len(part) == 3 && part[0] == "arn" {
		t.Partition = part[1]
	}
	if !isAccount(t.ID) {
		return nil, cli.Failure(cli.ExitAWS, "AWS does not say which account it is", "GetCallerIdentity gave no account id", "fob explain", nil)
	}
	return t, t.enter(access)
}

// enter gives the target its credentials, and how calls with them reach AWS.
func (t *target) enter(access *cli.Access) error {
	network, err := access.Network(collect.Services()...)
	if err == nil {
		t.access, t.network = access, collect.Network(network)
	}
	return err
}

func isAccount(id string) bool { return len(id) == 12 && strings.Trim(id, "0123456789") == "" }

// losses tells of what cannot be read, and how it goes into the summary.
func (p *program) losses(failed []lost) (out []scan.AccountSummary) {
	for _, l := range failed {
		out = append(out, scan.AccountSummary{AccountRef: scan.AccountRef{Name: display.Text(l.name)}, Regions: []string{}, Problem: problem(l.err), Exit: statusOf(l.err)})
		p.door().Fail(l.err)
	}
	return out
}

// problem is an error in one line.
func problem(err error) string {
	if _, what, why, _, ok := cli.Failed(err); ok && why != "" {
		return what + ": " + why
	}
	return err.Error()
}

// fault is deferred where an account is worked on, beside others, and in goroutines: a
// panic is their error, without what it says and without a stack, which could hold what was
// read.
func fault(err *error) {
	if r := recover(); r != nil {
		*err = internalFault(fmt.Sprintf("%T", r), nil)
	}
}

func internalFault(why string, err error) error {
	return cli.Failure(cli.ExitConfig, "internal fault", why, "report it with the command that you typed", err)
}

// statusOf is the exit status that goes with an error about an account.
func statusOf(err error) int {
	if status, _, _, _, ok := cli.Failed(err); ok {
		return settled(status)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, resolve.ErrCancelled) {
		return cli.ExitCancelled
	}
	return cli.ExitAWS
}

// account is how the collector knows the target. What the credentials say that ends them
// goes to fail.
func (t *target) account(fail func(error)) collect.Account {
	return collect.Account{ID: t.ID, Name: t.Name, Partition: t.Partition, Region: t.access.Service().Region, Network: t.network, Credentials: &signer{t.access, fail}}
}

// signer gives the SDK what fob's resolver says, and renews it.
type signer struct {
	access *cli.Access
	fail   func(error)
}

// Retrieve implements aws.CredentialsProvider.
func (s *signer) Retrieve(ctx context.Context) (aws.Credentials, error) {
	c, err := s.access.Credentials(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.fail(err)
		}
		return aws.Credentials{}, err
	}
	return aws.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.Secret.Reveal(), SessionToken: c.Token.Reveal(),
		Source: "fob", CanExpire: !c.Expires.IsZero(), Expires: c.Expires, AccountID: c.AccountID,
	}, nil
}

// Invalidate is told that AWS calls the credentials expired.
func (s *signer) Invalidate() { s.access.Invalidate() }
