package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"fob/internal/display"
	"fob/resolve"
)

// importWorkers is how many keys are checked with AWS at a time.
const importWorkers = 16

// verdict is what AWS says of a key.
type verdict struct {
	who resolve.Identity
	err error
}

// verifyJob is a key to check. Its answer has room for one verdict.
type verifyJob struct {
	key     *foundKey
	service resolve.Service
	answer  chan verdict
}

// verify asks AWS whose keys they are, several at a time, in the background. There
// is an answer for each key.
func (c *importCmd) verify(ctx context.Context, a *app, found []*foundKey) ([]<-chan verdict, error) {
	pl, err := a.planner()
	if err != nil {
		return nil, err
	}
	answers := make([]<-chan verdict, len(found))
	jobs := make(chan verifyJob, len(found))
	for i, k := range found {
		j := verifyJob{key: k, answer: make(chan verdict, 1)}
		answers[i] = j.answer
		if c.NoVerify {
			j.answer <- verdict{}
			continue
		}
		if j.service, err = pl.ServiceFor(resolve.Request{Profile: k.name, Region: a.g.Region}); err != nil {
			j.answer <- verdict{err: err}
			continue
		}
		jobs <- j
	}
	close(jobs)
	v := &verifier{resolver: resolve.Resolver{Now: a.sys.Now, HTTP: a.httpClient}, unreachable: map[resolve.Service]error{}}
	for range min(importWorkers, len(jobs)) {
		go func() {
			for j := range jobs {
				j.answer <- v.ask(ctx, j)
			}
		}()
	}
	return answers, nil
}

// verifier checks keys. It does not go on asking an AWS that cannot be reached.
type verifier struct {
	resolver    resolve.Resolver
	mu          sync.Mutex // guards unreachable
	unreachable map[resolve.Service]error
}

func (v *verifier) ask(ctx context.Context, j verifyJob) verdict {
	v.mu.Lock()
	err := v.unreachable[j.service]
	v.mu.Unlock()
	if err != nil {
		return verdict{err: err}
	}
	who, err := v.resolver.WhoAmI(ctx, j.service, resolve.Credentials{AccessKeyID: j.key.key.AccessKeyID, Secret: j.key.key.Secret})
	var aws *resolve.AWSError
	if errors.As(err, &aws) && aws.Cause == resolve.Unreachable {
		v.mu.Lock()
		v.unreachable[j.service] = err
		v.mu.Unlock()
	}
	return verdict{who, err}
}

// judge is add's rule: a key that AWS refuses is not taken; when AWS cannot be
// reached, it is taken unchecked, with a warning.
func (k *foundKey) judge(a *app, v verdict) {
	k.who = v.who
	var aws *resolve.AWSError
	switch {
	case v.err == nil:
	case !errors.As(v.err, &aws):
		k.failed = &failure{code: exitFailure, what: fmt.Sprintf("the key of %q cannot be checked", k.name), why: v.err.Error(), next: "fob import " + word(k.name) + " --no-verify", err: v.err}
		var advised *failure
		if errors.As(a.advise(v.err), &advised) {
			k.failed.code = advised.code
		}
	case aws.Cause == resolve.BadKey || aws.Cause == resolve.Expired:
		k.failed = &failure{code: exitAWS, what: fmt.Sprintf("AWS refuses the key of %q", k.name), why: aws.Error(),
			next: "take it out by hand; fob import " + word(k.name) + " --no-verify stores it all the same", err: v.err}
	default:
		a.p.warn(fmt.Sprintf("the key of %s could not be checked: %s", display.Text(k.name), aws))
	}
}
