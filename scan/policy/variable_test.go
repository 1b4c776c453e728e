package policy

import "testing"

func TestVariables(t *testing.T) {
	v := variables{"${aws:username}": "ann", "${aws:principalaccount}": ""}
	for in, want := range map[string]string{
		"":                                     "",
		"*":                                    "*",
		"user/${aws:username}":                 "user/ann",
		"${AWS:UserName}/${aws:username}/x":    "ann/ann/x",
		"${aws:PrincipalAccount}/${$}/${*}":    "${aws:PrincipalAccount}/${$}/${*}",
		"${aws:username":                       "${aws:username",
		"${aws:username}${":                    "ann${",
		"${aws:PrincipalTag/x}${aws:username}": "${aws:PrincipalTag/x}ann",
	} {
		if got := v.in(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
