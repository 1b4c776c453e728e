package resolve

import (
	"strings"
	"testing"
	"time"

	"fob/internal/secret"
)

func TestForConsole(t *testing.T) {
	key, mfa, role := KeyStep{Profile: "k"}, MFAStep{Serial: "s"}, RoleStep{ARN: "r"}
	session := StaticStep{AccessKeyID: "ASIA", Token: secret.New("token")}
	for _, tt := range []struct {
		steps  []Step
		length time.Duration
		want   string
		way    ConsoleWay
		takes  bool
	}{
		{[]Step{key}, 0, "key", ByFederation, true},
		{[]Step{key, mfa}, time.Hour, "key", ByFederation, true},
		{[]Step{StaticStep{}}, 0, "static", ByFederation, true},
		{[]Step{session}, 0, "static", ByIdentity, true},
		{[]Step{ProcessStep{}}, 0, "process", ByIdentity, true},
		{[]Step{LoginStep{}}, 0, "login", ByIdentity, true},
		{[]Step{key, role}, time.Hour, "key role", ByRole, true},
		{[]Step{key, mfa, role}, 0, "key mfa role", ByRole, false},
		{[]Step{key, mfa, role}, time.Hour, "key role+code", ByRole, true},
		{[]Step{key, mfa, role, role}, time.Hour, "key mfa role role", ByRole, false},
		{[]Step{key, role, role}, time.Hour, "key role role", ByRole, false},
		{[]Step{session, role}, time.Hour, "static role", ByRole, false},
		{[]Step{SSOStep{}}, time.Hour, "sso", ByRole, true},
		{[]Step{SSOStep{}, role}, time.Hour, "sso role", ByRole, false},
		{[]Step{WebIdentityStep{}}, time.Hour, "web", ByRole, true},
		{[]Step{IMDSStep{}}, time.Hour, "imds", ByRole, true},
	} {
		p := &Plan{Steps: tt.steps}
		before := kinds(p)
		got, way, takes := p.ForConsole(tt.length)
		if kinds(got) != tt.want || way != tt.way || takes != tt.takes {
			t.Errorf("%s for %s: got %s, %d, %t", before, tt.length, kinds(got), way, takes)
		}
		if kinds(p) != before {
			t.Errorf("%s became %s", before, kinds(p))
		}
	}
}

// kinds are the steps of a plan in a word each.
func kinds(p *Plan) string {
	var all []string
	for _, s := range p.Steps {
		name := "?"
		switch s := s.(type) {
		case KeyStep:
			name = "key"
		case StaticStep:
			name = "static"
		case MFAStep:
			name = "mfa"
		case RoleStep:
			if name = "role"; s.Serial != "" {
				name = "role+code"
			}
		case SSOStep:
			name = "sso"
		case WebIdentityStep:
			name = "web"
		case IMDSStep:
			name = "imds"
		case ProcessStep:
			name = "process"
		case LoginStep:
			name = "login"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestFederationName(t *testing.T) {
	pl := &Planner{SessionName: func() string { return "fob-" + strings.Repeat("a", 60) }}
	f, err := pl.Federation("", nil, 0)
	if err != nil || len(f.Name) != maxFederatedName || f.Session.Policy != AllowAll || f.Duration != DefaultSessionDuration {
		t.Errorf("%+v, %v", f, err)
	}
}
