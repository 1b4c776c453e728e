package keychain

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"fob/internal/atomicfile"
)

// Index is the list of the stored keys, without secrets: what `fob profiles`
// shows and a plan needs, so that neither unlocks anything. It is a file of
// lines with tabs between the fields; a lookup searches it for one line and
// parses no other.
//
// The store is the truth: a key that is in the index and not in the store is an
// error when it is used; one that is in the store alone is seen by nobody until
// it is stored again.
type Index struct {
	// Dir is fob's own folder; nil is an empty index that cannot be changed.
	Dir *os.Root
	// Lock serialises changes across processes; nil for none.
	Lock func() (release func(), err error)
}

// Entry is one stored key.
type Entry struct {
	Profile     string
	AccessKeyID string
	MFASerial   string // "" for none
	AccountID   string // "" when unknown
	Added       time.Time
	// removing: its secret is being deleted, so the entry counts as gone.
	removing bool
}

const (
	indexFile = "keys.tsv"
	maxIndex  = 16 << 20
)

// Lookup finds a profile's entry.
func (x *Index) Lookup(profile string) (Entry, bool, error) {
	raw, err := x.read()
	if err != nil {
		return Entry{}, false, err
	}
	start, end, ok := findEntry(raw, profile)
	if !ok {
		return Entry{}, false, nil
	}
	e, err := parseEntry(raw[start:end])
	return e, err == nil && !e.removing, err
}

// All lists every entry, sorted by profile.
func (x *Index) All() ([]Entry, error) {
	raw, err := x.read()
	if err != nil {
		return nil, err
	}
	var all []Entry
	for line := range bytes.Lines(raw) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		e, err := parseEntry(line)
		if err != nil {
			return nil, err
		}
		if !e.removing {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Compare(a.Profile, b.Profile) })
	return all, nil
}

// Put adds an entry or replaces the one of the same profile.
func (x *Index) Put(e Entry) error {
	return x.change(e.Profile, e.line())
}

// Remove takes a profile's entry out; one that is not there is no error.
func (x *Index) Remove(profile string) error { return x.change(profile, nil) }

// change replaces a profile's line.
func (x *Index) change(profile string, line []byte) error {
	if x.Lock != nil {
		release, err := x.Lock()
		if err != nil {
			return err
		}
		defer release()
	}
	raw, err := x.read()
	if err != nil {
		return err
	}
	if start, end, ok := findEntry(raw, profile); ok {
		raw = slices.Concat(raw[:start], line, raw[end:])
	} else {
		raw = slices.Concat(raw, line)
	}
	return atomicfile.Write(x.Dir, indexFile, raw)
}

func (x *Index) read() ([]byte, error) {
	if x.Dir == nil {
		return nil, nil
	}
	raw, err := atomicfile.Read(x.Dir, indexFile, maxIndex)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return raw, err
}

// findEntry finds the line of a profile, its newline included.
func findEntry(raw []byte, profile string) (start, end int, ok bool) {
	want := append(strconv.AppendQuote(nil, profile), '\t')
	for from := 0; ; {
		i := bytes.Index(raw[from:], want)
		if i < 0 {
			return 0, 0, false
		}
		start = from + i
		if start == 0 || raw[start-1] == '\n' {
			break
		}
		from = start + 1
	}
	if n := bytes.IndexByte(raw[start:], '\n'); n >= 0 {
		return start, start + n + 1, true
	}
	return start, len(raw), true
}

// line is an entry as it is written: the fields in Go's quotes, so that none
// holds a tab or a line break. The profile comes first, as lookups search for it.
func (e Entry) line() []byte {
	var b []byte
	for i, field := range []string{e.Profile, e.AccessKeyID, e.MFASerial, e.AccountID, e.Added.UTC().Format(time.RFC3339)} {
		if i > 0 {
			b = append(b, '\t')
		}
		b = strconv.AppendQuote(b, field)
	}
	if e.removing {
		b = append(b, "\t\"removing\""...)
	}
	return append(b, '\n')
}

func parseEntry(line []byte) (Entry, error) {
	damaged := fmt.Errorf("index of keys (%s): %w", indexFile, ErrCorrupt)
	fields := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
	if len(fields) != 5 && len(fields) != 6 {
		return Entry{}, damaged
	}
	for i, f := range fields {
		text, err := strconv.Unquote(f)
		if err != nil {
			return Entry{}, damaged
		}
		fields[i] = text
	}
	added, err := time.Parse(time.RFC3339, fields[4])
	if err != nil || fields[1] == "" {
		return Entry{}, damaged
	}
	return Entry{fields[0], fields[1], fields[2], fields[3], added, len(fields) == 6}, nil
}
