package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

func TestRunDescribesItselfAndServes(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error)
	go func() { done <- run(ctx, in) }()
	var d description
	if err := json.NewDecoder(out).Decode(&d); err != nil {
		t.Fatal(err)
	}
	if len(d.AccessKeyID) != 20 || len(d.SecretAccessKey) != 40 || d.MFASerial == "" || d.MFASeed == "" || len(d.Roles) != 3 {
		t.Errorf("description %+v", d)
	}
	r, err := http.Get(d.URL + "/__fake/stats")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		t.Errorf("stats: %s", r.Status)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
