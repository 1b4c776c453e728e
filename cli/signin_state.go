package cli

import (
	"context"
	"fmt"
	"time"

	"fob/keychain"
	"fob/resolve"
)

// signInView is the state of a sign-in to IAM Identity Center, as JSON has it.
type signInView struct {
	Name      string     `json:"name"` // of the sso-session, or the start URL
	Signed    bool       `json:"signed_in"`
	Until     *time.Time `json:"until,omitempty"`     // end of the token, maybe past
	Renewable *time.Time `json:"renewable,omitempty"` // until when fob may renew it by itself
	KeptBy    string     `json:"kept_by,omitempty"`   // "fob" or "aws"
}

// viewSignIn is nil for a plan that does not begin with IAM Identity Center.
func (a *app) viewSignIn(plan *resolve.Plan, r *resolve.Resolver) *signInView {
	step, ok := ssoBase(plan)
	if !ok {
		return nil
	}
	state := r.SignInState(step)
	v := &signInView{Name: step.Session, Signed: state.Signed(a.sys.Now())}
	if v.Name == "" {
		v.Name = step.StartURL
	}
	if !state.Until.IsZero() {
		v.Until, v.KeptBy = &state.Until, "aws"
		if state.Own {
			v.KeptBy = "fob"
		}
	}
	if !state.Renewable.IsZero() {
		v.Renewable = &state.Renewable
	}
	return v
}

// text is the state in words.
func (v *signInView) text(now time.Time) string {
	switch {
	case !v.Signed:
		return "not signed in"
	case v.Until == nil || !v.Until.After(now):
		return "signed in, renewed at the next use"
	}
	s := "signed in until " + v.Until.UTC().Format("2006-01-02 15:04 MST")
	if v.Renewable != nil {
		s += ", renewed without you"
	}
	return s
}

// brief is text for a column.
func (v *signInView) brief(now time.Time) string {
	if v.Signed && v.Until != nil && v.Until.After(now) {
		return "signed in (" + short(v.Until.Sub(now)) + ")"
	}
	if v.Signed {
		return "signed in"
	}
	return "not signed in"
}

// logoutLimit ends what logging out asks AWS.
const logoutLimit = 20 * time.Second

// signOut ends sign-ins at AWS, as far as that works: nobody is asked to unlock
// anything for it, and what is kept here is forgotten whatever AWS says.
func (a *app) signOut(ctx context.Context, plans ...*resolve.Plan) error {
	asking := a.g.NoInput
	a.g.NoInput = true
	defer func() { a.g.NoInput = asking }()
	ctx, cancel := context.WithTimeout(ctx, logoutLimit)
	defer cancel()
	r, err := a.resolver()
	if err != nil {
		return err
	}
	done := map[resolve.Key]bool{}
	for _, plan := range plans {
		step, ok := ssoBase(plan)
		if !ok || done[step.SignInKeys()[0]] {
			continue
		}
		done[step.SignInKeys()[0]] = true
		if err := r.SignOut(ctx, step); err != nil {
			a.p.warn(fmt.Sprintf("the sign-in is forgotten here, and goes on at AWS until it ends: %v", err))
		}
	}
	return nil
}

// forgetSignIn removes the kept sign-in of a plan and says whether there was one.
func forgetSignIn(s *keychain.Sessions, plan *resolve.Plan) (bool, error) {
	step, ok := ssoBase(plan)
	if !ok {
		return false, nil
	}
	found := false
	for _, k := range step.SignInKeys() {
		if _, _, ok := s.Peek(keychain.CacheKey(k)); ok {
			found = true
		}
		if err := s.Remove(keychain.CacheKey(k)); err != nil {
			return found, err
		}
	}
	return found, nil
}
