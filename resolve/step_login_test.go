package resolve

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// loginWorld is AWS Sign-In and a console session of its own, in a bubble of
// fake time.
type loginWorld struct {
	*service
	t        *testing.T
	resolver *Resolver
	step     LoginStep
	key      *ecdsa.PrivateKey
	proofs   []string
	bodies   []string
	hosts    []string
	warnings []string
}

const (
	loginARN  = "arn:aws:iam::123456789012:user/ann"
	postLogin = "POST /v1/token"
)

func inLoginWorld(t *testing.T, answers map[string][]answer, test func(w *loginWorld)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		listener := newPipes()
		w := &loginWorld{service: &service{answers: answers}, t: t}
		served := &http.Server{Handler: w}
		go func() { _ = served.Serve(listener) }()
		defer func() { _ = served.Close() }()
		flight, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = flight.Close() }()
		if w.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
		w.resolver = &Resolver{HTTP: (&world{pipes: listener}).http, Flight: func() *os.Root { return flight },
			Warn: func(s string) { w.warnings = append(w.warnings, s) }}
		w.step = LoginStep{Profile: "p", Session: loginARN, Service: Service{Region: "us-west-2"},
			TokenFile: loginTokenFile(filepath.Join(t.TempDir(), "login", "cache"), loginARN)}
		test(w)
	})
}

func (w *loginWorld) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.bodies, w.proofs, w.hosts = append(w.bodies, string(body)), append(w.proofs, r.Header.Get("DPoP")), append(w.hosts, r.Host)
	w.service.ServeHTTP(rw, r)
}

