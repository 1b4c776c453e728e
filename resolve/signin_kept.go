package resolve

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"fob/internal/secret"
)

// What is kept of a sign-in in the Cache, each under a key of its own and with an
// end of its own: the access token, and what renews it, which lives for months.
const (
	keptToken   = "token"
	keptRenewal = "renewal"
)

// keptKey names what is kept of a sign-in, or a lock of it. It is the same for
// all profiles that share the sign-in.
func (s SSOStep) keptKey(what string) Key {
	w := &keyWriter{sha256.New()}
	w.add("fob", "1")
	w.add("sso sign-in", what)
	w.add("sso session", s.Session)
	w.add("sso start url", s.StartURL)
	w.add("sso region", s.Service.Region)
	w.add("sso oidc", s.OIDC)
	return Key(w.h.Sum(nil))
}

// SignInKeys are the cache keys of the sign-in that fob keeps for this step and
// for all profiles that share it.
func (s SSOStep) SignInKeys() []Key {
	return []Key{s.keptKey(keptToken), s.keptKey(keptRenewal)}
}

// sealed is the sign-in that fob keeps: the access token while it lives and AWS
// has not refused it, else what renews it. The zero token stands for none.
func (s SSOStep) sealed(ctx context.Context, w *walk, refused secret.Text) (ssoToken, error) {
	access, err := s.open(ctx, w, keptToken)
	if err != nil || access.serves(w.now(), refused) {
		return access, err
	}
	t, err := s.open(ctx, w, keptRenewal)
	t.access, t.issued, t.expires, t.sealed = access.access, access.issued, access.expires, true
	return t, err
}

// open reads a part of the kept sign-in. One that has ended keeps its times and
// is not opened; one that does not open is as good as none.
func (s SSOStep) open(ctx context.Context, w *walk, part string) (ssoToken, error) {
	if w.Cache == nil {
		return ssoToken{}, nil
	}
	key := s.keptKey(part)
	issued, ends, ok := w.Cache.Peek(key)
	if !ok || !ends.After(w.now()) {
		return ssoToken{issued: issued, expires: ends}, nil
	}
	plain, ok, err := w.Cache.Load(ctx, key)
	if err != nil || !ok {
		return ssoToken{}, err
	}
	f, err := readFields(plain)
	if err == nil {
		var t ssoToken
		if t, err = f.ssoToken(); err == nil {
			t.sealed, t.issued = true, issued
			return t, nil
		}
	}
	w.warn("the kept SSO sign-in is damaged and is not used: %v", err)
	return ssoToken{}, nil
}

// keep replaces the kept sign-in. What renews it goes first: a refresh token is
// good once, an access token can be made again.
func (s SSOStep) keep(ctx context.Context, w *walk, t ssoToken) error {
	if err := s.keepRenewal(ctx, w, t); err != nil {
		return err
	}
	return s.seal(ctx, w, keptToken, map[string]string{"accessToken": t.access.Reveal(), "expiresAt": stamp(t.expires)}, t.issued, t.expires)
}

// keepRenewal replaces what renews the sign-in; it ends what is there when the
// new sign-in cannot be renewed.
func (s SSOStep) keepRenewal(ctx context.Context, w *walk, t ssoToken) error {
	if !t.refresh.Empty() {
		return s.seal(ctx, w, keptRenewal, map[string]string{
			"refreshToken": t.refresh.Reveal(), "clientId": t.clientID, "clientSecret": t.clientSecret.Reveal(),
			"registrationExpiresAt": stamp(t.registrationEnds),
		}, t.issued, t.registrationEnds)
	}
	if _, _, ok := w.Cache.Peek(s.keptKey(keptRenewal)); !ok {
		return nil
	}
	return s.seal(ctx, w, keptRenewal, nil, t.issued, t.issued)
}

// drop ends a kept sign-in that AWS does not take any more, so that nobody sends
// it again.
func (s SSOStep) drop(ctx context.Context, w *walk) {
	now := w.now()
	for _, part := range []string{keptRenewal, keptToken} {
		if err := s.seal(ctx, w, part, nil, now, now); err != nil {
			w.warn("the ended SSO sign-in could not be forgotten: %v", err)
		}
	}
}

func (s SSOStep) seal(ctx context.Context, w *walk, part string, values map[string]string, issued, ends time.Time) error {
	plain, err := json.Marshal(values)
	if err != nil {
		return err
	}
	return w.Cache.Save(ctx, s.keptKey(part), plain, issued, ends)
}

// SignInState is what is known of a sign-in without opening it.
type SignInState struct {
	Until     time.Time // end of the access token, maybe past; zero when there is no sign-in
	Renewable time.Time // until when fob may renew it, as far as fob knows; zero when it cannot
	Own       bool      // fob keeps it; else `aws sso login` left it
}

// Signed says whether a person is needed before the sign-in serves again.
func (s SignInState) Signed(now time.Time) bool {
	return s.Until.Sub(now) > lastMinute || s.Renewable.After(now)
}

// SignInState looks at the sign-in that a step would use. It reads files only.
func (r *Resolver) SignInState(s SSOStep) SignInState {
	own, now := r.ownSignIn(s), r.now()
	if own.Until.Sub(now) > lastMinute {
		return own
	}
	theirs := r.leftSignIn(s)
	newer := theirs.Until.After(own.Until)
	switch {
	case theirs.Until.Sub(now) > lastMinute:
		return theirs
	case !own.Renewable.IsZero() && (theirs.Renewable.IsZero() || !newer):
		return own
	case !theirs.Renewable.IsZero() || newer:
		return theirs
	}
	return own
}

func (r *Resolver) ownSignIn(s SSOStep) SignInState {
	state := SignInState{Own: true}
	if r.Cache == nil {
		return state
	}
	_, state.Until, _ = r.Cache.Peek(s.keptKey(keptToken))
	if _, ends, ok := r.Cache.Peek(s.keptKey(keptRenewal)); ok && ends.After(r.now()) {
		state.Renewable = ends
	}
	return state
}

func (r *Resolver) leftSignIn(s SSOStep) (state SignInState) {
	t, err := loadSSOToken(s.TokenFile)
	if err != nil {
		return state
	}
	state.Until = t.expires
	if t.refreshable(r.now()) {
		state.Renewable = t.registrationEnds
	}
	return state
}
