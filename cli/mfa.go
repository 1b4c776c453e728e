package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"fob/internal/command"
	"fob/internal/display"
	"fob/internal/tty"
	"fob/resolve"
)

// codeCommandLimit ends a program that is to print an MFA code.
const codeCommandLimit = 45 * time.Second

// code gets an MFA code: --mfa-code, else FOB_MFA_COMMAND or the profile's
// mfa_process, else the terminal, else a window. Never from stdin, never by way of
// stdout.
func (a *app) code(ctx context.Context, req resolve.CodeRequest) (string, error) {
	if a.g.MFACode != "" {
		a.codeUsed = true
		return checkCode(a.g.MFACode, "--mfa-code")
	}
	if req.Expired != (time.Time{}) {
		a.p.once(fmt.Sprintf("Saved session for %s expired at %s", display.Text(req.Profile), req.Expired.UTC().Format("2006-01-02 15:04 MST")))
	}
	if line, from := a.codeCommand(req); line != "" {
		return a.codeFrom(ctx, line, from, req)
	}
	return a.askCode(ctx, req)
}

// needsPerson says whether code would ask somebody.
func (a *app) needsPerson(req resolve.CodeRequest) bool {
	line, _ := a.codeCommand(req)
	return a.g.MFACode == "" && line == ""
}

// codeCommand is the program that gives the code, and who names it.
func (a *app) codeCommand(req resolve.CodeRequest) (line, from string) {
	if line := a.env("FOB_MFA_COMMAND"); line != "" {
		return line, "FOB_MFA_COMMAND"
	}
	return req.Process, "mfa_process"
}

func (a *app) codeFrom(ctx context.Context, line, from string, req resolve.CodeRequest) (string, error) {
	if from == "mfa_process" {
		if err := trusted(req.At.File); err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, codeCommandLimit)
	defer cancel()
	out, err := a.runForSecret(ctx, line, from)
	if err != nil {
		return "", err
	}
	return checkCode(out, from)
}

// checkCode takes exactly six digits, blanks around them aside.
func checkCode(code, from string) (string, error) {
	code = strings.TrimSpace(code)
	if !isCode(code) {
		return "", &failure{code: exitFailure, what: from + " gave no MFA code", why: "an MFA code has exactly six digits", next: "try again with the current code"}
	}
	return code, nil
}

// isCode says whether a text can be an MFA code.
func isCode(s string) bool { return len(s) == 6 && strings.Trim(s, "0123456789") == "" }

func (a *app) askCode(ctx context.Context, req resolve.CodeRequest) (string, error) {
	var code string
	n := wanted{what: "an MFA code of " + req.Serial, profile: req.Profile}
	err := a.converse(ctx, n, func(d dialogue) error {
		if req.Attempt > 0 {
			_ = d.Print("AWS refused that code. A code works once: wait for the next one.")
		}
		for {
			var err error
			code, err = d.Code(ctx, display.Text(req.Serial))
			if err != nil || !slices.Contains(req.Used, code) {
				return err
			}
			_ = d.Print("That code was used already. Wait for the next one.")
		}
	})
	if errors.Is(err, tty.ErrBadCode) {
		return "", &failure{code: exitFailure, what: "no MFA code was given", why: "five answers were not six digits", next: a.loginCommand(req.Profile)}
	}
	return code, err
}

// loginCommand is what to type to get a session ready.
func (a *app) loginCommand(profile string) string {
	return strings.TrimSpace("fob login " + nameOr(profile, ""))
}

// explainCommand is what to type to see how a profile resolves.
func (a *app) explainCommand(profile string) string {
	return strings.TrimSpace("fob explain " + nameOr(profile, ""))
}

// word is a name as it can be typed, or a placeholder where that is not safe.
func word(name string) string { return nameOr(name, "NAME") }

// nameOr is a name as it can be typed; other, where there is none or it is not safe.
func nameOr(name, other string) string {
	if w, ok := display.ShellWord(name); ok && name != "" {
		return w
	}
	return other
}

// trusted refuses commands of a config file that somebody else may have written.
func trusted(file string) error {
	info, err := os.Stat(file)
	if err == nil {
		err = command.Trusted(file, info)
	}
	if err != nil {
		return &failure{code: exitConfig, what: "mfa_process is not run", why: err.Error(), next: "chmod go-w " + word(file), err: err}
	}
	return nil
}
