package audit

import (
	"fmt"

	"fob/scan"
)

// reader is a findings file that is read in step with others.
type reader struct {
	next func() (*scan.Finding, error, bool)
	at   *scan.Finding
	name string
}

// advance goes to the next finding; ok is false at the end.
func (r *reader) advance() (ok bool, err error) {
	before := r.at
	f, err, ok := r.next()
	switch {
	case err != nil:
		return false, err
	case ok && before != nil && scan.CompareFindings(*f, *before) < 0:
		return false, fmt.Errorf("%s: its findings are not sorted", r.name)
	}
	r.at = f
	return ok, nil
}

type readers []*reader

func (r readers) Len() int           { return len(r) }
func (r readers) Less(i, j int) bool { return scan.CompareFindings(*r[i].at, *r[j].at) < 0 }
func (r readers) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *readers) Push(x any)        { *r = append(*r, x.(*reader)) }
func (r *readers) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
