package audit

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"fob/scan"
)

// Snapshot is a snapshot that can be read as often as it is needed.
type Snapshot struct {
	Name string // for messages
	Open func() (io.ReadCloser, error)
}

// File is the snapshot in a file.
func File(path string) Snapshot {
	return Snapshot{Name: path, Open: func() (io.ReadCloser, error) { return Open(path) }}
}

// Note is a line that a run puts into the snapshot of an account, beside what the
// collector writes: what was wanted of it, and how it ended. With it a snapshot can be
// judged later without the flags of the run.
type Note struct {
	K string `json:"k"` // always "note"
	A string `json:"a"` // the account
	// Name is what the account is known by.
	Name string `json:"name,omitempty"`
	// Checks are those that the account was read for.
	Checks []string `json:"checks,omitempty"`
	// Regions are those that were asked for by name.
	Regions []string `json:"regions,omitempty"`
	// Members are the accounts of the organization that the run was told of.
	Members []string `json:"members,omitempty"`
	// Problem says why not all could be read, and Exit is the exit code for that.
	Problem string `json:"problem,omitempty"`
	Exit    int    `json:"exit,omitempty"`
}

// Write adds the note to a snapshot, before or after what the collector writes.
func (n Note) Write(w io.Writer) error {
	n.K = "note"
	raw, err := json.Marshal(n)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(w)
	if _, err := z.Write(append(raw, '\n')); err != nil {
		return err
	}
	return z.Close()
}

// merge takes what a later note says.
func (n *Note) merge(later Note) {
	if later.Name != "" {
		n.Name = later.Name
	}
	if later.Checks != nil {
		n.Checks = later.Checks
	}
	if later.Regions != nil {
		n.Regions = later.Regions
	}
	if later.Members != nil {
		n.Members = later.Members
	}
	n.Problem, n.Exit = later.Problem, later.Exit
}

// Outline is what a first reading of a snapshot tells of an account.
type Outline struct {
	Note
	// Facts are about the account itself, its analyzers and its public addresses alone.
	Facts *scan.Facts
	// Unfinished says that it was cut off or stopped, and that there is more to read.
	Unfinished bool
}

// Outlines reads what a snapshot is about, and little of what is in it.
func (s Snapshot) Outlines() ([]Outline, error) {
	in, err := s.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	notes, open := map[string]Note{}, map[string]bool{}
	var types [][]byte
	for _, typ := range append(scan.AddressTypes(), "AWS::Account", "AWS::AccessAnalyzer::Analyzer") {
		types = append(types, []byte(`"`+typ+`"`))
	}
	var kept bytes.Buffer
	err = eachLine(in, func(raw []byte) error {
		if bytes.HasPrefix(raw, []byte(`{"k":"note"`)) {
			var n Note
			if err := json.Unmarshal(raw, &n); err != nil {
				return err
			}
			all := notes[n.A]
			all.merge(n)
			notes[n.A] = all
			return nil
		}
		if bytes.HasPrefix(raw, []byte(`{"k":"res"`)) && !slices.ContainsFunc(types, func(typ []byte) bool { return bytes.Contains(raw, typ) }) {
			return nil
		}
		kept.Write(raw)
		kept.WriteByte('\n')
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.Name, err)
	}
	if err := scan.Lines(bytes.NewReader(kept.Bytes()), func(l *scan.Line) error { unfinished(open, l); return nil }); err != nil {
		return nil, fmt.Errorf("read %s: %w", s.Name, err)
	}
	facts, err := scan.Load(&kept, scan.Kinds())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.Name, err)
	}
	var out []Outline
	for _, f := range facts {
		if !isAccountID(f.Account) { // it goes into the names of files
			return nil, fmt.Errorf("read %s: %q is no account id: it has twelve digits", s.Name, f.Account)
		}
		f.KeepAddresses()
		out = append(out, Outline{Note: notes[f.Account], Facts: f, Unfinished: open[f.Account] || !f.Ended})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read %s: it is no snapshot, or one without an account", s.Name)
	}
	return out, nil
}

// unfinished keeps which accounts have something that was stopped.
func unfinished(open map[string]bool, l *scan.Line) {
	switch {
	case l.K == "head" && len(l.Accounts) == 1, l.K == "head" && l.A != "":
		open[slices.Concat(l.Accounts, []string{l.A})[0]] = false
	case l.K == "err" && l.Why == scan.Cancelled, l.K == "end" && l.S != "":
		open[l.A] = true
	}
}

// load reads everything of the accounts in a snapshot, with raw records of some types.
func (s Snapshot) load(raw []string) ([]*scan.Facts, error) {
	in, err := s.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	facts, err := scan.Load(in, scan.Kinds(), raw...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.Name, err)
	}
	return facts, nil
}

// eachLine hands out lines, compressed or not. What a kill cut off at the end is left out.
func eachLine(r io.Reader, visit func([]byte) error) error {
	lines, err := scan.TextLines(r)
	if err != nil {
		return err
	}
	for lines.Scan() {
		if err := visit(lines.Bytes()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return nil
}

// Records hands out the resources of snapshots, one snapshot after the other, each
// sorted. want chooses them, nil takes all.
func Records(snapshots []Snapshot, want func(account, region, typ, arn string) bool) iter.Seq2[*scan.Record, error] {
	return func(yield func(*scan.Record, error) bool) {
		for _, s := range snapshots {
			in, err := s.Open()
			if err == nil {
				err = scan.Records(in, want, func(r *scan.Record) error {
					if !yield(r, nil) {
						return errStop
					}
					return nil
				})
				_ = in.Close()
			}
			if errors.Is(err, errStop) {
				return
			}
			if err != nil && !yield(nil, fmt.Errorf("read %s: %w", s.Name, err)) {
				return
			}
		}
	}
}
