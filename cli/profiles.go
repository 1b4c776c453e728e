package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"fob/internal/display"
	"fob/resolve"
)

type profilesCmd struct {
	Format string `enum:"table,json,names" default:"table" help:"table, json or names."`
	Strict bool   `help:"With json: read the files by the SDKs' grammar to the letter; what fob tolerates is an error."`
}

func (profilesCmd) Help() string {
	return `Lists every profile of the AWS files and the keychain. Reads files only: no
keychain is unlocked, nothing is called.

Examples:
  fob profiles
  fob profiles --format names
  fob profiles --format json --strict      for CI`
}

func (c *profilesCmd) Run(a *app) error {
	if c.Strict && c.Format != "json" {
		return &failure{code: exitUsage, what: "--strict goes with --format json", why: "the other formats show what fob tolerates", next: "fob profiles --format json --strict"}
	}
	names, err := a.profileNames()
	if err != nil {
		return err
	}
	switch c.Format {
	case "names":
		return c.names(a, names)
	case "json":
		return c.json(a, names)
	}
	return c.table(a, names)
}

// profileNames are the profiles of the files and of the keychain, sorted.
func (a *app) profileNames() ([]string, error) {
	files, err := a.awsFiles()
	if err != nil {
		return nil, err
	}
	names := files.Names()
	x, err := a.index(false)
	if err != nil {
		return nil, err
	}
	stored, err := x.All()
	if err != nil {
		return nil, err
	}
	for _, e := range stored {
		names = append(names, e.Profile)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func (c *profilesCmd) names(a *app, names []string) error {
	var b strings.Builder
	for _, n := range names {
		if display.Text(n) == n { // else it could not be typed
			b.WriteString(n + "\n")
		}
	}
	_, err := a.sys.Stdout.Write([]byte(b.String()))
	return err
}

// profileRow is what one line of the list says.
type profileRow struct {
	Profile string     `json:"profile"`
	Source  string     `json:"source,omitempty"` // kind of the first step
	KeyIn   string     `json:"key_in,omitempty"`
	Role    string     `json:"role_arn,omitempty"`
	MFA     string     `json:"mfa_serial,omitempty"`
	Region  string     `json:"region,omitempty"`
	Session string     `json:"session,omitempty"` // "kept", "none", or "" where nothing is kept
	Expires *time.Time `json:"expires,omitempty"`
	Error   string     `json:"error,omitempty"`

	Protected bool `json:"protected,omitempty"`

	SignIn *signInView `json:"sign_in,omitempty"`
}

// manyProfiles are the planner and the resolver for a look at many profiles: the
// stored keys are read once for all.
func (a *app) manyProfiles() (*resolve.Planner, *resolve.Resolver, error) {
	pl, err := a.planner()
	if err != nil {
		return nil, nil, err
	}
	if pl.Stored, err = a.storedKeys(); err != nil {
		return nil, nil, err
	}
	r, err := a.resolver()
	return pl, r, err
}

func (a *app) profileRows(names []string) ([]profileRow, error) {
	pl, r, err := a.manyProfiles()
	if err != nil {
		return nil, err
	}
	rows := make([]profileRow, len(names))
	for i, n := range names {
		plan, err := pl.Plan(resolve.Request{Profile: n, Region: a.g.Region})
		if err != nil {
			rows[i] = profileRow{Profile: n, Error: err.Error()}
			continue
		}
		rows[i] = rowOf(plan, r)
		rows[i].Protected = a.protected(n)
		rows[i].SignIn = a.viewSignIn(plan, r)
	}
	return rows, nil
}

func rowOf(plan *resolve.Plan, r *resolve.Resolver) profileRow {
	row := profileRow{Profile: plan.Profile}
	if row.Region = plan.ProfileRegion; row.Region == "" && plan.RegionFrom != (resolve.Origin{}) {
		row.Region = plan.Service.Region
	}
	for i, s := range plan.Steps {
		if i == 0 {
			row.Source, row.KeyIn = sourceOf(s)
		}
		switch s := s.(type) {
		case resolve.MFAStep:
			row.MFA = s.Serial
		case resolve.RoleStep:
			row.Role = s.ARN
			if s.Serial != "" {
				row.MFA = s.Serial
			}
		}
	}
	if last := r.Status(plan)[len(plan.Steps)-1]; last.Kept {
		row.Session, row.Expires = "kept", &last.Expires
	} else if last.Keeps {
		row.Session = "none"
	}
	return row
}

// sourceOf names the kind of a source and where its secret lies.
func sourceOf(s resolve.Step) (kind, keyIn string) {
	switch s := s.(type) {
	case resolve.KeyStep:
		return "key", "keychain"
	case resolve.StaticStep:
		kind = "key"
		if !s.Token.Empty() {
			kind = "session"
		}
		keyIn = s.At.File
		if keyIn == "" {
			keyIn = "environment"
		}
		return kind, keyIn + " (in clear)"
	}
	kind, _, _ = strings.Cut(s.String(), " ")
	return kind, ""
}

func (c *profilesCmd) table(a *app, names []string) error {
	rows, err := a.profileRows(names)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		a.p.say("There are no profiles yet. Store a key: fob add NAME")
		return nil
	}
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "PROFILE\tSOURCE\tKEY IN\tROLE / MFA\tREGION\tSESSION")
	for _, r := range rows {
		session := r.session(a.sys.Now())
		if r.Protected {
			session += ", protected"
		}
		if r.Error != "" {
			session = "cannot resolve, see below"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", display.Text(r.Profile), dash(r.Source), a.home(r.KeyIn), display.Text(r.roleAndMFA()), display.Text(dash(r.Region)), session)
	}
	_ = t.Flush()
	for _, r := range rows {
		if r.Error != "" {
			fmt.Fprintf(&b, "\n%s: %s\n", display.Text(r.Profile), display.Line(a.home(r.Error)))
		}
	}
	_, err = a.sys.Stdout.Write([]byte(b.String()))
	return err
}

// roleAndMFA is account:role/Name, mfa/name; an account that is the role's is
// not said twice.
func (r profileRow) roleAndMFA() string {
	role, mfa := tailOf(r.Role), tailOf(r.MFA)
	switch {
	case role != "" && mfa != "":
		account, _, _ := strings.Cut(role, ":")
		return role + ", " + strings.TrimPrefix(mfa, account+":")
	case role != "":
		return role
	}
	return dash(mfa)
}

// tailOf shortens an ARN to account and name: 123456789012:role/Ops.
func tailOf(arn string) string {
	f := strings.SplitN(arn, ":", 6)
	if len(f) < 6 {
		return arn
	}
	return f[4] + ":" + f[5]
}

func (r profileRow) session(now time.Time) string {
	if in := r.SignIn; in != nil {
		r.SignIn = nil
		return r.session(now) + ", " + in.brief(now)
	}
	if r.Expires != nil {
		return short(r.Expires.Sub(now)) + " left"
	}
	return dash(r.Session)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// home writes a path below the home directory with ~.
func (a *app) home(path string) string {
	if h := a.env("HOME"); h != "" && strings.HasPrefix(path, h+"/") {
		path = "~" + path[len(h):]
	}
	return dash(display.Text(path))
}

// secretKeys are the properties whose values are never printed.
var secretKeys = []string{"aws_secret_access_key", "aws_session_token", "aws_security_token"}

// json prints what the files say, merged, and what each profile resolves to.
func (c *profilesCmd) json(a *app, names []string) error {
	files, err := a.awsFiles()
	if err != nil {
		return err
	}
	profiles, sessions, err := files.Dump(c.Strict)
	if err != nil {
		return &failure{code: exitConfig, what: "the AWS files cannot be read strictly", why: err.Error(), next: "correct the line, or leave --strict out", err: err}
	}
	for _, p := range profiles {
		for _, k := range secretKeys {
			if p[k] != "" {
				p[k] = "[secret]"
			}
		}
	}
	out := map[string]any{"profiles": profiles, "sso_sessions": sessions}
	if !c.Strict {
		if out["resolved"], err = a.profileRows(names); err != nil {
			return err
		}
	}
	return a.writeJSON(out)
}

func (a *app) writeJSON(v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = a.sys.Stdout.Write(append(visible(b), '\n'))
	return err
}

// visible escapes what JSON allows in a text and a terminal should not get:
// C1 controls, bidi, characters that cannot be seen. The data are the same.
func visible(b []byte) []byte {
	var out []byte
	for _, r := range string(b) {
		if r < utf8.RuneSelf && r != 0x7f || display.Text(string(r)) == string(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}
