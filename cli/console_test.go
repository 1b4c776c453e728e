package cli

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"fob/internal/secret"
)

func TestServicePath(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"", "/console/home"}, {"s3", "/s3/home"}, {"ec2", "/ec2/home"}, {"resource-groups", "/resource-groups/home"},
		{"dynamodb", "/dynamodbv2/home"}, {"ssm", "/systems-manager/home"}, {"wafv2", "/wafv2/homev2"}, {"logs", "/cloudwatch/home"},
		{"codecommit", "/codesuite/codecommit/home"},
		{"S3", ""}, {"s3/x", ""}, {"..", ""}, {"-s3", ""}, {"s3-", ""}, {"-", ""}, {"s3?x", ""}, {"s3#x", ""}, {"s3%2f", ""}, {"s 3", ""}, {"é", ""}, {"a\nb", ""},
		{strings.Repeat("a", 65), ""},
	} {
		if got, ok := servicePath(tt.name); ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("%q: got %q, %t", tt.name, got, ok)
		}
	}
}

func TestFillBrowser(t *testing.T) {
	const page, account = "http://127.0.0.1:1/ABC", "123456789012"
	for _, tt := range []struct{ command, profile, want string }{
		{"firefox", "dev", "firefox|" + page},
		{"firefox {url} -P {profile}", "dev", "firefox|" + page + "|-P|dev"},
		{"firefox ext+container:name={profile}&url={url}", "dev", "firefox|ext+container:name=dev&url=" + page},
		{"x {account}-{profile}", "dev", "x|123456789012-dev|" + page},
		{"x {profile}", "--no-sandbox", "x|no-sandbox|" + page},
		{"x {profile}", "../../etc", "x|etc|" + page},
		{"x name={profile}&url={url}", "a&url=http://evil#%41", "x|name=a-url-http---evil--41&url=" + page},
		{"x {profile}", "{url}", "x|url|" + page},
		{"x {profile}", "Zoë_1.b", "x|Zoë_1.b|" + page},
		{"x {profile}", "a\x00\u202eb\n", "x|a--b|" + page},
		{"x {profile}", "--", "x|unnamed|" + page},
		{"x %s", "dev", "x|%s|" + page},
	} {
		b := browserChoice{from: "--browser"}
		if got := strings.Join(b.fill(strings.Fields(tt.command), page, tt.profile, account), "|"); got != tt.want {
			t.Errorf("%s for %q: got %q, want %q", tt.command, tt.profile, got, tt.want)
		}
	}
	if got := (browserChoice{}).fill([]string{"x", "%s", "{profile}"}, page, "dev", account); !slices.Equal(got, []string{"x", page, "{profile}"}) {
		t.Errorf("BROWSER: got %q", got)
	}
}

func TestCheckPlaceholders(t *testing.T) {
	for line, ok := range map[string]bool{
		"x {url}": true, "x {profile}{account}": true, "x": true, "x {": true, "x }": true, "x }{": true,
		"x {}": false, "x {URL}": false, "x {url}{secret}": false, "x a{url": true, "x {{url}": false,
	} {
		if err := checkPlaceholders(strings.Fields(line)); (err == nil) != ok {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// A name of a profile never becomes more than one harmless piece of a command.
func FuzzPlainName(f *testing.F) {
	for _, s := range []string{"dev", "--x", "../..", "a&b=c", "{url}", "\x00", "é", "a b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plainName(s)
		if got == "" || strings.ContainsAny(got, "/\\&=?#%:{}\"' \t\r\n\x00$`;|<>@+,") || got[0] == '-' || got[0] == '.' {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

// The page answers the first browser that comes to it as a person's does, and nobody else.
func TestConsolePage(t *testing.T) {
	t.Parallel()
	const to = "https://signin.example/federation?SigninToken=x"
	p, err := servePage(secret.New(to))
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	host := "http://" + p.host
	for _, tt := range []struct {
		method, url, header, value string
		status                     int
	}{
		{"POST", p.url, "", "", 405},
		{"HEAD", p.url, "", "", 405},
		{"GET", host + "/", "", "", 404},
		{"GET", p.url + "/", "", "", 404},
		{"GET", host + strings.ToLower(p.path), "", "", 404},
		{"GET", p.url, "Host", "evil.example", 403},
		{"GET", p.url, "Origin", "https://evil.example", 403},
		{"GET", p.url, "Sec-Fetch-Mode", "no-cors", 403},
		{"GET", p.url, "Sec-Fetch-Mode", "navigate", 303},
		{"GET", p.url, "Sec-Fetch-Mode", "navigate", 410},
	} {
		req, err := http.NewRequest(tt.method, tt.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if req.Header.Set(tt.header, tt.value); tt.header == "Host" {
			req.Host = tt.value
		}
		if tt.header == "" {
			req.Header = http.Header{}
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		location := res.Header.Get("Location")
		if res.StatusCode != tt.status || (location == to) != (tt.status == 303) || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%+v: got %d to %q", tt, res.StatusCode, location)
		}
	}
	if err := p.wait(t.Context()); err != nil {
		t.Error(err)
	}
}
