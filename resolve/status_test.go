package resolve

import (
	"fmt"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// What Next says beforehand is what Resolve does.
func TestNextTellsResolve(t *testing.T) {
	for _, machine := range []bool{false, true} {
		for _, first := range []string{"ann", "ops", "long"} {
			for _, then := range []string{"ann", "ops", "long"} {
				t.Run(fmt.Sprintf("%s then %s, machine %v", first, then, machine), func(t *testing.T) {
					inWorld(t, func(t *testing.T, w *world) {
						w.addRole(awsfake.Role{ARN: roleARN("Long"), RequireMFA: true, MaxSession: 12 * time.Hour})
						w.config += role("long", "Long", "ann", "duration_seconds = 43200")
						w.machine = machine
						w.must(first)
						for range 40 {
							time.Sleep(23*time.Minute + 31*time.Second)
							w.log()
							w.asked = nil
							plan := w.plan(then)
							r := w.resolver()
							step, person := r.Next(plan)
							if _, err := r.Resolve(t.Context(), plan); err != nil {
								t.Fatal(err)
							}
							asks := len(w.asked) > 0 && !machine
							calls := len(w.aws.Calls())
							if person != asks || (step == len(plan.Steps)) != (calls == 0) {
								t.Fatalf("at %s: Next says step %d, person %v; Resolve asked %v and made %d calls", time.Now().Format("15:04:05"), step, person, asks, calls)
							}
							if kept := r.Status(plan)[len(plan.Steps)-1]; !kept.Kept || !kept.Keeps {
								t.Errorf("afterwards: %+v", kept)
							}
						}
					})
				})
			}
		}
	}
}

// logout forgets everything that a plan may have left, on either way.
func TestKeysOfPlan(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fail(awsfake.Fault{Kind: awsfake.Denied, Action: "GetSessionToken"})
		w.must("ops")
		time.Sleep(time.Minute)
		w.must("ann")
		for _, k := range w.plan("ops").Keys() {
			delete(w.cache.entries, k)
		}
		if n := len(w.cache.entries); n != 0 {
			t.Errorf("%d results are still kept", n)
		}
	})
}
