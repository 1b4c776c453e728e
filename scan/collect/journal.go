package collect

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"fob/scan"
)

// journal writes a snapshot line by line. What is written when a scan is stopped can
// be read, and the scan resumed from it; a kill loses no more than the last second.
type journal struct {
	account string
	now     func() time.Time
	failed  func(error) // is told of the first write that fails

	mu        sync.Mutex
	gz        *gzip.Writer
	flushed   time.Time
	resources int
	errors    int
	missing   bool // an error that makes the scan incomplete
	err       error
}

// flushEvery bounds what a kill can lose.
const flushEvery = time.Second

func newJournal(out io.Writer, account string, now func() time.Time, failed func(error)) *journal {
	return &journal{account: account, now: now, failed: failed, gz: gzip.NewWriter(out), flushed: now()}
}

// put writes one line. The first failure is kept and told; nothing is written after it.
func (j *journal) put(l *scan.Line) {
	if l.K != "head" {
		l.A = j.account
	}
	raw, err := json.Marshal(l)
	j.mu.Lock()
	defer j.mu.Unlock()
	if l.K == "err" {
		j.errors++
		j.missing = j.missing || l.Why.Incomplete()
	}
	if j.err != nil {
		return
	}
	if err == nil {
		_, err = j.gz.Write(append(raw, '\n'))
	}
	if now := j.now(); err == nil && now.Sub(j.flushed) >= flushEvery {
		j.flushed, err = now, j.gz.Flush()
	}
	if err != nil {
		j.err = fmt.Errorf("write snapshot: %w", err)
		j.failed(j.err)
	}
}

// broken returns why nothing can be written any more.
func (j *journal) broken() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// found counts a resource.
func (j *journal) found() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.resources++
}

// begin and end frame the work of one call, so that a resumed scan knows what is done.
func (j *journal) begin(op, region, of string) {
	j.put(&scan.Line{K: "unit", R: region, Op: op, Of: of, S: "begin"})
}

func (j *journal) end(op, region, of string) {
	j.put(&scan.Line{K: "unit", R: region, Op: op, Of: of, S: "end"})
}

func (j *journal) refused(e *scan.ReadError, region string) {
	j.put(&scan.Line{K: "err", R: region, Op: e.Op, Of: e.Resource, Action: e.Action, Why: e.Why, By: e.By, Code: e.Code, Req: e.Request})
}

// close ends the snapshot of a run that ended with err, and returns why it is not all
// there.
func (j *journal) close(err error, calls int) error {
	j.mu.Lock()
	complete := err == nil && !j.missing
	end := scan.Line{K: "end", Complete: &complete, Calls: calls, Resources: j.resources, Errors: j.errors}
	if err != nil {
		end.S = "stopped"
	}
	j.mu.Unlock()
	j.put(&end)
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.gz.Close(); err != nil && j.err == nil {
		j.err = fmt.Errorf("write snapshot: %w", err)
	}
	return j.err
}