// pem is the key in the form that aws login writes.
func (w *loginWorld) pem() string {
	der, err := x509.MarshalECPrivateKey(w.key)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

// session is a file's content, without the keys that are named.
func (w *loginWorld) session(ends time.Time, without ...string) string {
	all := map[string]any{
		"accessToken": map[string]any{"accessKeyId": "ASIAOLD", "secretAccessKey": "old-secret", "sessionToken": "old-token",
			"accountId": "123456789012", "expiresAt": ends.UTC().Format(time.RFC3339), "novelInside": 1},
		"tokenType": "aws_sigv4", "clientId": "arn:aws:signin:::devtools/same-device", "refreshToken": "old-refresh", "idToken": "id", "dpopKey": w.pem(), "novel": []int{1, 2},
	}
	for _, name := range without {
		delete(all, name)
	}
	b, err := json.Marshal(all)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func (w *loginWorld) write(content string) {
	w.t.Helper()
	err := errors.Join(os.MkdirAll(filepath.Dir(w.step.TokenFile), 0o700), os.WriteFile(w.step.TokenFile, []byte(content), 0o600))
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *loginWorld) read() string {
	w.t.Helper()
	b, err := os.ReadFile(w.step.TokenFile)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func (w *loginWorld) resolve() (Credentials, error) { return runStep(w.t, w.resolver, w.step) }

const loginAnswer = `{"accessToken":{"accessKeyId":"ASIANEW","secretAccessKey":"new-secret","sessionToken":"new-token"},"tokenType":"aws_sigv4","expiresIn":900,"refreshToken":"new-refresh"}`

func TestLogin(t *testing.T) {
	const thrice = postLogin + ", " + postLogin + ", " + postLogin
	granted := map[string][]answer{postLogin: {{200, loginAnswer, ""}}}
	answers := func(status int, body string) map[string][]answer {
		return map[string][]answer{postLogin: {{status, body, ""}}}
	}
	left := func(d time.Duration, without ...string) func(w *loginWorld) string {
		return func(w *loginWorld) string { return w.session(time.Now().Add(d), without...) }
	}
	dead := left(-time.Hour)
	for name, c := range map[string]struct {
		file    func(w *loginWorld) string // nil: there is none
		answers map[string][]answer
		asked   string
		want    string // key id
		fail    string
		warn    string
	}{
		"alive":                        {file: left(15 * time.Minute), want: "ASIAOLD"},
		"alive, nothing to refresh by": {file: left(15*time.Minute, "refreshToken", "clientId", "dpopKey"), want: "ASIAOLD"},
		"about to end":                 {file: left(5 * time.Minute), answers: granted, asked: postLogin, want: "ASIANEW"},
		"ended":                        {file: dead, answers: granted, asked: postLogin, want: "ASIANEW"},
		"about to end, service down":   {file: left(4 * time.Minute), answers: answers(503, "{}"), asked: thrice, want: "ASIAOLD", warn: "cannot renew: CreateOAuth2Token"},
		"about to end, cannot refresh": {file: left(4*time.Minute, "refreshToken"), want: "ASIAOLD", warn: "has no refreshToken"},
		"last minute, service down":    {file: left(time.Minute), answers: answers(503, "{}"), asked: thrice, fail: "AWSError: CreateOAuth2Token … unreachable"},
		"no file":                      {fail: "PersonError: it needs a console login as " + loginARN + ", and there is no saved session"},
		"no accessToken":               {file: left(time.Hour, "accessToken"), fail: "PersonError: … cannot be read", warn: "is not used: no accessToken in it"},
		"no refreshToken":              {file: left(-time.Hour, "refreshToken"), fail: "PersonError: … has no refreshToken"},
		"no clientId":                  {file: left(-time.Hour, "clientId"), fail: "PersonError: … has no clientId"},
		"no dpopKey":                   {file: left(-time.Hour, "dpopKey"), fail: "PersonError: … has no dpopKey"},
		"bad dpopKey": {file: func(w *loginWorld) string {
			return strings.Replace(dead(w), `"dpopKey":"-----BEGIN`, `"dpopKey":"hush`, 1)
		}, fail: "PersonError: … dpopKey is no EC key"},
		"broken":                        {file: func(w *loginWorld) string { return "{" }, fail: "PersonError: … cannot be read", warn: "is not used"},
		"an end that is no time":        {file: func(w *loginWorld) string { return strings.Replace(dead(w), `"expiresAt":"`, `"expiresAt":"x`, 1) }, fail: "PersonError: … cannot be read", warn: "expiresAt is not a time"},
		"half of the credentials":       {file: func(w *loginWorld) string { return strings.Replace(dead(w), "sessionToken", "other", 1) }, fail: "PersonError: … cannot be read", warn: "without key, secret or token"},
		"refresh token over":            {file: dead, answers: answers(401, `{"error":"TOKEN_EXPIRED","message":"m"}`), asked: postLogin, fail: "PersonError: … AWS does not refresh the saved one (TOKEN_EXPIRED)"},
		"password changed":              {file: dead, answers: answers(403, `{"error":"USER_CREDENTIALS_CHANGED","message":"m"}`), asked: postLogin, fail: "PersonError: … (USER_CREDENTIALS_CHANGED)"},
		"refused without a word":        {file: dead, answers: answers(400, `{}`), asked: postLogin, fail: "PersonError: … (Bad Request)"},
		"not permitted":                 {file: dead, answers: answers(403, `{"error":"INSUFFICIENT_PERMISSIONS","message":"ask Bob"}`), asked: postLogin, fail: "AWSError: CreateOAuth2Token … access denied … ask Bob"},
		"throttled":                     {file: dead, answers: answers(429, `{"error":"TOO_MANY"}`), asked: thrice, fail: "AWSError: … throttled"},
		"service down":                  {file: dead, answers: answers(500, `{"error":"SERVER_ERROR"}`), asked: thrice, fail: "AWSError: … unreachable"},
		"a captive portal":              {file: dead, answers: answers(200, `<html>`), asked: postLogin, fail: "AWSError: … invalid answer: not an answer of AWS"},
		"a captive portal that refuses": {file: dead, answers: answers(403, `<html>`), asked: postLogin, fail: "AWSError: … invalid answer"},
		"half an answer":                {file: dead, answers: answers(200, `{"accessToken":{"accessKeyId":"A"},"expiresIn":900}`), asked: postLogin, fail: "AWSError: … invalid answer: credentials without"},
		"an answer without credentials": {file: dead, answers: answers(200, `{"expiresIn":900}`), asked: postLogin, fail: "AWSError: … no accessToken"},
		"an answer without an end":      {file: dead, answers: answers(200, `{"accessToken":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t"}}`), asked: postLogin, fail: "AWSError: … without an end"},
	} {
		t.Run(name, func(t *testing.T) {
			inLoginWorld(t, c.answers, func(w *loginWorld) {
				before := ""
				if c.file != nil {
					before = c.file(w)
					w.write(before)
				}
				got, err := w.resolve()
				if w.asked() != c.asked {
					t.Errorf("asked %q, want %q", w.asked(), c.asked)
				}
				if s := strings.Join(w.warnings, "\n"); !strings.Contains(s, c.warn) || c.warn == "" && s != "" {
					t.Errorf("warned %q, want %q", s, c.warn)
				}
				if got.AccessKeyID != c.want {
					t.Errorf("got %q, want %q (%v)", got.AccessKeyID, c.want, err)
				}
				if c.want != "" && (err != nil || got.AccountID != "123456789012" || got.Token.Empty()) {
					t.Errorf("got %v of %q, %v", got, got.AccountID, err)
				}
				if c.fail != "" {
					checkError(t, err, c.fail)
					if s := fmt.Sprint(err, w.warnings); strings.Contains(s, "old-") || strings.Contains(s, "hush") {
						t.Errorf("it shows a secret: %s", s)
					}
				}
				if c.want != "ASIANEW" && c.file != nil && w.read() != before {
					t.Errorf("the file was touched: %s", w.read())
				}
			})
		})
	}
}

// A renewed session is there for every other tool, with all that it had.
func TestLoginRefreshIsSaved(t *testing.T) {
	inLoginWorld(t, map[string][]answer{postLogin: {{200, loginAnswer, ""}}}, func(w *loginWorld) {
		w.write(w.session(time.Now().Add(-time.Hour)))
		want := map[string]any{}
		if err := json.Unmarshal([]byte(w.read()), &want); err != nil {
			t.Fatal(err)
		}
		if _, err := w.resolve(); err != nil {
			t.Fatal(err)
		}
		want["refreshToken"] = "new-refresh"
		access := want["accessToken"].(map[string]any)
		access["accessKeyId"], access["secretAccessKey"], access["sessionToken"] = "ASIANEW", "new-secret", "new-token"
		access["expiresAt"] = time.Now().Add(15 * time.Minute).UTC().Format(time.RFC3339)
		got := map[string]any{}
		if err := json.Unmarshal([]byte(w.read()), &got); err != nil {
			t.Fatal(err)
		}
		if g, x := fmt.Sprint(got), fmt.Sprint(want); g != x {
			t.Errorf("the file is\n%s\nwant\n%s", g, x)
		}
		info, err := os.Stat(w.step.TokenFile)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if want := `{"clientId":"arn:aws:signin:::devtools/same-device","grantType":"refresh_token","refreshToken":"old-refresh"}`; w.bodies[0] != want || w.hosts[0] != "us-west-2.signin.aws.amazon.com" {
			t.Errorf("sent %s to %s", w.bodies[0], w.hosts[0])
		}
		// Another process takes what was saved.
		if c, err := w.resolve(); err != nil || c.AccessKeyID != "ASIANEW" || len(w.bodies) != 1 {
			t.Errorf("then %v, %v after %d calls", c, err, len(w.bodies))
		}
	})
}

// Many at once refresh once: who waits takes what was saved.
func TestLoginRefreshesOnce(t *testing.T) {
	inLoginWorld(t, map[string][]answer{postLogin: {{200, loginAnswer, ""}}}, func(w *loginWorld) {
		w.write(w.session(time.Now().Add(-time.Hour)))
		done := make(chan error)
		const many = 8
		for range many {
			go func() {
				c, err := w.resolver.Resolve(context.Background(), &Plan{Steps: []Step{w.step}})
				if err == nil && c.AccessKeyID != "ASIANEW" {
					err = errors.New("got " + c.AccessKeyID)
				}
				done <- err
			}()
		}
		for range many {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if n := len(w.bodies); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

// Every try carries a proof of its own, signed by the session's key.
func TestLoginProof(t *testing.T) {
	inLoginWorld(t, map[string][]answer{postLogin: {{500, "{}", ""}, {200, loginAnswer, ""}}}, func(w *loginWorld) {
		w.write(w.session(time.Now().Add(-time.Hour)))
		if _, err := w.resolve(); err != nil {
			t.Fatal(err)
		}
		if len(w.proofs) != 2 || w.proofs[0] == w.proofs[1] {
			t.Fatalf("proofs %q", w.proofs)
		}
		ids := map[string]bool{}
		for _, proof := range w.proofs {
			header, claims := checkProof(t, proof, w.key)
			if header["typ"] != "dpop+jwt" || header["alg"] != "ES256" || claims["htm"] != "POST" || claims["htu"] != "https://us-west-2.signin.aws.amazon.com/v1/token" {
				t.Errorf("proof %v %v", header, claims)
			}
			if iat, ok := claims["iat"].(float64); !ok || time.Since(time.Unix(int64(iat), 0)) > 10*time.Second {
				t.Errorf("iat %v", claims["iat"])
			}
			ids[claims["jti"].(string)] = true
		}
		if len(ids) != 2 {
			t.Errorf("ids %v", ids)
		}
	})
}

// checkProof verifies a proof with the key inside it, which has to be the given one.
func checkProof(t *testing.T, proof string, key *ecdsa.PrivateKey) (header, claims map[string]any) {
	t.Helper()
	part := strings.Split(proof, ".")
	if len(part) != 3 {
		t.Fatalf("%q is no JWT", proof)
	}
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if err := errors.Join(json.Unmarshal(decode(part[0]), &header), json.Unmarshal(decode(part[1]), &claims)); err != nil {
		t.Fatal(err)
	}
	jwk := header["jwk"].(map[string]any)
	public := append([]byte{4}, append(decode(jwk["x"].(string)), decode(jwk["y"].(string))...)...)
	inside, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), public)
	if err != nil || jwk["kty"] != "EC" || jwk["crv"] != "P-256" || !inside.Equal(&key.PublicKey) {
		t.Errorf("key %v, %v", jwk, err)
	}
	signature := decode(part[2])
	sum := sha256.Sum256([]byte(part[0] + "." + part[1]))
	if len(signature) != 64 || !ecdsa.Verify(&key.PublicKey, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Errorf("signature of %d bytes does not verify", len(signature))
	}
	return header, claims
}

// The key may come in PKCS #8; another curve is refused.
func TestLoginKeyForms(t *testing.T) {
	inPEM := func(curve elliptic.Curve) string {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	for text, ok := range map[string]bool{inPEM(elliptic.P256()): true, inPEM(elliptic.P384()): false, "": false, "-----BEGIN X-----\n-----END X-----\n": false} {
		b, _ := json.Marshal(text)
		token, err := readLoginToken([]byte(`{"accessToken":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","expiresAt":"2030-01-01T00:00:00Z"},"dpopKey":` + string(b) + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if key, err := token.key(); (err == nil) != ok || (key != nil) != ok {
			t.Errorf("%.30q: %v", text, err)
		}
	}
}

// The hosts that the SDK's endpoint rule set has.
func TestLoginEndpoints(t *testing.T) {
	for _, c := range []struct {
		s    Service
		host string
	}{
		{Service{Region: "eu-central-1"}, "eu-central-1.signin.aws.amazon.com"},
		{Service{Region: "cn-north-1"}, "cn-north-1.signin.amazonaws.cn"},
		{Service{Region: "us-gov-west-1"}, "us-gov-west-1.signin.amazonaws-us-gov.com"},
		{Service{Region: "eusc-de-east-1"}, "signin.eusc-de-east-1.amazonaws.eu"},
		{Service{Region: "us-east-1", FIPS: true}, "signin-fips.us-east-1.amazonaws.com"},
		{Service{Region: "us-gov-west-1", FIPS: true}, "signin-fips.us-gov-west-1.amazonaws.com"},
		{Service{Region: "us-east-1", DualStack: true}, "signin.us-east-1.api.aws"},
		{Service{Region: "us-east-1", FIPS: true, DualStack: true}, "signin-fips.us-east-1.api.aws"},
	} {
		if u, err := awsSignInEndpoint(c.s, ""); err != nil || u.String() != "https://"+c.host {
			t.Errorf("%+v: %v, %v, want %s", c.s, u, err, c.host)
		}
	}
	if u, err := awsSignInEndpoint(Service{Region: "us-east-1"}, "https://x.example/y"); err != nil || u.String() != "https://x.example/y" {
		t.Errorf("%v, %v", u, err)
	}
	if _, err := awsSignInEndpoint(Service{Region: "us-east-1", FIPS: true}, "https://x.example"); err == nil {
		t.Error("FIPS with an endpoint of one's own")
	}
}

func TestPlanLogin(t *testing.T) {
	const line = "login_session = " + loginARN + "\n"
	file := loginTokenFile("DIR", loginARN)[len("DIR/"):]
	want := func(dir string) string {
		return "console session of " + loginARN + " from " + dir + "/" + file + " (aws login)"
	}
	const usual = "/h/.aws/login/cache"
	runPlans(t, []planCase{
		{name: "login_session", config: inP + inEast + line, want: want(usual)},
		{name: "no region", config: inP + line, want: want(usual), warn: []string{"no region is configured"}},
		{name: "bad region", config: inP + "region = a b\n" + line, env: env("AWS_REGION", "us-east-1"), fail: `ConfigError: config line 2: "a b" is not a region`},
		{name: "another folder", config: inP + inEast + line, env: env("AWS_LOGIN_CACHE_DIRECTORY", "/x"), want: want("/x")},
		{name: "another folder at home", config: inP + inEast + line, env: env("AWS_LOGIN_CACHE_DIRECTORY", "~/x"), want: want("/h/x")},
		{name: "no home", config: inP + inEast + line, env: env("HOME", "", "AWS_CONFIG_FILE", home+"config", "AWS_SHARED_CREDENTIALS_FILE", home+"credentials"), credentials: "[x]\n", fail: "ConfigError: config line 3: … HOME is not set"},
		{name: "keys win", config: inP + inEast + line + pair, want: "key AKIAP"},
		{name: "role above it", config: inP + inEast + arnA + fromB + inB + line, want: want(usual) + " > role/A"},
		{name: "long role above it", config: inP + inEast + arnA + fromB + "duration_seconds = 7200\n" + inB + line, want: want(usual) + " > role/A 1 h", warn: []string{"7200 becomes 3600"}},
		{name: "role with a code above it", config: inP + inEast + arnA + fromB + annMFA + inB + line, want: want(usual) + " > role/A code=mfa/ann"},
		{name: "endpoint of the environment", config: inP + inEast + line, env: env("AWS_ENDPOINT_URL_SIGNIN", "https://x.example"), want: want(usual)},
		{name: "AWS's endpoint in the file", config: inP + inEast + line + "endpoint_url = https://eu-west-1.signin.aws.amazon.com\n", want: want(usual)},
		{name: "another's endpoint in the file", config: inP + inEast + line + "endpoint_url = https://signin.aws.amazon.com.evil.example\n", fail: "ConfigError: config line 4: the endpoint … is not AWS's"},
		{name: "endpoint in clear", config: inP + inEast + line, env: env("AWS_ENDPOINT_URL_SIGNIN", "http://x.example"), fail: "in clear"},
	})
}

// The region is the login profile's own, and everything is in the key.
func TestLoginStepInputs(t *testing.T) {
	plan := func(c planCase) LoginStep {
		t.Helper()
		p, err := c.planner(t).Plan(Request{Profile: "p"})
		if err != nil {
			t.Fatal(err)
		}
		return p.Steps[0].(LoginStep)
	}
	const line = "login_session = " + loginARN + "\n"
	own := plan(planCase{config: inP + "region = eu-west-1\n" + line, env: env("AWS_REGION", "us-east-1")})
	other := plan(planCase{config: inP + line, env: env("AWS_REGION", "us-east-1")})
	if own.Service.Region != "eu-west-1" || other.Service.Region != "us-east-1" {
		t.Errorf("regions %s and %s", own.Service.Region, other.Service.Region)
	}
	seen := map[Key]bool{keyOf(own): true}
	for i, s := range []LoginStep{other, with1(own, func(s *LoginStep) { s.Session += "x" }), with1(own, func(s *LoginStep) { s.TokenFile += "x" }), with1(own, func(s *LoginStep) { s.SignIn = "https://x" })} {
		if seen[keyOf(s)] {
			t.Errorf("change %d has another's key", i)
		}
		seen[keyOf(s)] = true
	}
}

// A session's file that is read has what it needs, and is written again with
// nothing lost.
func FuzzLoginToken(f *testing.F) {
	f.Add([]byte(`{"accessToken":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","accountId":"123456789012","expiresAt":"2030-01-01T00:00:00Z"},"clientId":"c","refreshToken":"r","idToken":"i","dpopKey":"k","n":{"a":[1]}}`))
	f.Add([]byte(`{"accessToken":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","expiresAt":"2030-01-01T00:00:00UTC"}}`))
	f.Add([]byte(`{"accessToken":{},"accessToken":{}}`))
	f.Add([]byte(`{"accessToken":"x"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, content []byte) {
		token, err := readLoginToken(content)
		if err != nil {
			return
		}
		if token.credentials.AccessKeyID == "" || token.credentials.Secret.Empty() || token.credentials.Token.Empty() || token.credentials.Expires.IsZero() && token.fresh(time.Now()) {
			t.Fatalf("%v", token.credentials)
		}
		_, _ = token.key()
		written, err := token.renewed(refreshed{credentials: token.credentials})
		if err != nil {
			t.Fatal(err)
		}
		again, err := readLoginToken(written)
		if err != nil || len(again.all) != len(token.all) || len(again.access) < len(token.access) || again.refresh != token.refresh || !again.credentials.Expires.Equal(token.credentials.Expires.Truncate(time.Second)) {
			t.Errorf("%s became %s (%v)", content, written, err)
		}
	})
}
