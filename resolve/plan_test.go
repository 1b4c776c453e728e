package resolve

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"fob/internal/awsfile"
	"fob/internal/keycsv"
)

// planCase is one row: what the user has, what is asked for, what fob plans.
type planCase struct {
	name        string
	config      string
	credentials string
	env         map[string]string
	kept        map[string]StoredKey // keys in the keychain, by profile
	csv         string
	policies    map[string]string // files of inline policies
	self        string            // a credential_process that is fob for profile p
	req         Request

	want string   // the plan as one line, see show; "" when it fails
	fail string   // parts of "TYPE: message | fix", separated by " … "
	warn []string // one part of each warning, no more and no fewer
}

const home = "/h/.aws/"

// today is when all plans are made.
var today = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func (c planCase) planner(t testing.TB) *Planner {
	t.Helper()
	pl, err := c.makePlanner()
	if err != nil {
		t.Fatal(err)
	}
	return pl
}

func (c planCase) makePlanner() (*Planner, error) {
	env := map[string]string{"HOME": "/h"}
	maps.Copy(env, c.env)
	getenv := func(k string) string { return env[k] }
	paths, err := awsfile.Locate(getenv, "linux")
	if err != nil {
		return nil, err
	}
	files, err := awsfile.Read(paths, func(name string) ([]byte, error) {
		switch {
		case name == home+"config" && c.config != "":
			return []byte(c.config), nil
		case name == home+"credentials" && c.credentials != "":
			return []byte(c.credentials), nil
		}
		return nil, fs.ErrNotExist
	})
	if err != nil {
		return nil, err
	}
	return &Planner{
		Files:       files,
		Getenv:      getenv,
		SessionName: func() string { return "fob-ann" },
		Now:         func() time.Time { return today },
		Stored: func(p string) (StoredKey, bool, error) {
			k, ok := c.kept[p]
			return k, ok, nil
		},
		ReadFile: func(path string) ([]byte, error) {
			if text, ok := c.policies[path]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		},
		CSV: func(path, user string) (keycsv.Key, error) {
			keys, err := keycsv.Parse(strings.NewReader(c.csv))
			if err != nil {
				return keycsv.Key{}, err
			}
			return keys[0], nil
		},
		ProcessIsSelf: func(command, profile string) bool { return command == c.self && profile == "p" },
	}, nil
}

func runPlans(t *testing.T, cases []planCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := c.req
			if reflect.ValueOf(req).IsZero() {
				req.Profile = "p"
			}
			if req.Profile == "-" { // nobody names one
				req.Profile = ""
			}
			plan, err := c.planner(t).Plan(req)
			c.checkWired(t, req, plan, err)
			if err != nil {
				c.checkFailure(t, err)
				return
			}
			if got := show(plan); got != c.want {
				t.Errorf("plan:\n got %s\nwant %s (failure %q)", got, c.want, c.fail)
			}
			if !strings.HasPrefix(plan.Chosen, "--csv") && plan.Service.Region == "" {
				t.Error("a finished plan has no region")
			}
			warnings := make([]string, len(plan.Warnings))
			for i, w := range plan.Warnings {
				warnings[i] = strings.ReplaceAll(w, home, "")
			}
			compareWarnings(t, warnings, c.warn)
		})
	}
}

func (c planCase) checkFailure(t *testing.T, err error) {
	t.Helper()
	if c.fail == "" {
		t.Fatalf("got %T: %v\nwant %s", err, err, c.want)
	}
	text := fmt.Sprintf("%T: %v", err, err)
	var conf *ConfigError
	if errors.As(err, &conf) {
		text += " | " + conf.Fix
		if conf.At.String() == "" {
			t.Errorf("%v: says no place", err)
		}
	}
	text = strings.NewReplacer(home, "", "*resolve.", "").Replace(text)
	rest := text
	for part := range strings.SplitSeq(c.fail, " … ") {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Errorf("failure:\n got %s\nwant %s", text, c.fail)
			return
		}
		rest = after
	}
}

// show is a plan as one line: its steps with every parameter that matters.
func show(p *Plan) string {
	var steps []string
	for _, s := range p.Steps {
		steps = append(steps, showStep(s))
	}
	return strings.Join(steps, " > ")
}

var short = strings.NewReplacer("arn:aws:iam::123456789012:", "")

func showStep(s Step) string {
	switch s := s.(type) {
	case KeyStep:
		return "kept " + s.AccessKeyID
	case StaticStep:
		t := "key " + s.AccessKeyID
		if !s.Token.Empty() {
			t = "session " + s.AccessKeyID + "/" + s.Token.Reveal()
		}
		if !s.Expires.IsZero() {
			t += " until " + s.Expires.Format(time.RFC3339)
		}
		return t
	case MFAStep:
		t := "mfa " + short.Replace(s.Serial) + " " + duration(s.Duration)
		if s.Process != "" {
			t += " process=" + s.Process
		}
		return t
	case RoleStep:
		t := short.Replace(s.ARN)
		if s.SessionName != "fob-ann" {
			t += " name=" + s.SessionName
		}
		if s.ExternalID != "" {
			t += " external=" + s.ExternalID
		}
		if s.Duration != 0 {
			t += " " + duration(s.Duration)
		}
		t += short.Replace(s.Session.String())
		if s.Serial != "" {
			t += " code=" + short.Replace(s.Serial)
		}
		if s.Process != "" {
			t += " process=" + s.Process
		}
		return t
	}
	return s.String()
}

// The pieces that the tables are made of.
const (
	pair   = "aws_access_key_id = AKIAP\naws_secret_access_key = secP\n"
	pairB  = "aws_access_key_id = AKIAB\naws_secret_access_key = secB\n"
	annMFA = "mfa_serial = arn:aws:iam::123456789012:mfa/ann\n"
	arnA   = "role_arn = arn:aws:iam::123456789012:role/A\n"
	arnB   = "role_arn = arn:aws:iam::123456789012:role/B\n"
	fromB  = "source_profile = b\n"
	inEast = "region = us-east-1\n"
	oddMFA = "aws_mfa_serial = arn:aws:iam::123456789012:mfa/ann\n"
)

var envKeys = map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "secENV"}

// with is the environment's keys and more variables.
func with(more ...string) map[string]string { return vars(envKeys, more...) }

// env is an environment, NAME and value in turn.
func env(more ...string) map[string]string { return vars(nil, more...) }

func vars(base map[string]string, more ...string) map[string]string {
	m := maps.Clone(base)
	if m == nil {
		m = map[string]string{}
	}
	for i := 0; i < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

var nobody = Request{Profile: "-"}
