//go:build unix

package cli_test

import (
	"net"
	"strings"
	"testing"
	"time"
)

// TestRenewIsQuick: a prompt waits for it, and AWS does not answer.
func TestRenewIsQuick(t *testing.T) {
	t.Parallel()
	quiet, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close()
	b := newBox(t)
	b.write("home/.aws/config", "[profile ops]\nrole_arn = "+roleARN(account, "Ops")+"\nsource_profile = dev\n")
	b.stored("dev")
	for line := range strings.Lines(b.must("use", "--shell", "sh", "ops").stdout) {
		if assignment, ok := strings.CutPrefix(line, "export "); ok {
			name, value, _ := strings.Cut(assignment, "='")
			b.set(name, strings.TrimSuffix(value, "'; \n"))
		}
	}
	b.must("logout", "--all")
	b.set("AWS_ENDPOINT_URL_STS", "http://"+quiet.Addr().String())
	r, took := b.detached(patience, "use", "--shell", "sh", "--renew")
	const want = "fob: the credentials of ops have ended; type: fob use ops\n"
	if r.status != 0 || r.stderr != want || !strings.Contains(r.stdout, "unset AWS_ACCESS_KEY_ID; ") || !strings.Contains(r.stdout, "FOB_EXPIRES='1'") || strings.Contains(r.stdout, "FOB_PROFILE") {
		t.Error(r)
	}
	if took < 2*time.Second || took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
