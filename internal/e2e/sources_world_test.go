//go:build unix

package e2e

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"fob/internal/awsfake"
)

// source is a profile that has its credentials from one kind of source, and who
// consumers are with them.
type source struct{ profile, arn string }

func (w *world) sources() []source {
	role := func(name string) string { return "arn:aws:sts::" + account + ":assumed-role/" + name + "/e2e" }
	return []source{
		{"sso", "arn:aws:sts::" + account + ":assumed-role/AWSReservedSSO_Dev_0123456789abcdef/ann"},
		{"web", role("web")},
		{"instance", role("instance")},
		{"container", role("container")},
		{"process", role("process")},
		{"environment", role("environment")},
		{"pair", w.ann.ARN},
	}
}

// sourceConfig writes the AWS files. For each source there is a profile that
// consumers take, which has nothing but the line that calls fob; tool is the
// other program's credential_process. The session in the pair is over.
func (w *world) sourceConfig(tool string) {
	w.t.Helper()
	text := "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n" +
		"[profile sso]\nregion = us-east-1\nsso_session = corp\nsso_account_id = " + account + "\nsso_role_name = Dev\n" +
		w.trusting("web", "") + "web_identity_token_file = " + w.webToken() + "\n" +
		w.trusting("instance", "Instance") + "credential_source = Ec2InstanceMetadata\n" +
		w.trusting("container", "Container") + "credential_source = EcsContainer\n" +
		w.trusting("process", "Tool") + "source_profile = tool\n" +
		"[profile tool]\ncredential_process = " + tool + "\n" +
		w.trusting("environment", "") + "credential_source = Environment\n" +
		keyProfile("profile key", w.ann.Key) +
		"[profile pair]\nregion = us-east-1\n"
	for _, s := range w.sources() {
		command := fmt.Sprintf("%q process -p %s", fobBinary, s.profile)
		if s.profile == "environment" { // where a consumer saw the key, it would take it itself
			script := filepath.Join(w.dir, "with-key")
			w.write(script, "AWS_ACCESS_KEY_ID="+w.ann.Key.ID+" AWS_SECRET_ACCESS_KEY='"+w.ann.Key.Secret+"' exec "+command+"\n")
			command = "sh " + script
		}
		text += "[profile " + s.profile + "-by-fob]\nregion = us-east-1\ncredential_process = " + command + "\n"
	}
	w.config(text)
	w.write(filepath.Join(w.dir, "home/.aws/credentials"),
		keyProfile("pair", awsfake.Key{ID: awsfake.KeyID("ASIA", account, 1), Secret: "over"})+
			"aws_session_token = over\naws_security_token = over\nexpiration = 2020-01-01 00:00:00+00:00\n"+
			"aws_mfa_serial = "+w.ann.MFA.Serial+"\n"+keyProfile("pair-nomfa", w.ann.Key))
	w.env["AWS_ENDPOINT_URL_SSO"], w.env["AWS_ENDPOINT_URL_SSO_OIDC"] = w.srv.URL(), w.srv.URL()
}

func keyProfile(header string, k awsfake.Key) string {
	return "[" + header + "]\naws_access_key_id = " + k.ID + "\naws_secret_access_key = " + k.Secret + "\n"
}

// trusting is the profile of a role that trusts the role base alone, or ann
// alone where base is "".
func (w *world) trusting(name, base string) string {
	w.t.Helper()
	prefix, trusted := "arn:aws:iam::"+account+":role/", w.ann.ARN
	if base != "" {
		trusted = prefix + base
	}
	if err := w.srv.AddRole(awsfake.Role{ARN: prefix + name, Trusted: []string{trusted}}); err != nil {
		w.t.Fatal(err)
	}
	return "[profile " + name + "]\nregion = us-east-1\nrole_session_name = e2e\nrole_arn = " + prefix + name + "\n"
}

// base makes a role that anyone may take and takes it, as a source would have.
func (w *world) base(name string) result {
	w.t.Helper()
	arn := "arn:aws:iam::" + account + ":role/" + name
	if err := w.srv.AddRole(awsfake.Role{ARN: arn}); err != nil {
		w.t.Fatal(err)
	}
	return w.fob("process", "-p", "key", "--role-arn", arn).ok(w.t)
}

