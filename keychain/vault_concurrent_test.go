package keychain

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"fob/internal/atomicfile"
	"fob/internal/lock"
	"fob/internal/secret"
)

// vaultFlock is the program's own lock between processes.
func vaultFlock(path string) func(context.Context) (func(), error) {
	return func(ctx context.Context) (func(), error) {
		dir, err := os.OpenRoot(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		defer func() { _ = dir.Close() }()
		l, err := lock.Acquire(ctx, dir, filepath.Base(path), lock.Options{})
		return l.Release, err
	}
}

const vaultWriters = 20

func vaultWantAll(t *testing.T, v *Vault) {
	t.Helper()
	ids, err := v.List(t.Context())
	if err != nil || len(ids) != 2+vaultWriters {
		t.Fatalf("%d items, want %d (%v)", len(ids), 2+vaultWriters, err)
	}
	for i := range vaultWriters {
		vaultWant(t, v, fmt.Sprint("writer ", i), fmt.Sprint("value ", i))
	}
	vaultWant(t, v, "a", "value of a")
}

func TestVaultManyWritersInOneProcess(t *testing.T) {
	for name, shared := range map[string]bool{"one Vault, no lock": true, "a Vault and a lock each": false} {
		t.Run(name, func(t *testing.T) {
			b, v := newVault(t)
			b.opts.Warn = func(err error) { t.Errorf("warned: %v", err) }
			if !shared {
				b.opts.Lock = vaultFlock(filepath.Join(b.path, "lock"))
			}
			v = OpenVault(b.dir, b.opts)
			var wg sync.WaitGroup
			for i := range vaultWriters {
				wg.Go(func() {
					v := v
					if !shared {
						v = OpenVault(b.dir, b.opts)
					}
					if err := v.Set(context.Background(), vaultItem(fmt.Sprint("writer ", i)), fmt.Append(nil, "value ", i)); err != nil {
						t.Error(err)
					}
					if _, err := v.Get(context.Background(), vaultItem("a")); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			vaultWantAll(t, v)
		})
	}
}

// vaultWriterEnv makes this test program one of the writers.
const vaultWriterEnv = "FOB_TEST_VAULT_WRITER"

func TestVaultManyWritingProcesses(t *testing.T) {
	if spec := os.Getenv(vaultWriterEnv); spec != "" {
		vaultWriter(t, spec)
		return
	}
	b, v := newVault(t)
	var wg sync.WaitGroup
	for i := range vaultWriters {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestVaultManyWritingProcesses$")
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d|%s", vaultWriterEnv, i, b.path))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("writer %d: %v: %s", i, err, out)
			}
		})
	}
	wg.Wait()
	vaultWantAll(t, v)
}

func vaultWriter(t *testing.T, spec string) {
	i, path, _ := strings.Cut(spec, "|")
	dir, err := atomicfile.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	v := OpenVault(dir, VaultOptions{
		Passphrase: func(context.Context) (secret.Text, error) { return secret.New(vaultPass), nil },
		Lock:       vaultFlock(filepath.Join(path, "lock")),
	})
	if err := v.Set(t.Context(), vaultItem("writer "+i), []byte("value "+i)); err != nil {
		t.Fatal(err)
	}
}

// Readers without the lock see a whole vault while others write it.
func TestVaultReadersBesideAWriter(t *testing.T) {
	b, v := newVault(t)
	b.opts.Warn = func(err error) { t.Errorf("warned: %v", err) }
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				got, err := OpenVault(b.dir, b.opts).Get(context.Background(), vaultItem("b"))
				if err != nil || string(got) != "value of b" {
					t.Errorf("%q, %v", got, err)
					return
				}
			}
		})
	}
	for i := range 40 {
		vaultSet(t, v, "a", fmt.Sprint(i))
	}
	close(done)
	wg.Wait()
}
