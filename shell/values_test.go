package shell_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"fob/shell"
)

// takes says of every shell and format which values it can express. What is not
// taken has to be refused, and nothing else may be.
func takes() map[string]func(value string) bool {
	all := func(string) bool { return true }
	return map[string]func(value string) bool{
		"bash": all, "zsh": all, "sh": all,
		"fish": utf8.ValidString, "elvish": utf8.ValidString, "xonsh": utf8.ValidString,
		"nu": utf8.ValidString, "json": utf8.ValidString,
		"tcsh":   oneLine,
		"github": oneLine,
		"pwsh": func(value string) bool {
			return value != "" && len(utf16.Encode([]rune(value))) < 32767 && utf8.ValidString(value)
		},
		"cmd": func(value string) bool {
			return value != "" && len(value) <= 8000 && !strings.ContainsAny(value, "\"%!^&<>|") &&
				strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) < 0
		},
		"dotenv": func(value string) bool {
			return shell.Safe(value) && !strings.HasPrefix(value, "=") && !strings.Contains(value, ":=")
		},
	}
}

func oneLine(value string) bool {
	return utf8.ValidString(value) && !strings.ContainsAny(value, "\r\n")
}

// values returns what a shell is tested with: of the fixed ones those that it
// takes, and 1000 random ones that it takes.
func values(t *testing.T, name string) []string {
	t.Helper()
	can, known := takes()[name]
	if !known {
		t.Fatalf("%s is not in the table", name)
	}
	return valuesThat(t, can)
}

// valuesThat is like values for any rule.
func valuesThat(t *testing.T, can func(value string) bool) []string {
	t.Helper()
	var taken []string
	for _, value := range fixed() {
		if can(value) {
			taken = append(taken, value)
		}
	}
	if len(taken) < 150 {
		t.Fatalf("only %d values", len(taken))
	}
	for r, n := newRandom(), 0; n < 1000; {
		if value := r.value(); can(value) {
			taken = append(taken, value)
			n++
		}
	}
	return taken
}

// fixed returns the values that are the same each time: nasty ones, every byte,
// and long ones.
func fixed() []string {
	all := append(nasty(), long()...)
	for b := 1; b < 256; b++ {
		all = append(all, string([]byte{byte(b)}), string([]byte{'a', byte(b), '7'}))
	}
	return all
}

