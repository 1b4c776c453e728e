package awsedit

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// hidden stands for a secret in a diff.
const hidden = "[secret]"

// Diff shows what the edits change: the lines that go and come, below the header
// of their section, in the manner of a unified diff without context. Values of
// secrets are masked. Each line ends with "\n"; the bytes are those of the file,
// which may hold anything a terminal reacts to. It is "" when nothing changes.
func (d *Draft) Diff() string {
	if !d.Changed() {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", d.name, d.name)
	v := diffView{out: &out}
	for n := range d.text.lines {
		v.show(d.text, n)
	}
	v.header = nil // of the last section, to which those that were made do not belong
	for _, l := range d.text.made {
		v.put(0, '+', maskLine(cutEnd(l)))
	}
	return out.String()
}

// diffView goes through the lines and remembers what a line belongs to.
type diffView struct {
	out    *strings.Builder
	header []byte // of the section, nil once it was shown
	secret bool   // the property above is one
	margin int    // of the property above
}

func (v *diffView) show(t *text, n int) {
	l := &t.lines[n]
	old := t.bare(n)
	if isHeader(old) {
		v.header, v.secret = old, false
	}
	shown := v.mask(old)
	if l.gone || l.new != nil {
		v.put(n, '-', shown)
	}
	if l.new != nil {
		v.put(n, '+', maskLine(cutEnd(l.new)))
	}
	for _, added := range l.below {
		v.put(n+1, '+', maskLine(cutEnd(added)))
	}
}

func (v *diffView) put(n int, sign byte, l []byte) {
	if v.header != nil {
		fmt.Fprintf(v.out, "@@ line %d %s @@\n", n, v.header)
		v.header = nil
	}
	fmt.Fprintf(v.out, "%c%s\n", sign, l)
}

// mask hides the secret in a line of the file, and all of a line that continues one.
func (v *diffView) mask(l []byte) []byte {
	if isBlank(l) {
		return l
	}
	if v.secret && indent(l) > v.margin {
		return append(bytes.Clone(l[:indent(l)]), hidden...)
	}
	masked := maskLine(l)
	if !isComment(l) {
		v.secret, v.margin = secretName().Match(l), indent(l)
	}
	return masked
}

// maskLine hides what stands behind the name of a secret, and in a comment
// whatever looks like one.
func maskLine(l []byte) []byte {
	if found := secretName().FindIndex(l); found != nil {
		at := found[1]
		if i := bytes.IndexAny(l[at:], "=:"); i >= 0 {
			at += i + 1
		}
		return append(bytes.Clone(l[:at]), " "+hidden...)
	}
	if isComment(l) {
		return secretShape().ReplaceAll(l, []byte(hidden))
	}
	return l
}

// secretName finds the names of the properties that hold secrets.
var secretName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)aws_secret_access_key|_session_token|aws_security_token`)
})

// secretShape finds texts as long as AWS's shortest secrets, of their characters.
var secretShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9/+=]{30,}`)
})
