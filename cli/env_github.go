package cli

import (
	"errors"
	"os"
	"slices"

	"fob/shell"
)

// writeGitHub hides the secrets in the job's log, then gives the variables to
// its later steps: the runner takes the one from stdout, the other from a file.
func (a *app) writeGitHub(g shell.GitHub, vars []shell.Var) error {
	path := a.env("GITHUB_ENV")
	if path == "" {
		return &failure{code: exitUsage, what: "--format github works in a GitHub Actions job", why: "GITHUB_ENV is not set", next: "fob env --format dotenv"}
	}
	vars = a.emptied(vars)
	masks, err := g.Masks(vars)
	if err != nil {
		return err
	}
	text, err := g.Export(vars)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if _, err = a.sys.Stdout.Write([]byte(masks)); err == nil {
		_, err = f.Write([]byte(text))
	}
	return errors.Join(err, f.Close())
}

// emptied gives an empty value to what the job has from an earlier step and the
// file cannot take away, where SDKs take empty for absent. For the name of a
// profile they do not.
func (a *app) emptied(vars []shell.Var) []shell.Var {
	vars = slices.Clone(vars)
	for i, v := range vars {
		if !v.Unset || a.env(v.Name) == "" {
			continue
		}
		switch v.Name {
		case varToken, varSecurityToken, varExpires, varAccount:
			vars[i] = shell.Var{Name: v.Name}
		case varAWSProfile, varAWSProfile2:
			a.p.warn(v.Name + " stays set in this job: some SDKs prefer it to the variables of fob")
		}
	}
	return vars
}
