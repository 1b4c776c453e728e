package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"fob/keychain"
)

type vaultCmd struct {
	Create  vaultCreateCmd  `cmd:"" help:"Make the encrypted file."`
	Unlock  vaultUnlockCmd  `cmd:"" help:"Ask for the passphrase now, so that later calls need not."`
	Lock    vaultLockCmd    `cmd:"" help:"Forget what is unlocked, of the vault and of a keychain."`
	Passwd  vaultPasswdCmd  `cmd:"" help:"Change the passphrase."`
	Backup  vaultBackupCmd  `cmd:"" help:"Write a copy, encrypted like the vault itself."`
	Restore vaultRestoreCmd `cmd:"" help:"Go back to a backup."`
}

func (vaultCmd) Help() string {
	return `For machines without a keychain: SSH, containers, WSL, CI. The passphrase comes
from FOB_PASSPHRASE_FILE, FOB_PASSPHRASE_COMMAND, FOB_PASSPHRASE or the terminal,
and is asked for once in 15 minutes of use, 12 hours at most.

Example:
  fob vault create`
}

type vaultCreateCmd struct{}

func (vaultCreateCmd) Help() string {
	return "Example:\n  fob vault create && fob add dev"
}

func (vaultCreateCmd) Run(ctx context.Context, a *app) error {
	dir, err := a.dir(true)
	if err != nil {
		return err
	}
	recorded, err := readRecord(dir)
	if err != nil {
		return err
	}
	if keychain.VaultExists(dir) {
		return &failure{code: exitKeychain, what: "there is a vault already", why: "it lies in " + a.dirPath(), next: "fob add NAME", err: keychain.ErrExists}
	}
	p, given, err := a.givenPassphrase(ctx)
	if err == nil && !given {
		p, err = a.newPassphrase(ctx)
	}
	if err != nil {
		return err
	}
	_, err = keychain.CreateVault(ctx, dir, p, a.vaultOptions())
	if errors.Is(err, keychain.ErrShortPassphrase) {
		return &failure{code: exitConfig, what: "the vault was not made", why: err.Error(), next: "fob vault create", err: err}
	}
	if err != nil {
		return err
	}
	if recorded == backendOS {
		a.p.say("made a vault in " + a.dirPath() + "; the keys stay in the keychain unless FOB_KEYCHAIN=file")
		return nil
	}
	if err := a.record(backendFile); err != nil {
		return err
	}
	a.p.say("made a vault in " + a.dirPath() + ". Store a key: fob add NAME")
	return nil
}

type vaultUnlockCmd struct{}

func (vaultUnlockCmd) Help() string {
	return "Example:\n  fob vault unlock"
}

func (vaultUnlockCmd) Run(ctx context.Context, a *app) error {
	v, err := a.existingVault()
	if err != nil {
		return err
	}
	if err := v.Unlock(ctx); err != nil {
		return err
	}
	if a.env("CI") != "" {
		a.p.warn("CI is set, so nothing is kept unlocked between calls")
	}
	return nil
}

type vaultLockCmd struct{}

func (vaultLockCmd) Help() string {
	return "Example:\n  fob vault lock"
}

func (vaultLockCmd) Run(a *app) error {
	a.unlocked().Drop(keychain.SealingName)
	if v, err := a.existingVault(); err == nil {
		v.Lock()
	}
	return nil
}

type vaultPasswdCmd struct{}

func (vaultPasswdCmd) Help() string {
	return `The new passphrase is asked for on the terminal, or read from the first line of
stdin with --no-input.

Example:
  fob vault passwd`
}

func (vaultPasswdCmd) Run(ctx context.Context, a *app) error {
	v, err := a.existingVault()
	if err != nil {
		return err
	}
	if err := v.Unlock(ctx); err != nil {
		return err
	}
	p, err := a.newPassphrase(ctx)
	if err != nil && a.noInput() {
		line, readErr := within(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.sys.Stdin, 4096)) })
		if p = firstLine(string(line)); readErr == nil && !p.Empty() {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	if err := v.ChangePassphrase(ctx, p); err != nil {
		return err
	}
	a.p.say("the passphrase is changed; backups of before keep the old one")
	return nil
}

