package collect

import (
	"bytes"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fob/resolve"
	"fob/scan"
)

// unlisted is an account that may not list its regions. It is known in eu-west-1, where it
// may do nothing, and in us-east-1; us-west-2 does not answer, and no other region knows it.
func unlisted(t *testing.T) *standIn {
	aws := newStandIn(t)
	aws.on("account:ListRegions", jsonError(403, "AccessDeniedException", "no"))
	aws.on("ec2:DescribeRegions", ec2Error(401, "AuthFailure", "AWS was not able to validate the provided access credentials"))
	aws.on("eu-west-1 ec2:DescribeRegions", ec2Error(403, "UnauthorizedOperation", "no"))
	aws.on("us-east-1 ec2:DescribeRegions", body("<r><regionInfo/></r>"))
	aws.on("us-west-2 ec2:DescribeRegions", hangUp)
	return aws
}

// TestRegionsTried: an account that may not list its regions is read where it is known.
// What does not answer is unknown, and so is whether there are more regions.
func TestRegionsTried(t *testing.T) {
	aws := unlisted(t)
	noLeak(t)
	c := aws.collector(t, "ec2-ebs-default-encryption")
	c.Exclude = []string{"ap-east-1"}
	s := read(t, c)
	disabled := slices.DeleteFunc(resolve.Regions("aws"), func(name string) bool {
		return slices.Contains([]string{"eu-west-1", "us-east-1", "us-west-2", "ap-east-1"}, name)
	})
	slices.Sort(disabled)
	want := map[string][]string{"read": {"eu-west-1", "us-east-1", "us-west-2"}, "blocked": {"us-west-2"}, "excluded": {"ap-east-1"}, "disabled": disabled, "guessed": {scan.Global}}
	if got := s.scopes(); !reflect.DeepEqual(got, want) {
		t.Errorf("scopes %v, want %v", got, want)
	}
	if !s.facts.Guessed.Equal(resolve.RegionsKnown()) || *s.end(t).Complete {
		t.Errorf("guessed %v, end %+v", s.facts.Guessed, s.end(t))
	}
	if n := aws.made("ec2:GetEbsEncryptionByDefault"); n != 2 {
		t.Errorf("%d regions were asked", n)
	}
	if n := aws.made("ec2:DescribeRegions"); n != len(disabled)+3+1 {
		t.Errorf("regions were tried %d times", n)
	}
	for _, e := range s.of("err") {
		switch {
		case e.Op == findRegions && e.R == scan.Global && e.Why == scan.Denied && e.Code == "UnauthorizedOperation":
		case e.R == "us-west-2" && e.Why == scan.Blocked:
		default:
			t.Errorf("error %+v", e)
		}
	}
	if n := len(s.of("err")); n != 2 {
		t.Errorf("%d errors", n)
	}
}

// TestRegionsTriedByName: regions that are named are no guess, and the others are not
// asked.
func TestRegionsTriedByName(t *testing.T) {
	aws := unlisted(t)
	c := aws.collector(t, "ec2-ebs-default-encryption")
	c.Only = []string{"us-east-1", "eu-south-2"}
	s := read(t, c)
	if got, want := s.scopes(), map[string][]string{"read": {"us-east-1"}, "disabled": {"eu-south-2"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("scopes %v, want %v", got, want)
	}
	if !s.facts.Guessed.IsZero() || !*s.end(t).Complete || aws.made("") != 5 {
		t.Errorf("guessed %v, end %+v, %d calls", s.facts.Guessed, s.end(t), aws.made(""))
	}
}

// TestRegionThatIsNot: a name that no table has and no host is not a silent region.
func TestRegionThatIsNot(t *testing.T) {
	aws := unlisted(t)
	c := aws.collector(t, "ec2-ebs-default-encryption")
	c.Endpoint, c.HTTP = "", &http.Client{Transport: &named{to: aws.URL, missing: "ec2.eu-wst-1."}}
	for _, name := range []string{"eu-wst-1", "cn-north-1"} {
		c.Only = []string{"us-east-1", name}
		if err := c.Run(t.Context(), theAccount(), new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "no region of that name") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := aws.made("cn-north-1 " + findRegions); n != 0 {
		t.Error("a region of another partition was asked")
	}
}

// TestRegionsUnknown: without any region that knows the account there is nothing to read,
// and what was written says so.
func TestRegionsUnknown(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, asked){"silent": hangUp, "strangers": ec2Error(401, "AuthFailure", "no")} {
		t.Run(name, func(t *testing.T) {
			aws := newStandIn(t)
			noLeak(t)
			aws.on("account:ListRegions", jsonError(403, "AccessDeniedException", "no"))
			aws.on("ec2:DescribeRegions", answer)
			out := new(bytes.Buffer)
			err := aws.collector(t, "ec2-ebs-default-encryption").Run(t.Context(), theAccount(), out)
			if err == nil || !strings.Contains(err.Error(), "DescribeRegions") || !strings.Contains(err.Error(), "ListRegions") {
				t.Errorf("err = %v", err)
			}
			if s := parse(t, out.Bytes()); *s.end(t).Complete || len(s.of("scope")) != 0 {
				t.Errorf("end %+v, scopes %v", s.end(t), s.scopes())
			}
		})
	}
}

// TestTriedRegionsAreAskedForAgain: a scan that goes on lists the regions, if it may now.
func TestTriedRegionsAreAskedForAgain(t *testing.T) {
	aws := unlisted(t)
	c := aws.collector(t, "ec2-ebs-default-encryption")
	first := new(bytes.Buffer)
	if err := c.Run(t.Context(), theAccount(), first); err != nil {
		t.Fatal(err)
	}
	aws.on("eu-west-1 ec2:DescribeRegions", regionList("eu-west-1", "us-east-1", "us-west-2", "xx-new-1", "!eu-south-2"))
	out := new(bytes.Buffer)
	if err := c.Resume(t.Context(), theAccount(), bytes.NewReader(first.Bytes()), out); err != nil {
		t.Fatal(err)
	}
	s := parse(t, out.Bytes())
	want := map[string][]string{"read": {"eu-west-1", "us-east-1", "us-west-2", "xx-new-1"}, "disabled": {"eu-south-2"}}
	if got := s.scopes(); !reflect.DeepEqual(got, want) || !*s.end(t).Complete || !s.facts.Guessed.IsZero() {
		t.Errorf("scopes %v, want %v; end %+v", got, want, s.end(t))
	}
	if n := aws.made("ec2:GetEbsEncryptionByDefault"); n != 4 {
		t.Errorf("regions were read %d times", n)
	}
}
