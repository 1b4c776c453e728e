//go:build unix

package cli_test

import (
	"reflect"
	"strings"
	"testing"

	"fob/cli"
)

const networkProfiles = `[profile plain]
region = eu-west-1
[profile vpc]
region = eu-west-1
use_fips_endpoint = true
use_dualstack_endpoint = true
ca_bundle = $HOME/ca.pem
endpoint_url = http://127.0.0.1:2
services = own
[services own]
ec2 =
  endpoint_url = https://ec2.example:8443
[profile ignoring]
region = eu-west-1
services = own
ignore_configured_endpoint_urls = true
`

// TestDoorNetwork: what the AWS CLI takes from a profile and the environment of the way
// to AWS goes through the door.
func TestDoorNetwork(t *testing.T) {
	for _, c := range []struct {
		name, profile string
		set           []string
		want          cli.Network
		says          string
	}{
		{"nothing", "plain", nil, cli.Network{Endpoints: map[string]string{}}, ""},
		{"a profile", "vpc", nil, cli.Network{FIPS: true, DualStack: true, CABundle: []byte("roots"),
			Endpoints: map[string]string{"EC2": "https://ec2.example:8443", "S3 Control": "http://127.0.0.1:2"}}, "fob: warning: ec2.example:8443 is called instead of AWS\n"},
		{"ignored", "ignoring", nil, cli.Network{Endpoints: map[string]string{}}, ""},
		{"variables", "plain", []string{"AWS_USE_FIPS_ENDPOINT", "true", "AWS_USE_DUALSTACK_ENDPOINT", "true", "AWS_ENDPOINT_URL_S3_CONTROL", "http://127.0.0.1:3", "AWS_CA_BUNDLE", "$HOME/ca.pem"},
			cli.Network{FIPS: true, DualStack: true, CABundle: []byte("roots"), Endpoints: map[string]string{"S3 Control": "http://127.0.0.1:3"}}, ""},
		{"variables over a profile", "vpc", []string{"AWS_USE_FIPS_ENDPOINT", "false", "AWS_USE_DUALSTACK_ENDPOINT", "false", "AWS_ENDPOINT_URL", "http://127.0.0.1:3"},
			cli.Network{CABundle: []byte("roots"), Endpoints: map[string]string{"EC2": "http://127.0.0.1:3", "S3 Control": "http://127.0.0.1:3"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.set("FOB_KEYCHAIN", "")
			b.set("AWS_ENDPOINT_URL_STS", "")
			home := b.path("home")
			b.write("home/.aws/config", strings.ReplaceAll(networkProfiles, "$HOME", home))
			b.write("home/.aws/credentials", strings.ReplaceAll("[plain]\nKEY[vpc]\nKEY[ignoring]\nKEY", "KEY", "aws_access_key_id = "+b.ann.Key.ID+"\naws_secret_access_key = "+b.ann.Key.Secret+"\n"))
			b.write("home/ca.pem", "roots")
			for i := 0; i < len(c.set); i += 2 {
				b.set(c.set[i], strings.ReplaceAll(c.set[i+1], "$HOME", home))
			}
			sys, said := b.system()
			door := cli.OpenDoor(sys, cli.Globals{NoInput: true}, "scan")
			defer door.Close()
			x, err := door.Open(t.Context(), cli.Wanted{Profile: c.profile})
			if err != nil {
				t.Fatal(err)
			}
			said.Reset()
			got, err := x.Network("EC2", "S3 Control")
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v: %v", got, c.want, err)
			}
			if said.String() != c.says {
				t.Errorf("said %q, want %q", said, c.says)
			}
		})
	}
}

// TestDoorNetworkRefused: an endpoint in clear and a CA bundle that is not there are
// errors in fob's form.
func TestDoorNetworkRefused(t *testing.T) {
	for variable, value := range map[string]string{"AWS_ENDPOINT_URL_EC2": "http://ec2.example", "AWS_CA_BUNDLE": "/nowhere/ca.pem"} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.set("FOB_KEYCHAIN", "")
			b.set(variable, value)
			b.write("home/.aws/credentials", "[plain]\naws_access_key_id = "+b.ann.Key.ID+"\naws_secret_access_key = "+b.ann.Key.Secret+"\n")
			sys, _ := b.system()
			door := cli.OpenDoor(sys, cli.Globals{NoInput: true}, "scan")
			defer door.Close()
			x, err := door.Open(t.Context(), cli.Wanted{Profile: "plain"})
			if err != nil {
				t.Fatal(err)
			}
			_, err = x.Network("EC2")
			if status, _, why, next, ok := cli.Failed(err); !ok || status != cli.ExitConfig || why == "" || next == "" {
				t.Errorf("err = %v", err)
			}
		})
	}
}
