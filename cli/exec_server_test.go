package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"fob/resolve"
)

// A vault that was unlocked when the command began stays so while it runs: renewals
// are further apart than the 15 minutes for which it is unlocked otherwise.
func TestStaysUnlocked(t *testing.T) {
	dir := t.TempDir()
	passphrase := filepath.Join(dir, "passphrase")
	if err := os.WriteFile(passphrase, []byte("correct horse battery\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	// With CI nothing is kept outside this process.
	vars := map[string]string{"FOB_DIR": filepath.Join(dir, "fob"), "FOB_PASSPHRASE_FILE": passphrase, "CI": "1", "HOME": dir}
	sys := Real()
	sys.Getenv = func(name string) string { return vars[name] }
	sys.Now = func() time.Time { return now }
	sys.Stderr = t.Output()
	a := newApp(sys, &Globals{}, &printer{sys: sys})
	defer a.close()
	if err := (&vaultCreateCmd{}).Run(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, err := a.sealingKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(passphrase); err != nil {
		t.Fatal(err)
	}
	r := &renewer{a: a}
	for range 6 {
		now = now.Add(10 * time.Minute)
		r.useUnlocked(t.Context())
	}
	if _, err := a.sealingKey(t.Context()); err != nil {
		t.Errorf("after an hour of use: %v", err)
	}
	now = now.Add(20 * time.Minute)
	r.useUnlocked(t.Context())
	if _, err := a.sealingKey(t.Context()); err == nil {
		t.Error("a vault that is locked was unlocked without its passphrase")
	}
}

// What exec --server takes for old is what the resolver does.
func TestRenewAt(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name            string
		issued, expires time.Time
		want            time.Duration // from now
	}{
		{"an hour: a quarter before its end", now, now.Add(time.Hour), 45 * time.Minute},
		{"eight hours: 16 minutes before", now, now.Add(8 * time.Hour), 7*time.Hour + 44*time.Minute},
		{"half a minute", now, now.Add(30 * time.Second), 22500 * time.Millisecond},
		{"one that is old already", now.Add(-50 * time.Minute), now.Add(10 * time.Minute), -5 * time.Minute},
		{"of another program", time.Time{}, now.Add(40 * time.Minute), 30 * time.Minute},
		{"a key without an end", time.Time{}, time.Time{}, time.Hour},
	} {
		got := renewAt(resolve.Credentials{Issued: tt.issued, Expires: tt.expires}, now).Sub(now)
		if got < tt.want || got > tt.want+time.Millisecond {
			t.Errorf("%s: in %v, want %v", tt.name, got, tt.want)
		}
	}
}
