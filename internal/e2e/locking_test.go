//go:build unix

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// release is how fast those who waited must act on the end of the holder.
const release = time.Second

// mfaWorld has ann's key in a vault, no session yet, and roles above it.
func mfaWorld(t *testing.T, roles ...string) *world {
	t.Helper()
	w := newWorld(t)
	var sections []string
	for _, r := range roles {
		sections = append(sections, w.roleConfig(r))
	}
	w.annConfig(sections...)
	w.useVault()
	w.add("ann", w.ann.Key).ok(t)
	return w
}

func TestColdStampedeAsksOnce(t *testing.T) {
	w := mfaWorld(t)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.srv.Behave(func(b *awsfake.Behaviour) { b.Latency = 200 * time.Millisecond })

	var all []*process
	for range 50 {
		all = append(all, w.start("process", "-p", "ann"))
	}
	first := all[0].wait().answer(t)
	if first.SessionToken == "" || first.AccountID != account {
		t.Errorf("a session without token or account: %v", all[0].wait())
	}
	for _, r := range waitAll(all) {
		if r.answer(t) != first {
			t.Errorf("another answer: %v", r)
		}
		r.within(t, 10*time.Second)
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1})
}

func TestSiblingRolesShareOnePrompt(t *testing.T) {
	var roles []string
	for i := range 20 {
		roles = append(roles, fmt.Sprintf("role%02d", i))
	}
	w := mfaWorld(t, roles...)
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)

	var all []*process
	for _, role := range slices.Concat(roles, roles) {
		all = append(all, w.start("process", "-p", role))
	}
	answers := map[string]answer{}
	for _, r := range waitAll(all) {
		role, got := r.args[len(r.args)-1], r.answer(t)
		if before, ok := answers[role]; ok && before != got {
			t.Errorf("two answers for %s", role)
		}
		answers[role] = got
	}
	distinct := map[answer]bool{}
	for _, a := range answers {
		distinct[a] = true
	}
	if len(distinct) != len(roles) {
		t.Errorf("%d answers for %d roles", len(distinct), len(roles))
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1, "AssumeRole": len(roles)})
	for arn, n := range w.srv.Stats().Roles {
		if n != 1 {
			t.Errorf("%s was assumed %d times", arn, n)
		}
	}
}

// A holder that is killed while its MFA command runs frees the lock, although
// the command lives on.
func TestKilledHolderIsReplaced(t *testing.T) {
	w := mfaWorld(t)
	prompts := w.codesFrom(codeHang, w.ann.MFA.Serial)
	prompts.open(t)

	holder := w.start("process", "-p", "ann")
	eventually(t, "the first prompt", func() bool { return len(prompts.calls(t)) == 1 })
	orphan := prompts.calls(t)[0].pid
	t.Cleanup(func() { _ = syscall.Kill(orphan, syscall.SIGKILL) })
	var waiting []*process
	for range 5 {
		waiting = append(waiting, w.start("process", "-p", "ann"))
	}
	for _, p := range waiting {
		p.stderr.await(t, fmt.Sprintf("waiting for pid %d", holder.cmd.Process.Pid))
	}
	killed := time.Now()
	holder.kill()
	results := waitAll(waiting)

	if err := syscall.Kill(orphan, 0); err != nil {
		t.Errorf("the killed holder's command is gone (%v): the test shows nothing", err)
	}
	for _, r := range results {
		if r.answer(t) != results[0].answer(t) {
			t.Errorf("another answer: %v", r)
		}
	}
	calls := prompts.calls(t)
	if len(calls) != 2 {
		t.Fatalf("%d prompts, want 2", len(calls))
	}
	if d := calls[1].at.Sub(killed); d > release {
		t.Errorf("the next prompt came %v after the kill", d)
	}
	w.wantCalls(map[string]int{"GetSessionToken": 1})
}

func TestWrongCodeFailsAllWhoWaited(t *testing.T) {
	w := mfaWorld(t)
	prompts := w.codesFrom(codeWrong, w.ann.MFA.Serial)

	holder := w.start("process", "-p", "ann")
	eventually(t, "the prompt", func() bool { return len(prompts.calls(t)) == 1 })
	var waiting []*process
	for range 10 {
		waiting = append(waiting, w.start("process", "-p", "ann"))
	}
	for _, p := range waiting {
		p.stderr.await(t, "waiting for pid")
	}
	prompts.open(t)
	ended := holder.wait().exits(t, 7).ended
	for _, r := range waitAll(waiting) {
		if d := r.exits(t, 7).ended.Sub(ended); d > release {
			t.Errorf("failed %v after the holder: %v", d, r)
		}
		if !strings.Contains(r.stderr, "wait for the next code") {
			t.Errorf("no word of the next code: %v", r)
		}
	}
	prompts.want(t, 1)
	w.wantCalls(map[string]int{"GetSessionToken": 1})
}

// A session that lives is served when it should be renewed and AWS is away.
func TestServesAValidSessionWhileAWSIsDown(t *testing.T) {
	t.Parallel()
	w := mfaWorld(t, "Ops")
	prompts := w.codesFrom(codeGood, w.ann.MFA.Serial)
	prompts.open(t)
	w.fob("process", "-p", "ann").ok(t)
	// A quarter of its life before its end, 6 s, a session is to be renewed.
	w.srv.Behave(func(b *awsfake.Behaviour) { b.TTL = 24 * time.Second })
	first := w.fob("process", "-p", "Ops").answer(t)
	ends, err := time.Parse(time.RFC3339, first.Expiration)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.srv.Fail(awsfake.Fault{Kind: awsfake.Reset, Times: -1}); err != nil {
		t.Fatal(err)
	}
	// The first call tries to renew and fails, the next meets its cool-down. A try
	// may take 3 s, and must not outlive the session.
	warned := 0
	for warned < 2 && time.Until(ends) > 4*time.Second {
		r := w.fob("process", "-p", "Ops")
		if r.answer(t) != first {
			t.Errorf("another answer: %v", r)
		}
		switch n := r.warnings(); {
		case len(n) == 1 && strings.Contains(n[0], "cannot renew"):
			warned++
		case len(n) > 0:
			t.Errorf("warnings %q", n)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if warned == 0 {
		t.Error("it never tried to renew: the test shows nothing")
	}
	prompts.want(t, 1)
}
