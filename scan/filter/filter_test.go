package filter

import (
	"errors"
	"strings"
	"testing"
)

func parse(t testing.TB, pattern string) *Filter {
	t.Helper()
	f, err := Parse(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The patterns of benchmarks, as they are published and as people write them.
func TestCovers(t *testing.T) {
	kms := []Event{
		Is("eventName", "DisableKey", Fact{"eventSource", Equal, "kms.amazonaws.com"}),
		Is("eventName", "ScheduleKeyDeletion", Fact{"eventSource", Equal, "kms.amazonaws.com"}),
	}
	denied := []Event{Is("errorCode", "*UnauthorizedOperation"), Is("errorCode", "AccessDenied*")}
	root := []Event{{{"userIdentity.type", Equal, "Root"}, {"userIdentity.invokedBy", Missing, ""}, {"eventType", Differ, "AwsServiceEvent"}}}
	noMFA := []Event{Is("eventName", "ConsoleLogin", Fact{"additionalEventData.MFAUsed", Differ, "Yes"})}
	failed := []Event{Is("eventName", "ConsoleLogin", Fact{"errorMessage", Equal, "Failed authentication"})}
	for _, c := range []struct {
		name, pattern string
		events        []Event
		missed        int
	}{
		{"as published", `{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }`, kms, 0},
		{"quoted, other order, other nesting", "{ ($.eventName = \"ScheduleKeyDeletion\" && $.eventSource = \"kms.amazonaws.com\") ||\n ($.eventSource='kms.amazonaws.com' && $.eventName='DisableKey') }", kms, 0},
		{"without the source", `{ $.eventName = DisableKey || $.eventName = ScheduleKeyDeletion }`, kms, 0},
		{"and binds closer", `{ $.eventName = DisableKey || $.eventName = ScheduleKeyDeletion && $.eventSource = "kms.amazonaws.com" }`, kms, 0},
		{"pattern of names", `{ $.eventSource = "kms.*" && $.eventName = "*Key*" }`, kms, 0},
		{"brackets", `{ $['eventSource'] = "kms.amazonaws.com" && $.eventName EXISTS }`, kms, 0},
		{"expression", `{ $.eventName = %Disable|Deletion% }`, kms, 0},
		{"everything", ``, kms, 0},
		{"one of two", `{ $.eventName = DisableKey }`, kms, 1},
		{"wrong source", `{ $.eventSource = s3.amazonaws.com && ($.eventName = DisableKey || $.eventName = ScheduleKeyDeletion) }`, kms, 2},
		{"narrower by another field", `{ ($.eventName = DisableKey || $.eventName = ScheduleKeyDeletion) && $.awsRegion = eu-west-1 }`, kms, 2},
		{"narrower by no error", `{ ($.eventName = DisableKey || $.eventName = ScheduleKeyDeletion) && $.errorCode NOT EXISTS }`, kms, 2},
		{"a question mark is none", `{ $.eventName = "DisableKe?" }`, kms, 2},
		{"all but others", `{ $.eventName != "Decrypt" }`, kms, 0},
		{"all but these", `{ $.eventName != "*Key*" }`, kms, 2},

		{"denied, published", `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }`, denied, 0},
		{"denied, with exceptions", `{($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }`, denied, 1},
		{"denied, wider", `{ $.errorCode = "*Unauthorized*" || $.errorCode = "*Denied*" }`, denied, 0},
		{"denied, narrower", `{ $.errorCode = "UnauthorizedOperation" || $.errorCode = "AccessDenied" }`, denied, 2},
		{"denied, expression", `{ $.errorCode = %AccessDenied% }`, denied, 1},
		{"denied, expressions", `{ $.errorCode = %UnauthorizedOperation% || $.errorCode = %AccessDenied% }`, denied, 0},
		{"denied, expression that is fixed at an end", `{ $.errorCode = %UnauthorizedOperation$% || $.errorCode = %^AccessDenied$% }`, denied, 1},
		{"denied, expression that is no plain text", `{ $.errorCode = %.*Denied% }`, denied, 2},

		{"root, published", `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`, root, 0},
		{"root, lower case words", `{$.userIdentity.type=Root&&$.userIdentity.invokedBy not exists}`, root, 0},
		{"root, with invokedBy", `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy EXISTS }`, root, 1},
		{"no MFA", `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }`, noMFA, 0},
		{"no MFA, spelled No", `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed = "No") }`, noMFA, 1},
		{"any value but some", `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Y*") }`, noMFA, 1},
		{"failed", `{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }`, failed, 0},
		{"numbers", `{ $.bytes > 5 && $.eventName = ConsoleLogin }`, failed, 1},
		{"flags", `{ $.readOnly IS FALSE && $.eventName = ConsoleLogin }`, failed, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := parse(t, c.pattern).Misses(c.events...); len(got) != c.missed {
				t.Errorf("it misses %v, want %d of %d", got, c.missed, len(c.events))
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{
		"{", "}", "{}", "{ }", "{ $.a }", "{ $.a = }", "{ $.a == 1 }", "{ a = 1 }", "{ $. = 1 }", "{ $ = 1 }", "{ $.a = \"b }", "{ $.a = %b }", "{ $.a = %(% }",
		"{ ($.a = 1 }", "{ $.a = 1) }", "{ $.a = 1 || }", "{ $.a = 1 $.b = 2 }", "{ $.a IS SET }", "{ $.a NOT }", "{ $.a[ = 1 }", "{ $.a = 1 & $.b = 2 }",
		"{" + strings.Repeat("(", 5000) + "}",
	} {
		if _, err := Parse(s); err == nil {
			t.Errorf("Parse(%.40q) succeeds", s)
		}
	}
	for _, s := range []string{"ERROR", "?DisableKey ?ScheduleKeyDeletion", "[ip, user, ...]", `"DisableKey"`} {
		if _, err := Parse(s); !errors.Is(err, ErrNotJSON) {
			t.Errorf("Parse(%q): %v", s, err)
		}
	}
}

func TestZeroFilter(t *testing.T) {
	if (&Filter{}).Covers(Is("eventName", "DisableKey")) {
		t.Error("the zero filter covers an event")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "{ $.a = b }", `{($.a.b[0] = "x*") && ($['c'] NOT EXISTS || $.d IS TRUE) }`, "{ $.a = %x% }", "{ $.a >= 4.5 }"} {
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, pattern, value string) {
		got, err := Parse(pattern)
		if err != nil {
			return
		}
		e := Is("a", value)
		if got.Covers(e) && !got.Covers(append(e, Fact{"b", Missing, ""})) {
			t.Errorf("%q covers %v, and not with one more fact", pattern, e)
		}
		// What || adds, or parentheses and blanks around, makes a filter no narrower.
		if inner, ok := strings.CutPrefix(strings.TrimSpace(pattern), "{"); ok {
			inner = strings.TrimSuffix(inner, "}")
			wider, err := Parse("{ $.z EXISTS || ( " + inner + " ) }")
			if err == nil && got.Covers(e) && !wider.Covers(e) {
				t.Errorf("%q covers %v, wider it does not", pattern, e)
			}
		}
	})
}
