package collect

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Secrets of these tests are put together here, so that no scanner of source code takes
// them for real ones.
var (
	someKey    = "kT9vQ2mX7bL4" + "wR8nZ1cY6hJ3"
	awsSecret  = "q7Rk2ZpW9xLmB4vT" + "8nYcD3fHsJ6gQ1aUeK5oXiNw"
	awsID      = "AKIA" + "Q3EGRT5ZX7PLMNB2"
	ghToken    = "ghp_" + "a8Kd03jfLq92mZxV71bnTyRw5eUoPc4hGs6I"
	slackToken = "xoxb-" + "2417385960-kq83hfnv72hs"
	stripeKey  = "sk_" + "live_9aF3kd82Lq0Zm4Xv7bNt"
	pem        = "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEowIBAAKCAQEA7bq2k9\n-----END RSA PRIVATE KEY-----"
)

func TestFindSecrets(t *testing.T) {
	d := newDetector([]byte("key"))
	for _, c := range []struct{ name, value, want string }{
		// what is one by its form, whatever its name
		{"X", "token " + ghToken + " of ci", "GitHub token"},
		{"X", "github_pat_" + strings.Repeat("a1B2", 11), "GitHub token"},
		{"X", "glpat-" + "x7Kd02jfLq92mZxV71bn", "GitLab token"},
		{"X", slackToken, "Slack token"},
		{"X", "https://hooks.slack.com/services/T024BE7LD/B024BE7LD/" + someKey, "Slack webhook"},
		{"X", stripeKey, "Stripe key"},
		{"X", "AIza" + strings.Repeat("a1B2_", 7), "Google API key"},
		{"X", "pypi-" + "AgE" + strings.Repeat("a1B2_", 10), "PyPI token"},
		{"X", "npm_" + strings.Repeat("aB3d5F", 6), "npm token"},
		{"X", "SG." + strings.Repeat("aB3d", 5) + "xy." + strings.Repeat("aB3d5", 8) + "xyz", "SendGrid key"},
		{"X", "sk-" + "ant-" + someKey + someKey, "AI service key"},
		{"CERT", pem, "private key"},
		{"CERT", strings.ReplaceAll(pem, "\n", `\n`), "private key"},
		{"CERT", "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0B\n-----END PUBLIC KEY-----", ""},
		{"X", awsID, ""}, // half of one
		{"X", awsID + ":" + awsSecret, "AWS secret access key"},
		{"X", awsSecret, ""}, // could be a digest
		{"X", awsID + " 0123456789abcdef0123456789abcdef01234567", ""},
		{"AWS_SECRET_ACCESS_KEY", awsSecret, "secret key or token"},
		{"AWS_ACCESS_KEY", awsID, ""},
		{"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
		{"DATABASE_URL", "postgres://app:s3cretPw@db.internal:5432/app", "password in a URL"},
		{"REDIS", "redis://:hunter2@cache:6379/0", "password in a URL"},
		{"DATABASE_URL", "postgres://app:${DB_PASSWORD}@db/app", ""},
		{"DATABASE_URL", "postgres://app:<password>@db/app", ""},
		{"DATABASE_URL", "postgres://app:****@db/app", ""},
		{"DATABASE_URL", "postgres://app@db:5432/app", ""},
		{"PROXY", "http://proxy:8080/a@b", ""},
		// by the name
		{"DB_PASSWORD", "Tr0ub4dor&3", "password"},
		{"dbPassword", "Summer2024", "password"},
		{"DBPASSWORD", "x9fk2lq8", "password"},
		{"SMTP_PASS", "aq7!kd82", "password"},
		{"API_KEY", someKey, "secret key or token"},
		{"clientSecret", someKey, "secret key or token"},
		{"APP_TOKEN", "3f1c9a52-7be4-4d0a-9c61-8e2b5f7a6d13", "secret key or token"},
		{"CONFIG", `{"user":"app","password":"Tr0ub4dor&3"}`, "password"},
		{"CONN", "Server=db;User Id=app;Password=Tr0ub4dor!3;Encrypt=yes", "password"},
		{"JAVA_OPTS", "-Xmx1g -Ddb.password=Tr0ub4dor!3", "password"},
		{"CONN", "AccountName=x;AccountKey=" + awsSecret + "==", "secret key or token"},
		// what only sounds like one
		{"DB_PASSWORD", "password", ""},
		{"password", "Password", ""},
		{"NOTE", "ask for the password", ""},
		{"DB_PASSWORD", "", ""},
		{"DB_PASSWORD", "true", ""},
		{"DB_PASSWORD", "my-db-password-1", ""},
		{"DB_PASSWORD", "/run/secrets/Db1", ""},
		{"DB_PASSWORD", "${DB_PASSWORD:-x1Y!}", ""},
		{"DB_PASSWORD", "{{resolve:secretsmanager:Db:SecretString:pw}}", ""},
		{"DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", ""},
		{"DB_PASSWORD", "ChangeMe123!", ""},
		{"DB_PASSWORD", "AQICAHhkT9vQ2mX7bL4wR8nZ1cY6hJ3", ""}, // encrypted by KMS
		{"DB_PASSWORD_FILE", "Tr0ub4dor&3", ""},
		{"PASSWORD_MIN_LENGTH", "Tr0ub4dor&3", ""},
		{"SECRET_NAME", someKey, ""},
		{"SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:" + someKey, ""},
		{"DB_SECRET", "prod/db/main-credentials-2024", ""},
		{"TOKEN_URL", "https://login.example.com/oauth2/v2.0/token", ""},
		{"TOKEN_ENDPOINT", "https://login.acme.io/" + someKey, ""},
		{"AUTH_TOKEN_TTL", "1234567890123456", ""},
		{"MAX_TOKENS", someKey, ""},
		{"KMS_KEY_ID", "3f1c9a52-7be4-4d0a-9c61-8e2b5f7a6d13", ""},
		{"PUBLIC_KEY", someKey, ""},
		{"PRIMARY_KEY", "customer0identifier1", ""},
		{"IMAGE", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:" + strings.Repeat("0a1b2c3d", 8), ""},
		{"COMMIT", "0123456789abcdef0123456789abcdef01234567", ""},
		{"BUCKET", "acme-prod-logs-eu-west-1", ""},
	} {
		got := ""
		for _, m := range d.find(c.name, c.value) {
			if got = m.Rule; m.Position < 0 || m.Position+m.Length > len(c.value) || len(m.Hash) != 32 {
				t.Errorf("%s=%s: %+v", c.name, c.value, m)
			}
		}
		if got != c.want {
			t.Errorf("%s=%s: %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

// TestFindAll: each of several secrets is found where it stands, and none is told.
func TestFindAll(t *testing.T) {
	d := newDetector(nil)
	random := rand.New(rand.NewPCG(1, 2))
	pool := []string{ghToken, slackToken, stripeKey, "x7Kd02jfPw"}
	for range 500 {
		text := ""
		var want [][2]int
		for range 1 + random.IntN(4) {
			text += strings.Repeat(" lorem ipsum", random.IntN(3)) + " "
			secret := pool[random.IntN(len(pool))]
			if secret == pool[3] {
				text += "db_password="
			}
			want = append(want, [2]int{len(text), len(secret)})
			text += secret
		}
		var got [][2]int
		found := d.find("TEXT", text)
		hashes := map[string]string{}
		for _, m := range found {
			got = append(got, [2]int{m.Position, m.Length})
			secret := text[m.Position : m.Position+m.Length]
			if h, ok := hashes[secret]; ok && h != m.Hash {
				t.Fatalf("%q has two hashes", secret)
			}
			hashes[secret] = m.Hash
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: found %v, want %v", text, got, want)
		}
		raw, _ := json.Marshal(found)
		for _, secret := range pool {
			for n := range len(secret) - 6 {
				if strings.Contains(string(raw), secret[n:n+6]) {
					t.Fatalf("%s tells of %q", raw, secret)
				}
			}
		}
	}
	if a, b := newDetector(nil).find("", ghToken), newDetector(nil).find("", ghToken); a[0].Hash == b[0].Hash {
		t.Error("two runs hash with the same key")
	}
}

// TestFindNothing: words and names are no secrets, whatever they are called.
func TestFindNothing(t *testing.T) {
	d := newDetector(nil)
	random := rand.New(rand.NewPCG(3, 4))
	list := []string{"prod", "main", "orders", "Default", "v2", "eu", "west", "1", "2024", "QUEUE", "db"}
	for range 2000 {
		var parts []string
		for range 1 + random.IntN(6) {
			parts = append(parts, list[random.IntN(len(list))])
		}
		value := strings.Join(parts, []string{"-", "_", "/", "."}[random.IntN(4)])
		for _, name := range []string{"DB_PASSWORD", "API_TOKEN", "X"} {
			if found := d.find(name, value); len(found) > 0 {
				t.Fatalf("%s=%s: %+v", name, value, found)
			}
		}
	}
}