// nasty returns more than 150 values that shells stumble over.
func nasty() []string {
	return []string{
		// Blanks, line ends, nothing.
		"", " ", "  a  b  ", "\n", "\n\n", "a\n", "\na", "\r\n", "a\r", "\ra", "\t", " \n\t ", "a\nb\n\nc", "\v", "\f", "\b", "a \\\n b",
		// Quotes and what they hold.
		"'", "''", "'''", `"`, `""`, "`", "``", "$'a'", `$"a"`, "it's", `"'"'"`, `'"'"'`, "\u2018a\u2019", "\u201ca\u201d", "\u201a\u201b", "\u201ea\u201f",
		"\u2032", "\u2033", "\u00b4", "\u02bc", "\uff07", "\uff02", "\u00aba\u00bb", "\u2039a\u203a", "\u300ca\u300d", "''\u2019; touch canary; \u2018'",
		// Commands.
		"`touch canary`", "$(touch canary)", "$((1+1))", "$[1+1]", "${HOME}", "$HOME", "$", "$$", "$1", "$*", "$@", "$?", "${x:-$(touch canary)}", "(touch canary)",
		"'; touch canary; '", `"; touch canary; "`, "; touch canary", ";touch canary;", "& touch canary &", "| touch canary", "|| touch canary",
		"&& touch canary", "\ntouch canary\n", "\rtouch canary\r", "> canary", ">canary", "a>canary", ">>canary", "<(touch canary)", "=(touch canary)", ">(touch canary)",
		"'$(touch canary)'", `\'; touch canary; \'`, `'\''; touch canary; '\''`, "''; touch canary; ''", "'\ntouch canary\n'", `$'\x27; touch canary; \x27'`,
		"@(__import__('os').system('touch canary'))", "${__import__('os').system('touch canary')}", "$(New-Item canary)", "'+(New-Item canary)+'", "{{ touch canary }}",
		`\x27; touch canary; \x27`, `\u0027; touch canary; \u0027`, `%x27; touch canary`, "\x1b'; touch canary; '",
		// Backslashes and escapes.
		`\`, `\\`, `\\\`, `a\`, `\n`, `\x41`, `\101`, `\1`, `\0`, `\c`, `\e`, `\u00e9`, `\U0001f511`, `\'`, `\"`, `\$`, "\\`", "\\\n", `\ `, `\!`, `C:\new\table`,
		// File names, history, words and what begins them.
		"*", "?", "[a]", "[!a]", "a*", "*canary*", "**", "~", "~root", "~+", "a~", "a:~", "~/x", "=ls", "a=b", "=", "==", ":=ls", "+(a)", "@(a|b)", "!(a)", "(a)", "()", "a()",
		"{a,b}", "{1..9}", "{a-z}", "{", "}", "#", "# a", "a #b", "a#b", "!", "!!", "!x", "!$", "!*", "!-1", "a!b", "a !b", "^a^b", "^", "%", "%1", "%TEMP%", "%%", "%d%s", "%0", "!TEMP!",
		"-n", "-e", "--", "-", "-rf", "-x canary", "/?", "+", "@", ",", ".", "..", "/", "//", ":", "&", "&&", "|", "||", "<", ">", "<<EOF", "<<<a", "2>&1", ";;", ";", "a;", "@echo off",
		"if", "done", "esac", "time", "function", "end", "exit", "exit 1", "[[", "]]", "((", "))", "set", "PATH=/", "IFS=e", "a\nPATH=/", "NAME<<EOF", "::add-mask::x", "REM", "rem x", ":label",
		// Control characters, bytes that are no UTF-8, and what decoders do with some.
		"\x7f", "\x1b[31m", "\x1b]52;c;YQ==\a", "\x01", "\x03", "\x04", "\x1a", "\x1c", "\x80", "\x9b31m", "\xff", "\xc3", "\xe2\x82", "a\xffb", "\xfe\xff", "\xff\xfe", "\xc0\xaf", "\xc1\xa7", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe9t\xe9",
		"\xef\xbb\xbf", "\ufeffa", "a\ufeff", "\ufffd", "\ue000", "\uf600", "\uf601", "\uf627", "\uf6ff", "\uf700", "\uf8ff", "\ufdd0", "\ufdd5", "\ufdef", "\ufffe", "\uffff", "\U000e0001", "\U0001fffe", "\U00100000", "\U0010ffff", "\ud7ff",
		// Letters.
		"é", "e\u0301", "東京", "🔑", "👩\u200d🚀", "\u00a0", " \u00a0 ", "\u2007", "\u202f", "\u3000", "\u1680", "\u2028", "\u2029", "\u0085", "\u202e", "\u202aabc\u202c", "\u2066a\u2069", "\u200e", "\u200b", "\u200d", "\u2060", "\u00ad", "ß", "İ", "ı", "ﬁ", "\u2013n", "\u2014", "\u2212",
		// What follows an escape, and what looks like another type.
		"0123", "12", "1", "a\x011", "\x0177", "é7", "éa", "\n7", "'7", "1e5", "true", "null", "0x10", "None", "[]", "{}", "nan", "$null", "[char]39", "'+[char]39+'", "',[char]39,'",
		// What fob is about.
		"ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=_-", "2026-11-22T01:13:00Z", "arn:aws:iam::123456789012:user/ann,x@y%z", "eu-west-1",
	}
}

// long returns values of up to 100 kB.
func long() []string {
	lines := strings.Repeat("'\\!\n\"$`", 12500)
	return []string{
		"FwoGZXIvYXdzE" + strings.Repeat("Aa0+/=_-", 500), strings.Repeat("Aa0+/=_-", 12500), strings.Repeat("x", 8000), strings.Repeat("x", 8001), strings.Repeat("x", 32766), strings.Repeat("x", 32767),
		strings.Repeat(" ", 8000), strings.Repeat("'\\!*;", 20000), strings.Repeat("'\"$`é🔑", 8000), strings.Repeat("\xff", 50000), lines, strings.Repeat("a b\n", 25000), strings.Repeat("'", 5000), strings.Repeat("\\", 5000),
	}
}

// randomValues is a source of values: any bytes, what is special in shells, UTF-8,
// and what is [shell.Safe]. The same ones each time.
type randomValues struct {
	*rand.Rand
	alphabets [][]string
}

func newRandom() randomValues {
	anyByte := make([]string, 255)
	for i := range anyByte {
		anyByte[i] = string([]byte{byte(i + 1)})
	}
	return randomValues{rand.New(rand.NewPCG(1, 2)), [][]string{
		anyByte,
		strings.Split("' \" ` $ ( ) { } [ ] \\ ! # ~ * ? ; & | < > = % ^ @ + - , . / : a n x 0 1 7", " "),
		strings.Split("a|b| |\n|\t|\r|'|,|\\|é|東|🔑|\u2019|\u0301|\u00a0|\u2028|\ufeff|\u202e|\uf6aa", "|"),
		strings.Split("ABCXYZabcnrtuxyz0127_./+=:,@%-", ""),
		strings.Split("abn019 #$'()*+,-./:;=?@[\\]_`{}~", ""),
	}}
}

func (r randomValues) value() string {
	alphabet := r.alphabets[r.IntN(len(r.alphabets))]
	var value strings.Builder
	for range r.IntN(40) {
		value.WriteString(alphabet[r.IntN(len(alphabet))])
	}
	return value.String()
}
