package keychain

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"fob/internal/secret"
)

// The vaults in testdata were written by the release that first had their
// format. They must open for ever: add a folder for a new format, change none.
func TestSampleVaultsOpen(t *testing.T) {
	samples := []struct{ folder, passphrase, sealing string }{
		{"vault-v1", "sample passphrase, version 1", "931c7b094063f1d43577385e4f59c50a4b9926561a951287a5fa83f0f36f3ee0"},
	}
	for _, s := range samples {
		t.Run(s.folder, func(t *testing.T) {
			b := newVaultBox(t)
			b.opts.Passphrase = func(context.Context) (secret.Text, error) { return secret.New(s.passphrase), nil }
			for _, name := range []string{keyName, binName} {
				b.put(name, vaultSample(t, s.folder, name))
			}
			vaultWantSample(t, OpenVault(b.dir, b.opts), s.sealing)
		})
		t.Run(s.folder+" archive", func(t *testing.T) {
			b := newVaultBox(t)
			b.opts.Passphrase = func(context.Context) (secret.Text, error) { return secret.New(s.passphrase), nil }
			v := OpenVault(b.dir, b.opts)
			f, err := os.Open(filepath.Join("testdata", s.folder, "archive.json"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			if _, err := v.Restore(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			vaultWantSample(t, v, s.sealing)
		})
	}
}

func vaultWantSample(t *testing.T, v *Vault, sealing string) {
	t.Helper()
	vaultWant(t, v, "dev", `{"id":"AKIAIOSFODNN7EXAMPLE"}`)
	vaultWant(t, v, "bytes", "\x00\x01\xfe\xff")
	vaultWant(t, v, "not there", "")
	key, err := v.SealingKey(t.Context())
	if err != nil || hex.EncodeToString(key[:]) != sealing {
		t.Fatalf("the sealing key is another one: %x, %v", key, err)
	}
}

func vaultSample(t *testing.T, folder, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
