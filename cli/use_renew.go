package cli

import (
	"context"
	"io"
	"time"

	"fob/internal/display"
	"fob/resolve"
	"fob/shell"
)

const (
	// renewLimit is how long a shell's prompt may wait for new credentials.
	renewLimit = 2500 * time.Millisecond
	// renewBefore is when the hook wants new ones: sooner they would be renewed at
	// each prompt.
	renewBefore = time.Minute
	// longAgo is FOB_EXPIRES when the credentials have been taken away.
	longAgo = "1"
)

// renew replaces credentials that are about to end, without asking anybody and
// within renewLimit. What the user has set by hand since stays: other keys, the
// region, AWS_PROFILE.
func (c *useCmd) renew(ctx context.Context, a *app, language shell.Shell) error {
	name, state := a.sys.Getenv(varProfile), a.useState()
	switch {
	case name == "" || a.env(varUntil) == "", a.env(varUntil) == longAgo && a.env(varKeyID) == "":
		return nil
	case a.env(varKeyID) != state.KeyID || display.Text(name) != name:
		return a.letGo(language)
	}
	a.g.Profile = name
	creds, err := a.renewed(ctx, state)
	if err == nil {
		state.KeyID = creds.AccessKeyID
		return a.writeVars(language, unsetFirst(append(credentialVars(creds), untilVar(creds), shell.Var{Name: varState, Value: state.String()})))
	}
	a.debug("renew: %v", err)
	if err := a.writeVars(language, a.endedVars(state)); err != nil {
		return err
	}
	a.p.say("fob: the credentials of " + display.Text(name) + " have ended; type: " + useCommand(name, state))
	return nil
}

// renewed gets credentials as the use before did, but for anything that would talk
// to a person.
func (a *app) renewed(ctx context.Context, state useState) (resolve.Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, renewLimit)
	defer cancel()
	sys, talk := a.sys, a.p
	defer func() { a.sys, a.p = sys, talk }()
	if !a.g.Debug {
		a.sys.Stderr = io.Discard
	}
	a.p = &printer{sys: a.sys}
	a.g.NoInput, a.g.MFASerial = true, state.MFASerial
	a.hideOwnRegion()
	plan, creds, err := a.credentials(ctx, state.Role)
	if err == nil {
		err = safeForShell(plan, creds)
	}
	if err == nil && creds.Left(a.sys.Now()) < renewBefore {
		err = context.DeadlineExceeded
	}
	return creds, err
}

// endedVars take what has ended away. FOB_PROFILE stays and FOB_EXPIRES is past, so
// that the prompt says whose credentials they were and that they have ended.
func (a *app) endedVars(state useState) []shell.Var {
	vars := shell.Unset(varKeyID, varSecret, varToken, varSecurityToken, varExpires, varAccount, varState)
	for _, name := range []string{varRegion, varRegion2} {
		if state.Region != "" && a.env(name) == state.Region {
			vars = append(vars, shell.Unset(name)...)
		}
	}
	return append(vars, shell.Var{Name: varUntil, Value: longAgo})
}

// letGo ends fob's part where the shell has other credentials than fob's.
func (a *app) letGo(language shell.Shell) error {
	return a.writeVars(language, shell.Unset(useVariables...))
}

// useCommand is what to type to use a profile again.
func useCommand(name string, state useState) string {
	command := "fob use " + word(name)
	if state.Role.RoleARN != "" {
		command += " --role-arn " + word(state.Role.RoleARN)
	}
	return command
}
