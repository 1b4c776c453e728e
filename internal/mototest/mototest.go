// Package mototest starts moto, an emulator of AWS, for tests. It is imported by tests
// alone.
package mototest

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"
)

// oldest is the oldest moto that answers as tests expect: older ones lack calls that the
// SDK makes now.
const oldest = "5.2.5"

// startWait is how long the emulator may take until it answers.
const startWait = time.Minute

// Python is a Python that has moto, and with it boto3: FOB_TEST_PYTHON, or python3 of
// PATH. Without one the test is skipped, or fails where FOB_TEST_NO_SKIP is set.
func Python(t *testing.T) string {
	t.Helper()
	const has = `
import sys, boto3, flask, importlib.metadata
number = lambda v: [int(n) for n in v.split(".")[:3]]
sys.exit(number(importlib.metadata.version("moto")) < number(sys.argv[1]))`
	for _, name := range []string{os.Getenv("FOB_TEST_PYTHON"), "python3"} {
		if name != "" && exec.CommandContext(t.Context(), name, "-c", has, oldest).Run() == nil {
			return name
		}
	}
	const reason = "no python3 has moto " + oldest + " or later: pip install 'moto[server]', or set FOB_TEST_PYTHON"
	if os.Getenv("FOB_TEST_NO_SKIP") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
	return ""
}

// Start starts an emulator of its own for a test, and ends it with the test. env are
// variables for it beside the test's: NAME=VALUE. It answers at endpoint, on loopback.
// See [Python] for where there is none.
func Start(t *testing.T, env ...string) (endpoint string) {
	t.Helper()
	python := Python(t)
	host, port := free(t)
	server := exec.Command(python, "-c", "import sys; from moto.server import main; main(sys.argv[1:])", "-H", host, "-p", port)
	server.Env = append(os.Environ(), env...)
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = server.Wait(); close(ended) }()
	t.Cleanup(func() { _ = server.Process.Kill(); <-ended })
	endpoint = "http://" + net.JoinHostPort(host, port)
	ctx, cancel := context.WithTimeout(t.Context(), startWait)
	defer cancel()
	for tick := time.Tick(100 * time.Millisecond); !answers(ctx, endpoint); {
		select {
		case <-tick:
		case <-ended:
			t.Fatalf("moto ended: %v\n%s", server.ProcessState, &log)
		case <-ctx.Done():
			t.Fatalf("moto does not answer within %v", startWait)
		}
	}
	return endpoint
}

// free is an address on loopback that nobody listens at.
func free(t *testing.T) (host, port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	host, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

func answers(ctx context.Context, endpoint string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/moto-api/", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return true
}