// signIn leaves a sign-in where `aws sso login` does.
func (w *world) signIn() {
	w.t.Helper()
	w.srv.Assign(awsfake.Assignment{AccountID: account, Role: "Dev"})
	const startURL = "https://corp.awsapps.com/start"
	var got struct{ ClientID, ClientSecret, DeviceCode, AccessToken string }
	w.post("/client/register", map[string]any{"clientName": "e2e", "clientType": "public"}, &got)
	client := map[string]any{"clientId": got.ClientID, "clientSecret": got.ClientSecret, "startUrl": startURL}
	w.post("/device_authorization", client, &got)
	client["deviceCode"], client["grantType"] = got.DeviceCode, "urn:ietf:params:oauth:grant-type:device_code"
	w.post("/token", client, &got)
	path := filepath.Join(w.mkdir("home/.aws/sso/cache"), fmt.Sprintf("%x.json", sha1.Sum([]byte("corp"))))
	w.writeJSON(path, map[string]any{
		"startUrl": startURL, "region": "us-east-1", "accessToken": got.AccessToken,
		"expiresAt": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
	})
}

func (w *world) post(path string, in, out any) {
	w.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.Post(w.srv.URL()+path, "application/json", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(out); err != nil || res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %s, %v", path, res.Status, err)
	}
}

func (w *world) writeJSON(path string, v any) {
	w.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(path, string(text))
}

func (w *world) webToken() string { return filepath.Join(w.dir, "web-token") }

func (w *world) webIdentity() {
	w.t.Helper()
	const token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwb2QifQ.c2ln"
	w.srv.AddWebIdentity(token, "pod")
	w.write(w.webToken(), token)
}

// metadataAnswer is how ECS, EKS and EC2 tell credentials.
func metadataAnswer(a answer) map[string]string {
	return map[string]string{
		"Code": "Success", "AccessKeyId": a.AccessKeyID, "SecretAccessKey": a.SecretAccessKey,
		"Token": a.SessionToken, "Expiration": a.Expiration,
	}
}

// container is an endpoint as EKS Pod Identity has it, for who sends what the
// token file holds.
func (w *world) container(a answer) {
	w.t.Helper()
	const token = "pod-identity-token"
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/v1/credentials" || r.Header.Get("Authorization") != token {
			http.Error(rw, "{}", http.StatusUnauthorized)
			return
		}
		_ = json.NewEncoder(rw).Encode(metadataAnswer(a))
	}))
	w.t.Cleanup(srv.Close)
	file := filepath.Join(w.dir, "container-token")
	w.write(file, token)
	w.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = srv.URL + "/v1/credentials"
	w.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file
}

const metadataMock = "github.com/aws/amazon-ec2-metadata-mock/cmd/ec2-metadata-mock"

// instance runs AWS's metadata mock, which then takes tokens only (IMDSv2). It
// fails where the mock cannot be built.
func (w *world) instance(a answer) error {
	w.t.Helper()
	program := filepath.Join(w.dir, "ec2-metadata-mock")
	if err := goBuild("imdsmock", program, metadataMock); err != nil {
		return err
	}
	config := filepath.Join(w.dir, "mock.json")
	w.writeJSON(config, map[string]any{"metadata": map[string]any{"values": map[string]any{"iam-security-credentials": metadataAnswer(a)}}})
	port := freePort(w.t)
	p := w.begin("", program, "--imdsv2", "--hostname", "127.0.0.1", "--port", port, "--config-file", config)
	w.t.Cleanup(func() { p.kill(); p.wait() })
	address := net.JoinHostPort("127.0.0.1", port)
	eventually(w.t, "for the metadata mock", func() bool {
		res, err := http.Get("http://" + address + "/latest/meta-data/")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusUnauthorized
	})
	w.env["AWS_EC2_METADATA_DISABLED"] = "false"
	w.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://" + address
	return nil
}

// freePort is for programs that cannot tell which port they got.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
