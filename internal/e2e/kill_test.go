//go:build unix

package e2e

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// killWindow is the time after the start in which a process is killed. It covers
// a whole run on a machine with nothing else to do.
const killWindow = 20 * time.Millisecond

// kills says how many processes TestKills kills, or tries to.
func kills() int {
	if os.Getenv("FOB_TEST_LONG") != "" {
		return 1000
	}
	return 200
}

// killer changes keys and sessions, killing each change at a random moment.
type killer struct {
	*world
	random   *rand.Rand
	profiles []string
	// known are the keys that a profile may have: one, or several after changes
	// that were killed. The zero Key stands for none.
	known  map[string][]awsfake.Key
	killed int // without an acknowledgement
	acked  int
}

// Nothing that was acknowledged is lost or mixed up by a SIGKILL, and the next
// run needs no repair.
func TestKills(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	k := &killer{world: newWorld(t), random: rand.New(rand.NewPCG(seed, 0)), profiles: []string{"p0", "p1", "p2"}, known: map[string][]awsfake.Key{}}
	var sections []string
	for _, p := range k.profiles {
		sections = append(sections, k.roleConfigOf("role-"+p, p, false))
	}
	k.config(strings.Join(sections, ""))
	k.useVault()
	for _, p := range k.profiles {
		k.known[p] = []awsfake.Key{{}}
	}
	for i := range kills() {
		profile := k.profiles[k.random.IntN(len(k.profiles))]
		switch k.random.IntN(6) {
		case 0:
			k.remove(profile)
		case 1:
			k.login(profile)
		default:
			k.put(profile)
		}
		k.check(profile)
		if i%20 == 19 {
			for _, p := range k.profiles {
				k.check(p)
				k.checkSession(p)
			}
		}
		if t.Failed() {
			t.Fatalf("at change %d", i)
		}
	}
	t.Logf("%d killed, %d acknowledged", k.killed, k.acked)
	if k.killed == 0 || k.acked == 0 {
		t.Error("the test shows nothing")
	}
}

func (k *killer) put(profile string) {
	key := k.ann.AddKey("", "")
	if k.change(keyText(key), "add", profile, "--stdin", "--no-verify", "--force").code == 0 {
		k.known[profile] = nil
	}
	k.known[profile] = append(k.known[profile], key)
}

func (k *killer) remove(profile string) {
	r := k.change("", "remove", profile, "--force")
	switch {
	case r.code == 0:
		k.known[profile] = nil
	case gone(r) && !k.mayBe(profile, awsfake.Key{}):
		k.t.Errorf("%s had a key, and there was nothing to remove", profile)
	}
	k.known[profile] = append(k.known[profile], awsfake.Key{})
}

// login makes a new session of the role above a key.
func (k *killer) login(profile string) {
	r := k.change("", "login", "role-"+profile, "--force")
	if gone(r) && !k.mayBe(profile, awsfake.Key{}) {
		k.t.Errorf("%s had a key, and its role has no source", profile)
	}
}

// gone says whether fob found no key: the profile is unknown.
func gone(r result) bool {
	return r.code == 4
}

// change runs fob and kills it at a random moment, or never.
func (k *killer) change(stdin string, args ...string) result {
	k.t.Helper()
	p := k.begin(stdin, fobBinary, args...)
	if k.random.IntN(4) > 0 {
		time.Sleep(time.Duration(k.random.Int64N(int64(killWindow))))
		p.kill()
	}
	r := p.wait()
	switch {
	case r.code == 0:
		k.acked++
	case r.code == -1:
		k.killed++
	case !gone(r):
		k.t.Errorf("%v", r)
	}
	return r
}

func (k *killer) mayBe(profile string, key awsfake.Key) bool {
	return slices.Contains(k.known[profile], key)
}

// check reads a key: it is one of those that it may be, and from now on that one.
func (k *killer) check(profile string) {
	k.t.Helper()
	r := k.fob("process", "-p", profile)
	var key awsfake.Key
	switch {
	case r.code == 0:
		a := r.answer(k.t)
		key = awsfake.Key{ID: a.AccessKeyID, Secret: a.SecretAccessKey}
	case !gone(r):
		k.t.Errorf("needs repair: %v", r)
	}
	if !k.mayBe(profile, key) {
		k.t.Errorf("%s has key %q, which is none of the %d that it may be", profile, key.ID, len(k.known[profile]))
	}
	k.known[profile] = []awsfake.Key{key}
}

// checkSession gets a session, kept or new: it is whole and of the right role.
func (k *killer) checkSession(profile string) {
	k.t.Helper()
	if k.mayBe(profile, awsfake.Key{}) {
		return
	}
	a := k.fob("process", "-p", "role-"+profile).answer(k.t)
	for _, s := range k.srv.Sessions() {
		if s.Key == (awsfake.Key{ID: a.AccessKeyID, Secret: a.SecretAccessKey}) && s.Token == a.SessionToken {
			if !strings.Contains(s.ARN, "/role-"+profile+"/") {
				k.t.Errorf("the session of role-%s is of %s", profile, s.ARN)
			}
			return
		}
	}
	k.t.Errorf("the session of role-%s is none that AWS gave out", profile)
}
