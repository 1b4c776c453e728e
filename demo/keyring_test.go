package main

import (
	"testing"

	"fob/keychain"
)

// keptUnlocked says whether the key of the vault in a folder can be had without
// its passphrase.
func keptUnlocked(t *testing.T, dir string) bool {
	t.Helper()
	const vaultKey = "vault" // as the keychain package calls it
	_, ok := keychain.NewUnlockCache(keychain.UnlockOptions{Dir: dir}).Load(vaultKey)
	return ok
}
