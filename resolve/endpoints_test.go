package resolve

import (
	"maps"
	"testing"
)

// TestEndpoints: every service has its endpoint by the order of the AWS CLI: its own
// variable, the one for all, the profile's [services], the profile's endpoint_url.
func TestEndpoints(t *testing.T) {
	const services = "services = s\n[services s]\ns3_control =\n  endpoint_url = https://control.example\nec2 =\n  endpoint_url = https://ec2.example\n"
	for _, c := range []struct {
		planCase
		want map[string]string
	}{
		{planCase{name: "none", config: inP + inEast + pair}, map[string]string{}},
		{planCase{name: "[services]", config: inP + inEast + pair + services}, map[string]string{"S3 Control": "https://control.example", "EC2": "https://ec2.example"}},
		{planCase{name: "[services] and endpoint_url", config: inP + inEast + pair + "endpoint_url = https://p.example\n" + services},
			map[string]string{"S3 Control": "https://control.example", "EC2": "https://ec2.example", "S3": "https://p.example"}},
		{planCase{name: "variables", config: inP + inEast + pair + services, env: env("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3_CONTROL", "https://own.example")},
			map[string]string{"S3 Control": "https://own.example", "EC2": "http://127.0.0.1:1", "S3": "http://127.0.0.1:1"}},
		{planCase{name: "variable of one service", config: inP + inEast + pair, env: env("AWS_ENDPOINT_URL_S3", "https://own.example")}, map[string]string{"S3": "https://own.example"}},
		{planCase{name: "ignored", config: inP + inEast + pair + "ignore_configured_endpoint_urls = true\n" + services, env: env("AWS_ENDPOINT_URL_S3", "https://own.example")}, map[string]string{}},
		{planCase{name: "not those of the source", config: inP + arnA + fromB + inEast + inB + pairB + "endpoint_url = https://b.example\n"}, map[string]string{}},
		{planCase{name: "in clear", config: inP + inEast + pair, env: env("AWS_ENDPOINT_URL_EC2", "http://ec2.example"), fail: "ConfigError: AWS_ENDPOINT_URL_EC2: … in clear … https://"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.planner(t).Endpoints(Request{Profile: "p"}, "S3", "S3 Control", "EC2")
			if err != nil {
				c.checkFailure(t, err)
				return
			}
			if c.fail != "" || !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v (failure %q)", got, c.want, c.fail)
			}
		})
	}
}

func TestForeign(t *testing.T) {
	s := Service{Region: "eu-west-1"}
	for endpoint, want := range map[string]string{
		"https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com": "", "https://ec2.eu-west-1.api.aws": "", "http://localhost:5000": "", "http://127.0.0.1:5000": "",
		"https://s3.amazonaws.com.example:8443": "s3.amazonaws.com.example:8443", "https://s3.cn-north-1.amazonaws.com.cn": "s3.cn-north-1.amazonaws.com.cn",
	} {
		if got := s.Foreign(endpoint); got != want {
			t.Errorf("%s: got %q, want %q", endpoint, got, want)
		}
	}
}
