package keycsv

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"fob/internal/secret"
)

// What the values must look like. The first two keep foreign text out of shells
// and requests; the third is STS's own pattern for a serial number.
var (
	keyID     = pattern(`^[A-Z0-9]{16,128}$`)
	secretKey = pattern(`^[A-Za-z0-9+/=_-]+$`)
	serial    = pattern(`^[\w+=/:,.@-]{9,256}$`)
)

// Shapes that are told from other cells without a header.
var (
	keyShape    = pattern(`^A[KS]IA[A-Z0-9]{12,124}$`)
	secretShape = pattern(`^[A-Za-z0-9+/=_-]{16,}$`)
	serialShape = pattern(`^arn:aws[a-z-]*:iam::\d{12}:mfa/[\w+=/,.@-]+$`)
)

// temporary is how the id of a key begins that is of no use without its token.
const temporary = "ASIA"

// columns says where a header has put the cells; -1 where it has not.
type columns struct{ user, id, secret, serial int }

// headerOf returns the columns that r names, or nil if it is not a header.
func headerOf(r row) (*columns, error) {
	cols := columns{-1, -1, -1, -1}
	twice := false
	for i, cell := range r.cells {
		if at := cols.named(cell); at != nil {
			twice = twice || *at >= 0
			*at = i
		}
	}
	switch {
	case cols.id < 0 || cols.secret < 0:
		return nil, nil
	case twice:
		return nil, &Error{r.line, BadHeader}
	}
	return &cols, nil
}

// named returns the column that a header calls name, in any spelling.
func (c *columns) named(name string) *int {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	switch plain {
	case "username", "user", "iamusername", "iamuser":
		return &c.user
	case "accesskeyid", "awsaccesskeyid", "accesskey", "awsaccesskey":
		return &c.id
	case "secretaccesskey", "awssecretaccesskey", "secretkey", "awssecretkey":
		return &c.secret
	case "mfaserial", "mfaserialnumber", "awsmfaserial", "mfaarn", "mfadevice", "mfadevicearn", "serialnumber", "mfa":
		return &c.serial
	}
	return nil
}

// foreignHeader says whether r, the first row, can only be a header in another
// language: it has several cells, and none that could be part of a key. Words may
// have the letters of a secret, but no digits.
func foreignHeader(r row) bool {
	return len(r.cells) > 1 && !slices.ContainsFunc(r.cells, func(cell string) bool {
		return secretShape().MatchString(cell) && strings.ContainsAny(cell, "0123456789")
	})
}

// keyOf reads one row, by the header above it if there is one, else by shape. ok
// is false for a user without a key, as the console lists them.
func keyOf(r row, cols *columns) (key Key, ok bool, err error) {
	shaped := r.find(keyShape())
	if len(shaped) > 1 {
		return Key{}, false, &Error{r.line, TwoKeys}
	}
	if cols == nil {
		if len(shaped) == 0 {
			return Key{}, false, &Error{r.line, NoKey}
		}
		cols = byShape(r, shaped[0])
	}
	id, secretText := r.cell(cols.id), r.cell(cols.secret)
	whole := len(r.cells) > max(cols.id, cols.secret) // else a stray quote may hide a key
	if whole && id == "" && secretText == "" && len(shaped) == 0 {
		return Key{}, false, nil
	}
	mfa, err := r.mfaSerial(cols)
	switch {
	case !keyID().MatchString(id):
		return Key{}, false, &Error{r.line, BadKeyID}
	case strings.HasPrefix(id, temporary):
		return Key{}, false, &Error{r.line, TemporaryKey}
	case !secretKey().MatchString(secretText):
		return Key{}, false, &Error{r.line, BadSecret}
	case err != nil:
		return Key{}, false, err
	}
	return Key{r.cell(cols.user), id, secret.New(secretText), mfa, r.line}, true, nil
}

// byShape gives the columns of a row without a header, whose key is at id: the
// secret follows it, and whatever stands before begins with the user. A neighbour
// that is too short for a secret is not taken for one.
func byShape(r row, id int) *columns {
	cols := &columns{user: -1, id: id, secret: -1, serial: -1}
	if id > 0 {
		cols.user = 0
	}
	if secretShape().MatchString(r.cell(id + 1)) {
		cols.secret = id + 1
	}
	return cols
}

// mfaSerial returns the serial from its column, or else the one ARN of an MFA
// device in the row, or else "".
func (r row) mfaSerial(cols *columns) (string, error) {
	if s := r.cell(cols.serial); s != "" {
		if !serial().MatchString(s) {
			return "", &Error{r.line, BadSerial}
		}
		return s, nil
	}
	switch arns := r.find(serialShape()); len(arns) {
	case 0:
		return "", nil
	case 1:
		return r.cells[arns[0]], nil
	}
	return "", &Error{r.line, BadSerial}
}

// cell returns the cell at i, "" if there is none.
func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// find returns the indexes of the cells that match.
func (r row) find(shape *regexp.Regexp) (at []int) {
	for i, cell := range r.cells {
		if shape.MatchString(cell) {
			at = append(at, i)
		}
	}
	return at
}
