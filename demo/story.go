package main

import "context"

// step is one part of the story: it types commands, shows what they say, tells
// what happened, and fails if something else happened.
type step struct {
	title string
	play  func(context.Context, *demo) error
}

// story is the table of contents.
func story() []step {
	return []step{
		{"Make an encrypted file for the keys", createVault},
		{"Import the access key that AWS gave you", importKey},
		{"See which profiles there are", listProfiles},
		{"See how one of them resolves", explainRole},
		{"The first use asks for the MFA code", firstUse},
		{"The next one asks nobody", warmUse},
		{"The same for a shell", shellVariables},
		{"The same for one command", oneCommand},
		{"Another role, the same MFA session", siblingRole},
		{"Twenty programs at once", stampede},
		{"Log out", logOut},
		{"Audit an account", auditAccount},
	}
}

const opening = `
fob, the whole story, offline: a fake AWS on loopback checks signatures and
MFA codes for real; all else is fob as you would use it.

`

const closing = `That was fob. With an account of your own:

  go install . ./cmd/fob-scan  install fob (go env GOPATH says where: in bin)
  fob add dev                  store a key in the keychain of your system
  fob wire dev                 let the AWS CLI and every AWS SDK use it
  fob exec dev -- aws s3 ls    run one command with it
  eval "$(fob init bash)"      in ~/.bashrc; then in this shell: fob use dev
  fob scan -p dev              audit the account: every region, a report to open
`
