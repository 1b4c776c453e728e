package scan_test

import (
	"strings"
	"testing"

	"fob/scan"
)

func TestBucketOfHost(t *testing.T) {
	for host, want := range map[string]string{
		"b.s3.amazonaws.com":                                     "b ",
		"b.s3.eu-west-1.amazonaws.com.":                          "b eu-west-1",
		"B.s3-eu-west-1.amazonaws.com":                           "b eu-west-1",
		"www.example.com.s3-website-us-east-1.amazonaws.com":     "www.example.com us-east-1",
		"www.example.com.s3-website.eu-central-1.amazonaws.com":  "www.example.com eu-central-1",
		"b.s3.dualstack.us-gov-west-1.amazonaws.com":             "b us-gov-west-1",
		"b.s3.cn-north-1.amazonaws.com.cn":                       "b cn-north-1",
		"b.s3-fips.us-east-2.amazonaws.com":                      "b us-east-2",
		"b.s3-accelerate.amazonaws.com":                          "b ",
		"b.s3-external-1.amazonaws.com":                          "b ",
		"my.s3.bucket.s3.amazonaws.com":                          "my.s3.bucket ",
		"s3-website-us-east-1.amazonaws.com":                     "",
		"s3.amazonaws.com":                                       "",
		"ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com": "",
		"ap-abc-s3alias.s3.eu-west-1.amazonaws.com":              "",

		"ap-123456789012.s3-accesspoint-fips.us-east-1.amazonaws.com":      "",
		"ap-123456789012.s3-accesspoint.dualstack.eu-west-1.amazonaws.com": "",
		"mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com":           "",
		"ol-123456789012.s3-object-lambda-fips.us-east-1.amazonaws.com":    "",
		"ap-123456789012.op-01ac5d28.s3-outposts.us-east-1.amazonaws.com":  "",
		"ap-abc--op-s3.s3.us-east-1.amazonaws.com":                         "",
		"123456789012.s3-control.us-east-1.amazonaws.com":                  "",
		"vpce-1a2b-3c4d.s3.eu-west-1.vpce.amazonaws.com":                   "",
		"b.vpce-1a2b-3c4d.s3.eu-west-1.vpce.amazonaws.com":                 "",
		"b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com":     "",
		"lb-1.eu-west-1.elb.amazonaws.com":                                 "",
		"b.s3.example.com":                                                 "",
		"":                                                                 "",
	} {
		bucket, region, ok := scan.BucketOfHost(host)
		if got := bucket + " " + region; ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q %v, want %q", host, got, ok, want)
		}
	}
	for host, want := range map[string]bool{
		"s3-website-us-east-1.amazonaws.com.":   true,
		"s3-website.eu-central-1.amazonaws.com": true,
		"b.s3-website-us-east-1.amazonaws.com":  true,
		"b.s3.amazonaws.com":                    false,
		"s3-website-us-east-1.example.com":      false,
	} {
		if got := scan.WebsiteHost(host); got != want {
			t.Errorf("%s is a website: %v", host, got)
		}
	}
}

func FuzzBucketOfHost(f *testing.F) {
	for _, host := range []string{"b.s3.amazonaws.com", "a.b.s3-website.eu-west-1.amazonaws.com", "s3.amazonaws.com.cn", ".s3.amazonaws.com", ".s3.--.AmAZonAws.Com", "..s3-", "x.s3.y.s3-z.amazonaws.com."} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		bucket, region, ok := scan.BucketOfHost(host)
		if !ok && bucket+region != "" || ok && !strings.HasPrefix(strings.ToLower(host), bucket+".s3") {
			t.Errorf("%q: %q %q %v", host, bucket, region, ok)
		}
	})
}
