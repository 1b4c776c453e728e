package main

import (
	"slices"
	"strings"
	"testing"

	"fob/internal/awsfake"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		line, hang string
		width      int
		want       []string
	}{
		{"", "  ", 10, []string{""}},
		{"0123456789", "  ", 10, []string{"0123456789"}},
		{"0123456789a", "  ", 10, []string{"0123456789", "  a"}},
		{"01234 6789 bcd", "  ", 10, []string{"01234 6789", "  bcd"}},
		{"01234 678 abcd", "", 10, []string{"01234 678", "abcd"}},
		{`{"a":1,"b":2,"c":3}`, "  ", 10, []string{`{"a":1,`, `  "b":2,`, `  "c":3}`}},
		{"ä ö ü ä ö ü ä ö", "", 9, []string{"ä ö ü ä ö", "ü ä ö"}},
		{"narrow columns", "    ", 4, []string{"narrow columns"}},
	} {
		if got := wrap(c.line, c.hang, c.width); !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q, %q, %d) = %q, want %q", c.line, c.hang, c.width, got, c.want)
		}
	}
}

// quiet is a fake AWS that listens to nobody.
func quiet(t *testing.T) *cloud {
	t.Helper()
	c, err := newCloud()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	return c
}

func TestMask(t *testing.T) {
	c := quiet(t)
	key := c.ann.Key
	got := c.mask("id " + key.ID + " secret " + key.Secret + " twice " + key.Secret + ".")
	want := "id AKIA**************** secret ******** twice ********."
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNoCodeIsReadTwice(t *testing.T) {
	c := quiet(t)
	d := &demo{aws: c}
	first, second := d.aws.device.read(), d.aws.device.read()
	if first == second || len(first) != 6 || len(second) != 6 {
		t.Errorf("codes %q and %q", first, second)
	}
}

func TestAnswersAreChecked(t *testing.T) {
	d := &demo{aws: quiet(t)}
	for stdout, want := range map[string]string{
		"":                       "no credentials",
		"{}":                     "no credentials",
		"not JSON":               "no credentials",
		`{"Version":1}`:          "knows no session",
		`{"Version":1} trailing`: "no credentials",
		`{"Version":1,"AccessKeyId":"` + d.aws.ann.Key.ID + `"}`: "knows no session",
	} {
		if _, err := d.answerOf(result{stdout: stdout}, "Ops"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", stdout, err, want)
		}
	}
}

func TestGenuine(t *testing.T) {
	s := awsfake.Session{Key: awsfake.Key{ID: "ASIAX", Secret: "s"}, Token: "t", ARN: "arn:aws:sts::" + account + ":assumed-role/Ops/me"}
	good := answer{AccessKeyID: "ASIAX", SecretAccessKey: "s", SessionToken: "t"}
	for name, c := range map[string]struct {
		change func(*answer)
		role   string
		ok     bool
	}{
		"good":         {func(*answer) {}, "Ops", true},
		"other role":   {func(*answer) {}, "Op", false},
		"other secret": {func(a *answer) { a.SecretAccessKey = "x" }, "Ops", false},
		"no token":     {func(a *answer) { a.SessionToken = "" }, "Ops", false},
	} {
		a := good
		c.change(&a)
		if err := isOf(s, a, c.role); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKnowsColour(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{"TERM": "xterm", "WT_SESSION": "1"}, true},
		{map[string]string{"TERM": "xterm", "WT_SESSION": "1", "NO_COLOR": "1"}, false},
		{map[string]string{"TERM": "dumb", "WT_SESSION": "1"}, false},
		{map[string]string{}, false},
	} {
		if got := knowsColour(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %t", c.env, got)
		}
	}
}
