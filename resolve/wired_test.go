package resolve

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"fob/internal/awsedit"
)

func wiredLine(profile string) string { return "fob process -p " + profile }

// wired is the case with every profile of its files wired, as `fob wire` does it.
func (c planCase) wired(t *testing.T) planCase {
	t.Helper()
	pl := c.planner(t)
	files := pl.Files
	var config, credentials []awsedit.Edit
	for _, name := range files.Names() {
		section, err := files.Profile(name)
		if _, fails := pl.Plan(Request{Profile: name}); fails != nil || err != nil {
			continue // fob wire leaves it as it is
		}
		own := func(command string) bool { return c.isSelf(command, name) }
		did, err := awsedit.Wire{Section: section, Paths: files.Paths(), Own: own}.Do(wiredLine(name), nil)
		var double *awsedit.DoubleError
		if errors.As(err, &double) {
			continue
		}
		config = append(config, did.Config)
		if !did.Credentials.IsZero() {
			credentials = append(credentials, did.Credentials)
		}
	}
	edit := func(text string, place awsedit.Place, edits []awsedit.Edit) string {
		d, err := awsedit.New("file", []byte(text), place, edits...)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return string(d.Bytes())
	}
	c.config = edit(c.config, awsedit.Config, config)
	c.credentials = edit(c.credentials, awsedit.Credentials, credentials)
	return c
}

func (c planCase) isSelf(command, profile string) bool {
	return command == c.self && profile == "p" || command == wiredLine(profile)
}

// checkWired: whatever a profile is, fob plans the same for it when it is wired, at
// the lines where its keys are now.
func (c planCase) checkWired(t *testing.T, req Request, plan *Plan, err error) {
	t.Helper()
	if c.env["AWS_CONFIG_FILE"]+c.env["AWS_SHARED_CREDENTIALS_FILE"] != "" {
		return
	}
	w := c.wired(t)
	pl := w.planner(t)
	pl.ProcessIsSelf = c.isSelf
	got, werr := pl.Plan(req)
	switch {
	case (err == nil) != (werr == nil):
		t.Errorf("wired it is %v, else %v\n%s", werr, err, w.config)
	case err == nil && show(got) != show(plan):
		t.Errorf("wired it is %s\n%s", show(got), w.config)
	case err == nil && (!reflect.DeepEqual(got.Service, plan.Service) || got.ProfileRegion != plan.ProfileRegion):
		t.Errorf("wired it is called in %+v, else in %+v", got.Service, plan.Service)
	}
}

// A key that is there by both names counts by its own, as for SDKs, and is told.
func TestPlanWired(t *testing.T) {
	runPlans(t, []planCase{
		{name: "put aside", config: inP + inEast + "fob_role_arn = arn:aws:iam::123456789012:role/A\nfob_source_profile = b\n" + inB + pairB, want: "key AKIAB > role/A"},
		{name: "both names", config: inP + inEast + arnA + "fob_role_arn = arn:aws:iam::123456789012:role/X\n" + fromB + inB + pairB, want: "key AKIAB > role/A", warn: []string{"role_arn counts"}},
		{name: "an empty one is none", config: inP + inEast + "role_arn =\nfob_role_arn = arn:aws:iam::123456789012:role/A\n" + fromB + inB + pairB, want: "key AKIAB > role/A"},
		{name: "in the other file", config: inP + inEast + "fob_role_arn = arn:aws:iam::123456789012:role/A\n", credentials: "[p]\nfob_source_profile = b\n[b]\n" + pairB, want: "key AKIAB > role/A"},
		{name: "another program", config: inP + "fob_credential_process = other\ncredential_process = me\n", self: "me", want: "credential_process other"},
		{name: "two lines that are fob", config: inP + "fob_credential_process = me\ncredential_process = me\n", self: "me", fail: "ConfigError: config line 3: … a loop"},
		{name: "session tags are no key that was put aside", config: inP + inEast + arnA + fromB + "fob_session_tags = A=b\n" + inB + pairB, want: "key AKIAB > role/A, tags A=b"},
	})
}

func TestWiredOriginIsTheLineThatIsThere(t *testing.T) {
	c := planCase{config: inP + inEast + "fob_role_arn = arn:aws:iam::123456789012:role/A\nfob_source_profile = gone\n"}
	_, err := c.planner(t).Plan(Request{Profile: "p"})
	var missing *MissingProfileError
	if !errors.As(err, &missing) || missing.At != (Origin{File: home + "config", Line: 4}) || !strings.Contains(err.Error(), "gone") {
		t.Errorf("got %v", err)
	}
}