type vaultBackupCmd struct {
	File string `arg:"" help:"File to write; it must not exist."`
}

func (vaultBackupCmd) Help() string { return "Example:\n  fob vault backup ~/fob-backup.json" }

func (c *vaultBackupCmd) Run(ctx context.Context, a *app) error {
	v, err := a.existingVault()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return &failure{code: exitFailure, what: "the backup was not written", why: err.Error(), next: "name a file that is not there yet"}
	}
	b, err := v.Backup(ctx, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(c.File)
		return err
	}
	a.p.say(fmt.Sprintf("%s: %s", c.File, describe(b)))
	return nil
}

type vaultRestoreCmd struct {
	File   string `arg:"" optional:"" help:"File of 'fob vault backup'."`
	Number int    `placeholder:"N" help:"One of the backups that fob keeps itself: 1 is the newest."`
}

func (vaultRestoreCmd) Help() string {
	return `Without a file or a number it lists the backups that fob keeps itself. The vault
that is replaced becomes a backup.

Examples:
  fob vault restore
  fob vault restore --number 1
  fob vault restore ~/fob-backup.json`
}

// maxBackup is more than any backup has.
const maxBackup = 64 << 20

func (c *vaultRestoreCmd) Run(ctx context.Context, a *app) error {
	dir, err := a.dir(true)
	if err != nil {
		return err
	}
	v := keychain.OpenVault(dir, a.vaultOptions())
	var b keychain.VaultBackup
	switch {
	case c.File != "" && c.Number != 0:
		return &failure{code: exitUsage, what: "restore takes a file or --number", why: "it got both", next: "fob vault restore"}
	case c.File != "":
		raw, err := readNamed(ctx, c.File, maxBackup)
		var unread *fs.PathError
		if errors.As(err, &unread) {
			return &failure{code: exitFailure, what: "the backup cannot be read", why: err.Error(), next: "fob vault restore", err: err}
		}
		if err == nil {
			b, err = v.Restore(ctx, bytes.NewReader(raw))
		}
		if err != nil {
			return err
		}
	case c.Number != 0:
		if b, err = v.RestoreBackup(ctx, c.Number); err != nil {
			return err
		}
	default:
		return c.list(ctx, a, v)
	}
	if err := a.record(backendFile); err != nil {
		return err
	}
	x, err := a.index(true)
	if err != nil {
		return err
	}
	n, err := x.Reindex(ctx, v)
	if err != nil {
		return err
	}
	a.p.say(fmt.Sprintf("restored the %s; %d keys", describe(b), n))
	return nil
}

func (c *vaultRestoreCmd) list(ctx context.Context, a *app, v *keychain.Vault) error {
	all, err := v.Backups(ctx)
	if err != nil {
		return err
	}
	var out strings.Builder
	for _, b := range all {
		fmt.Fprintf(&out, "%d  %s\n", b.Number, describe(b))
	}
	if len(all) == 0 {
		a.p.say("there are no backups that open")
	}
	_, err = a.sys.Stdout.Write([]byte(out.String()))
	return err
}

func describe(b keychain.VaultBackup) string {
	return fmt.Sprintf("vault of %s with %d entries", b.Written.UTC().Format("2006-01-02 15:04 MST"), b.Entries)
}

// existingVault opens the vault, whichever store is chosen.
func (a *app) existingVault() (*keychain.Vault, error) {
	dir, err := a.dir(false)
	if err != nil {
		return nil, err
	}
	if dir == nil || !keychain.VaultExists(dir) {
		return nil, &failure{code: exitKeychain, what: "there is no vault", why: "none lies in " + a.dirPath(), next: "fob vault create"}
	}
	return a.openVault()
}
