package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"fob/internal/secret"
)

func TestNothingPrintsASecret(t *testing.T) {
	const canary = "wJalrXUtnFEMI/K7MDENG"
	s := secret.New(canary)
	wrapped := struct {
		Name string
		Key  secret.Text
		Ptr  *secret.Text
	}{"dev", s, &s}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", wrapped)
		fmt.Fprintf(&out, verb+"\n", []secret.Text{s})
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "s", s, "w", wrapped)
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "s", s, "w", wrapped)
	if err := json.NewEncoder(&out).Encode(map[string]any{"s": s, "w": wrapped}); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&out, errors.Join(fmt.Errorf("with %v", s)))
	if strings.Contains(out.String(), canary) || strings.Contains(out.String(), fmt.Sprintf("%x", canary)) {
		t.Fatalf("a secret was printed:\n%s", out.String())
	}
	if s.Reveal() != canary || s.Empty() || !secret.New("").Empty() {
		t.Fatal("Reveal or Empty is wrong")
	}
}
