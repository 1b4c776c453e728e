package keychain

import (
	"bytes"
	"testing"

	"fob/internal/secret"
)

// No text makes the parser panic or lets a costly parameter through, and what it
// accepts it writes back as the same.
func FuzzVaultKey(f *testing.F) {
	good := newKeyFile(vaultKey{id: [16]byte{1, 2, 3}}, secret.New(vaultPass), cheapKDF).encode()
	f.Add(good)
	f.Add(bytes.Replace(good, []byte(`"m_kib": 19456`), []byte(`"m_kib": 4294967295`), 1))
	f.Add([]byte(`{"version":2,"reader":"fob 2.0"}`))
	f.Add([]byte(`{"version":1,"slots":[{}]}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		kf, err := parseKeyFile(b)
		if err != nil {
			return
		}
		for _, s := range kf.Slots {
			if s.Memory < minKDFMemory || s.Memory > maxKDFMemory || s.Time < 1 || s.Time > 16 || s.Lanes < 1 || s.Lanes > 16 {
				t.Fatalf("accepted %+v", s.kdfParams)
			}
		}
		again, err := parseKeyFile(kf.encode())
		if err != nil || !bytes.Equal(again.sum(), kf.sum()) {
			t.Fatalf("does not survive a rewrite: %v", err)
		}
	})
}

func FuzzVaultHeader(f *testing.F) {
	dk := vaultKey{id: [16]byte{1, 2, 3}, key: [32]byte{4, 5, 6}}
	good, err := sealBin(dk, 7, vaultItems{Items: map[string][]byte{"v1-x": []byte("y")}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:binHeaderLen])
	f.Add([]byte(binMagic + "\x00\x02"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parseBinHeader(b)
		if err == nil && !bytes.HasPrefix(b, h.encode()) {
			t.Fatalf("header %x reads as %+v", b[:binHeaderLen], h)
		}
		// Seeds are sealed anew by each process that fuzzes: they open, with this.
		h, items, err := openBin(dk, b)
		if err == nil && (h.generation != 7 || len(items.Items) != 1 || string(items.Items["v1-x"]) != "y") {
			t.Fatal("a forged vault opened")
		}
	})
}

func FuzzVaultArchive(f *testing.F) {
	f.Add([]byte(`{"format":"fob vault backup 1","vault.key":"e30=","vault.bin":""}`))
	f.Add([]byte(`{"format":"fob vault backup 2"}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, kf, err := parseArchive(b); err == nil && (a.Format != archiveFormat || kf.check() != nil) {
			t.Fatalf("accepted %q", b)
		}
	})
}
