//go:build unix

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"fob/internal/awsfake"
)

const (
	own     = "123456789012"
	partner = "210987654321"
	third   = "111122223333"
)

// world is what a script has around it: an AWS that gives credentials, with the user ann
// and roles in three accounts, and one that answers what is audited.
type world struct {
	sts *awsfake.Server
	ann *awsfake.User
	mfa *awsfake.MFA
	aws *standIn
}

type worldKey struct{}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

func setup(env *testscript.Env) error {
	w, err := newWorld()
	if err != nil {
		return err
	}
	env.Defer(w.close)
	env.Values[worldKey{}] = w
	for name, value := range w.variables(env.WorkDir) {
		env.Setenv(name, value)
	}
	return w.files(env.WorkDir)
}

func newWorld() (*world, error) {
	now := time.Now() // it stands still, so that no code changes while it is asked for
	w := &world{sts: awsfake.New(awsfake.Options{Now: func() time.Time { return now }}), aws: newStandIn()}
	w.ann = w.sts.AddUser(own, "ann")
	w.mfa = w.ann.AddMFA("")
	for _, account := range []string{own, partner, third} {
		if err := w.sts.AddRole(awsfake.Role{ARN: "arn:aws:iam::" + account + ":role/Audit"}); err != nil {
			return nil, err
		}
	}
	return w, w.sts.Start()
}

func (w *world) close() {
	w.sts.Close()
	w.aws.Close()
}

// variables are the environment of the programs, in a folder of their own.
func (w *world) variables(dir string) map[string]string {
	return map[string]string{
		"HOME": dir + "/home", "FOB_DIR": dir + "/fob", "FOB_KEYCHAIN": "file", "FOB_PASSPHRASE": "",
		"FOB_PASSPHRASE_FILE": dir + "/passphrase", "XDG_RUNTIME_DIR": dir + "/run", "FOB_ASK": "terminal", "USER": "ann",
		"AWS_ENDPOINT_URL_STS": w.sts.URL(), "AWS_ENDPOINT_URL": w.aws.URL, "HTTPS_PROXY": "http://127.0.0.1:1",
		"FAKE": w.sts.URL(), "SERIAL": w.mfa.Serial, "LC_ALL": "C.UTF-8", varStatus: dir + "/.status", "MFA_COUNT": dir + "/asked",
		"KEY_ID": w.ann.Key.ID, "KEY_SECRET": w.ann.Key.Secret, "OWN": own, "PARTNER": partner, "THIRD": third, "TMPDIR": dir + "/tmp",
	}
}

// files makes the folders and files of a script: $SERIAL and the key are filled in.
func (w *world) files(dir string) error {
	for _, private := range []string{"home/.aws", "run", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, private), 0o700); err != nil {
			return err
		}
	}
	profiles := "[default]\nregion = eu-west-1\n" +
		"[profile plain]\nregion = eu-west-1\n" +
		"[profile dev]\nregion = eu-west-1\nmfa_serial = " + w.mfa.Serial + "\n"
	for name, account := range map[string]string{"own": own, "partner": partner, "third": third} {
		profiles += fmt.Sprintf("[profile %s]\nregion = eu-west-1\nrole_arn = arn:aws:iam::%s:role/Audit\nsource_profile = dev\n", name, account)
	}
	key := fmt.Sprintf("aws_access_key_id = %s\naws_secret_access_key = %s\n", w.ann.Key.ID, w.ann.Key.Secret)
	for name, text := range map[string]string{
		"passphrase": "correct horse\n", "home/.aws/config": profiles, "home/.aws/credentials": "[plain]\n" + key + "[dev]\n" + key,
		"key.csv": fmt.Sprintf("Access key ID,Secret access key\n%s,%s\n", w.ann.Key.ID, w.ann.Key.Secret),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// standIn answers for the services that are audited. In each of its two regions there is
// one volume, which is not encrypted. What the tests say nothing of gets an empty answer.
type standIn struct {
	*httptest.Server
	mu     sync.Mutex
	calls  map[string]int // "ec2:DescribeVolumes", with and without account and region
	faults map[string]string
	held   map[string]chan struct{}
	fixed  bool
}

func newStandIn() *standIn {
	s := &standIn{calls: map[string]int{}, faults: map[string]string{}, held: map[string]chan struct{}{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Close lets go whatever is held.
func (s *standIn) Close() {
	s.mu.Lock()
	for _, c := range s.held {
		close(c)
	}
	s.held = map[string]chan struct{}{}
	s.mu.Unlock()
	s.CloseClientConnections()
	s.Server.Close()
}

var scopeOf = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request`)

func (s *standIn) serve(w http.ResponseWriter, r *http.Request) {
	region, service := "", ""
	if m := scopeOf.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		region, service = m[2], m[3]
	}
	raw, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(raw))
	op := service + ":" + form.Get("Action")
	if _, name, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		op = service + ":" + name
	}
	s.mu.Lock()
	s.calls[op]++
	s.calls[region+" "+op]++
	fault, hold, fixed := s.faults[op], s.held[region+" "+op], s.fixed
	if fault == "" {
		fault = s.faults[region+" "+op]
	}
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	switch {
	case fault == "denied":
		w.WriteHeader(403)
		_, _ = io.WriteString(w, `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>explicit deny in a service control policy</Message></Error></Errors></Response>`)
	case fault == "expired":
		s.mu.Lock()
		delete(s.faults, op)
		s.mu.Unlock()
		w.WriteHeader(400)
		_, _ = io.WriteString(w, `<Response><Errors><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></Errors></Response>`)
	case op == "ec2:DescribeRegions":
		_, _ = io.WriteString(w, `<r><regionInfo><item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>`+
			`<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>`+
			`<item><regionName>eu-south-2</regionName><optInStatus>not-opted-in</optInStatus></item></regionInfo></r>`)
	case op == "ec2:DescribeVolumes":
		_, _ = fmt.Fprintf(w, `<r><volumeSet><item><volumeId>vol-%s</volumeId><encrypted>%v</encrypted></item></volumeSet></r>`, region, fixed)
	case op == "ec2:GetEbsEncryptionByDefault":
		_, _ = fmt.Fprintf(w, `<r><ebsEncryptionByDefault>%v</ebsEncryptionByDefault></r>`, fixed)
	case service == "organizations" && strings.HasSuffix(op, ":ListAccounts"):
		_, _ = fmt.Fprintf(w, `{"Accounts":[{"Id":%q,"Name":"main","Status":"ACTIVE"},{"Id":%q,"Name":"shop","Status":"ACTIVE"},{"Id":%q,"Name":"lab","Status":"ACTIVE"},{"Id":"999988887777","Name":"gone","Status":"SUSPENDED"}]}`, own, partner, third)
	case service == "organizations" && strings.HasSuffix(op, ":ListAccountsForParent"):
		_, _ = fmt.Fprintf(w, `{"Accounts":[{"Id":%q,"Name":"shop","Status":"ACTIVE"}]}`, partner)
	case service == "ec2":
		_, _ = io.WriteString(w, "<Response/>")
	default:
		_, _ = io.WriteString(w, "{}")
	}
}
