package cli

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"fob/internal/display"
	"fob/resolve"
	"fob/shell"
)

// The variables that fob use sets beside those of AWS: for the prompt, the hook
// and fob itself.
const (
	varProfile   = "FOB_PROFILE"   // the profile in use
	varUntil     = "FOB_EXPIRES"   // Unix seconds, past ones after the end; not set when there is none
	varPrevious  = "FOB_PREVIOUS"  // the profile before
	varProtected = "FOB_PROTECTED" // 1 for a profile with fob_protect
	varState     = "FOB_STATE"     // see useState
)

// useVariables say which profile the shell's credentials are of. Other credentials
// make them wrong. FOB_PREVIOUS stays true.
var useVariables = []string{varProfile, varUntil, varProtected, varState}

// useState is what renewing needs to know of the use before. It travels in the
// shell, as base64 of JSON, which every shell takes.
type useState struct {
	// KeyID is the access key id that fob set. Another one was set by hand.
	KeyID string `json:"key"`
	// Region is the region that fob set because the profile or the command line
	// says so. It must not decide where the next profile has none.
	Region string `json:"region,omitempty"`
	// Role and MFASerial are the flags of the use.
	Role      roleFlags `json:"role,omitzero"`
	MFASerial string    `json:"mfa_serial,omitempty"`
}

func (s useState) String() string {
	raw, err := json.Marshal(s)
	if err != nil {
		return "" // strings and numbers always work
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// useState reads the state of this shell; the zero value when there is none.
func (a *app) useState() useState {
	var s useState
	raw, err := base64.RawURLEncoding.DecodeString(a.env(varState))
	if err != nil || json.Unmarshal(raw, &s) != nil {
		return useState{}
	}
	return s
}

// hideOwnRegion keeps the region that fob exported for the profile before from
// deciding for the next one: its account may be in another partition.
func (a *app) hideOwnRegion() {
	own, getenv := a.useState().Region, a.sys.Getenv
	if own == "" {
		return
	}
	a.sys.Getenv = func(name string) string {
		value := getenv(name)
		if (name == varRegion || name == varRegion2) && value == own {
			return ""
		}
		return value
	}
}

// useVars are the variables after a use: those of fob env, and fob's own.
func (a *app) useVars(plan *resolve.Plan, c resolve.Credentials, role roleFlags) []shell.Var {
	state := a.stateAfter(plan, c, role)
	vars := append(awsVars(plan, c), optional(varProtected, flag(a.protected(plan.Profile))),
		shell.Var{Name: varProfile, Value: plan.Profile}, untilVar(c), shell.Var{Name: varState, Value: state.String()})
	if previous := a.previous(plan.Profile); previous != "" || a.sys.Getenv(varPrevious) == plan.Profile {
		vars = append(vars, optional(varPrevious, previous))
	}
	return unsetFirst(vars)
}

// stateAfter is the state of a shell that gets these credentials.
func (a *app) stateAfter(plan *resolve.Plan, c resolve.Credentials, role roleFlags) useState {
	state := useState{KeyID: c.AccessKeyID, Role: role, MFASerial: a.g.MFASerial}
	if plan.ProfileRegion != "" || a.g.Region != "" {
		state.Region = exportedRegion(plan)
	}
	return state
}

// previous is the profile that a use of next comes after, "" when there is none
// or it is no other.
func (a *app) previous(next string) string {
	if now := a.sys.Getenv(varProfile); now != next && display.Text(now) == now {
		return now
	}
	return ""
}

func untilVar(c resolve.Credentials) shell.Var {
	if c.Expires.IsZero() {
		return optional(varUntil, "")
	}
	return optional(varUntil, strconv.FormatInt(c.Expires.Unix(), 10))
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// useLine tells a person what the shell has now.
func (a *app) useLine(profile string, c resolve.Credentials) string {
	now := a.sys.Now()
	line := "no end (a long-lived key)"
	if !c.Expires.IsZero() {
		until := c.Expires.In(now.Location())
		layout := "15:04"
		if until.YearDay() != now.YearDay() || until.Year() != now.Year() {
			layout = "2006-01-02 15:04"
		}
		line = fmt.Sprintf("until %s (%s left)", until.Format(layout), short(c.Left(now)))
	}
	if id := accountOf(c); id != "" {
		line += ", account " + id
	}
	return strings.TrimSpace(display.Text(profile) + ": " + line)
}
