package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"fob/internal/credserver"
	"fob/keychain"
	"fob/resolve"
	"fob/shell"
)

// unlockedFor is how often a store that is unlocked is used so that it stays so:
// well within the idle time, as renewals are further apart than that.
const unlockedFor = keychain.UnlockIdle / 3

// serve runs a command that fetches its credentials from fob. died is the signal
// that ended it, 0 for none.
func (c *execCmd) serve(a *app, plan *resolve.Plan, creds resolve.Credentials, cmd childCommand) (died syscall.Signal, err error) {
	config, err := a.configForEndpoint()
	if err != nil {
		return 0, err
	}
	a.serving, a.g.MFACode = true, "" // a code works once
	// Signals are the command's: none of them ends a renewal.
	a.sys.Signals = func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) }
	r := &renewer{a: a, role: c.roleFlags}
	keeper := credserver.NewKeeper(r.served(creds), r.renew, a.sys.Now)
	defer keeper.Close()
	server, err := credserver.Start(keeper.Get, a.sys.Now)
	if err != nil {
		return 0, err
	}
	defer server.Close()
	cmd.env = childEnv(a.sys.Environ(), regionVars(plan), a.ownVars(plan, resolve.Credentials{}, roleFlags{}), config, []shell.Var{
		{Name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", Value: server.URL()},
		{Name: "AWS_CONTAINER_AUTHORIZATION_TOKEN", Value: server.Token().Reveal(), Secret: true},
	})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go r.stayUnlocked(ctx)
	return a.runChild(cmd)
}

// renewer gets new credentials while a command runs, by fob's rules for everybody:
// kept sessions, one renewal of many processes, a person where one is needed.
type renewer struct {
	a    *app
	role roleFlags

	mu   sync.Mutex // guards a, which is for one goroutine
	told string     // the last failure that was shown
}

func (r *renewer) renew(ctx context.Context) (credserver.Credentials, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, interactiveLimit)
	defer cancel()
	_, creds, err := r.a.credentials(ctx, r.role)
	if err != nil {
		return credserver.Credentials{}, r.tell(r.a.advise(err))
	}
	served := r.served(creds)
	if served.RenewAt.After(r.a.sys.Now()) { // they are new, wherever they come from
		r.told, r.a.declined = "", false
	}
	return served, nil
}

// tell shows a failure on stderr, once as the command may ask every second, and
// words it for the command.
func (r *renewer) tell(err error) error {
	if r.told != err.Error() {
		r.told = err.Error()
		r.a.p.fail(err)
	}
	var f *failure
	if errors.As(err, &f) {
		err = fmt.Errorf("%s: %s; next: %s", f.what, f.why, f.next)
	}
	return err
}

func (r *renewer) served(c resolve.Credentials) credserver.Credentials {
	return credserver.Credentials{
		AccessKeyID: c.AccessKeyID, Secret: c.Secret, Token: c.Token, AccountID: c.AccountID,
		Expires: c.Expires, RenewAt: renewAt(c, r.a.sys.Now()),
	}
}

// renewAt is when fob takes credentials for old: its own rule for kept sessions.
func renewAt(c resolve.Credentials, now time.Time) time.Time {
	if c.Expires.IsZero() {
		return now.Add(time.Hour) // the key may have been replaced by then
	}
	from := c.Issued
	if from.IsZero() {
		from = now
	}
	return c.Expires.Add(time.Millisecond - min(16*time.Minute, c.Expires.Sub(from)/4))
}

// stayUnlocked keeps an unlocked store in use until ctx ends, so that a renewal
// does not need a person to unlock it again. `fob vault lock` ends it all the
// same, and so does the unlocking's own limit.
func (r *renewer) stayUnlocked(ctx context.Context) {
	tick := time.NewTicker(unlockedFor)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			r.useUnlocked(ctx)
		}
	}
}

// useUnlocked uses what is unlocked and unlocks nothing.
func (r *renewer) useUnlocked(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.a.unlocked().Load(keychain.SealingName)
	if dir, err := r.a.dir(false); err == nil && dir != nil && keychain.VaultExists(dir) {
		opts := r.a.vaultOptions()
		opts.Passphrase, opts.AskLock = nil, nil
		_, _ = keychain.OpenVault(dir, opts).SealingKey(ctx) // a miss is a locked vault
	}
}
