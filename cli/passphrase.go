package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"fob/internal/command"
	"fob/internal/secret"
	"fob/resolve"
)

// passphraseCommandLimit ends a program that is to print the passphrase.
const passphraseCommandLimit = 45 * time.Second

// passphrase is the vault's, from the first source that is set: a file, a
// program, a variable, the terminal, a window. A source that is set and fails is an
// error, no reason to try the next.
func (a *app) passphrase(ctx context.Context) (secret.Text, error) {
	if p, ok, err := a.givenPassphrase(ctx); ok || err != nil {
		return p, err
	}
	if err := a.justRefused(); err != nil {
		return secret.Text{}, err
	}
	var p secret.Text
	err := a.converse(ctx, wanted{what: "the passphrase of the vault"}, func(d dialogue) (err error) {
		p, err = d.Secret(ctx, "Passphrase of the fob vault: ")
		return err
	})
	if errors.Is(err, resolve.ErrCancelled) {
		a.noteRefusal()
	}
	return p, err
}

// givenPassphrase is a passphrase that the environment gives.
func (a *app) givenPassphrase(ctx context.Context) (secret.Text, bool, error) {
	if path := a.env("FOB_PASSPHRASE_FILE"); path != "" {
		p, err := readPassphraseFile(path)
		return p, true, err
	}
	if line := a.env("FOB_PASSPHRASE_COMMAND"); line != "" {
		ctx, cancel := context.WithTimeout(ctx, passphraseCommandLimit)
		defer cancel()
		out, err := a.runForSecret(ctx, line, "FOB_PASSPHRASE_COMMAND")
		return firstLine(out), true, err
	}
	if p := a.sys.Getenv("FOB_PASSPHRASE"); p != "" {
		if a.env("CI") == "" {
			a.p.warn("FOB_PASSPHRASE is readable by every program you start; FOB_PASSPHRASE_FILE or FOB_PASSPHRASE_COMMAND is safer")
		}
		return secret.New(p), true, nil
	}
	return secret.Text{}, false, nil
}

func readPassphraseFile(path string) (secret.Text, error) {
	refuse := func(why string) (secret.Text, error) {
		return secret.Text{}, &failure{code: exitConfig, what: "FOB_PASSPHRASE_FILE cannot be used: " + path, why: why, next: "chmod 600 " + word(path)}
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return refuse(errors.Unwrap(err).Error())
	case !info.Mode().IsRegular():
		return refuse("it is not a regular file")
	case info.Size() > 4096:
		return refuse("it is larger than 4 KiB")
	case !private(info):
		return refuse("it is not yours alone to read")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return refuse(err.Error())
	}
	return firstLine(string(raw)), nil
}

// firstLine is a passphrase without the line end that editors and echo add.
func firstLine(s string) secret.Text {
	s, _, _ = strings.Cut(s, "\n")
	return secret.New(strings.TrimSuffix(s, "\r"))
}

// newPassphrase asks for a new passphrase, twice.
func (a *app) newPassphrase(ctx context.Context) (secret.Text, error) {
	var p secret.Text
	err := a.converse(ctx, wanted{what: "a new passphrase"}, func(d dialogue) error {
		for range 3 {
			first, err := d.Secret(ctx, "New passphrase (12 characters or more): ")
			if err != nil {
				return err
			}
			if len([]rune(first.Reveal())) < 12 {
				_ = d.Print("That is too short.")
				continue
			}
			again, err := d.Secret(ctx, "The same again: ")
			if err != nil {
				return err
			}
			if first == again {
				p = first
				return nil
			}
			_ = d.Print("The two differ.")
		}
		return resolve.ErrCancelled
	})
	return p, err
}

// runForSecret runs a program whose output is a secret: without a shell,
// without AWS secrets and passphrases in its environment. The output appears in
// no message.
func (a *app) runForSecret(ctx context.Context, line, from string) (string, error) {
	words, err := command.Split(line)
	if err == nil && len(words) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return "", &failure{code: exitConfig, what: from + " cannot be run", why: err.Error(), next: "correct the quotes in " + from}
	}
	res, err := command.Run(ctx, command.Spec{Argv: words, Env: command.SafeEnv(a.sys.Environ()), Stderr: a.sys.Stderr})
	if err != nil {
		f := &failure{code: exitFailure, what: from + " failed", why: err.Error(), next: "run it by hand: " + line}
		if s := command.ShellSyntax(words); s != "" {
			f.why += fmt.Sprintf("; it runs without a shell, so %q is not expanded", s)
		}
		return "", f
	}
	return string(res.Stdout), nil
}
