package awsfake

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

func (s *Server) controlSSO(q url.Values) (any, error) {
	var changes []func(*SSOBehaviour)
	for k := range q {
		change, err := ssoChange(k, q.Get(k))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k, err)
		}
		changes = append(changes, change)
	}
	s.Behave(func(b *Behaviour) {
		for _, change := range changes {
			change(&b.SSO)
		}
	})
	return struct{}{}, nil
}

func ssoChange(name, value string) (func(*SSOBehaviour), error) {
	switch name {
	case "person":
		who := Person(value)
		if value == "approve" {
			who = Approves
		}
		if who != Approves && who != Denies && who != Waits {
			return nil, fmt.Errorf("%q is not approve, deny or wait", value)
		}
		return func(b *SSOBehaviour) { b.Person = who }, nil
	case "norefresh":
		no, err := strconv.ParseBool(value)
		return func(b *SSOBehaviour) { b.NoRefresh = no }, err
	}
	field := map[string]func(*SSOBehaviour) *time.Duration{
		"token":    func(b *SSOBehaviour) *time.Duration { return &b.Token },
		"signin":   func(b *SSOBehaviour) *time.Duration { return &b.SignIn },
		"client":   func(b *SSOBehaviour) *time.Duration { return &b.Client },
		"request":  func(b *SSOBehaviour) *time.Duration { return &b.Request },
		"interval": func(b *SSOBehaviour) *time.Duration { return &b.Interval },
	}[name]
	if field == nil {
		return nil, fmt.Errorf("unknown parameter")
	}
	d, err := time.ParseDuration(value)
	return func(b *SSOBehaviour) { *field(b) = d }, err
}

func (s *Server) controlDecide(q url.Values) (any, error) {
	yes := true
	if q.Has("approve") {
		var err error
		if yes, err = strconv.ParseBool(q.Get("approve")); err != nil {
			return nil, fmt.Errorf("read approve: %w", err)
		}
	}
	return struct{}{}, s.Decide(q.Get("id"), yes)
}
