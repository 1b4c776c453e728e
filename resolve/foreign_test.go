package resolve

import (
	"net/url"
	"testing"
)

// SECURITY.md T14: who is asked instead of AWS is named.
func TestNameForeign(t *testing.T) {
	for raw, named := range map[string]bool{
		"https://sts.eu-west-1.amazonaws.com":              false,
		"https://vpce-1.sts.eu-west-1.vpce.amazonaws.com":  false,
		"http://127.0.0.1:4566":                            false,
		"http://localhost:4566":                            false,
		"https://sts.example":                              true,
		"https://sts.eu-west-1.amazonaws.com.evil.example": true,
		"https://evilamazonaws.com":                        true,
		"https://sts.cn-north-1.amazonaws.com.cn":          true, // another partition
	} {
		base, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		r := &Resolver{Warn: func(s string) { said = append(said, s) }}
		r.nameForeign(base, Service{Region: "eu-west-1"})
		if (len(said) == 1) != named {
			t.Errorf("%s: said %q", raw, said)
		}
	}
}
