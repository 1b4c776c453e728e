package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"maps"

	"fob/scan"
)

// recordWriter writes the records of resources as long as there is room.
type recordWriter struct {
	*columns
	to    *counter
	until int   // how long the page may be
	place []int // by resource: the block of its record, 0 if there is none
	out   series
	cut   bool // there was no room for all
}

// recordBatch is how many records are in memory at a time.
const recordBatch = 12_000

// write writes the block "records" last: what is where, and the columns of the
// resources that no finding is about.
func (w *recordWriter) write(r *Result) error {
	w.place = make([]int, len(w.resources))
	w.out = series{to: w.to, name: "record"}
	judged := w.marks()
	if r.Records != nil {
		for batch := range slices.Chunk(w.order(), recordBatch) {
			if err := w.batch(r, w.wanted(batch)); err != nil {
				return err
			}
		}
		if err := w.batch(r, w.joined()); err != nil {
			return err
		}
	}
	if err := w.out.end(); err != nil {
		return err
	}
	return writeBlock(w.to, "records", struct {
		Snapshot bool   `json:"snapshot"` // there was one at hand
		Cut      bool   `json:"cut"`      // it has records for which there was no room
		Place    []int  `json:"place"`
		Others   *table `json:"others"`
	}{r.Records != nil, w.cut, w.place, w.others(judged)})
}

// order is the resources that have a record, the worst first.
func (w *recordWriter) order() (out []int) {
	for i := range w.resources {
		if r := &w.resources[i]; w.prefixes.list[r.prefix]+r.tail != "" {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		x, y := &w.resources[a], &w.resources[b]
		return cmp.Or(cmp.Compare(y.rank, x.rank), cmp.Compare(bit(y.unsure), bit(x.unsure)))
	})
	return out
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

type wantFunc = func(account, region, typ, arn string) bool

// wanted takes the resources of a batch.
func (w *recordWriter) wanted(batch []int) wantFunc {
	keys := map[resourceKey]bool{}
	for _, i := range batch {
		keys[w.key(i)] = true
	}
	return func(account, region, typ, arn string) bool { return keys[resourceKey{account, region, typ, arn}] }
}

// joined takes resources that no finding is about: those are joined to the others.
func (w *recordWriter) joined() wantFunc {
	taken := map[resourceKey]bool{}
	return func(account, region, typ, arn string) bool {
		k := resourceKey{account, region, typ, arn}
		if _, judged := w.resourceNo[k]; judged || arn == "" || len(taken) == recordBatch && !taken[k] {
			return false
		}
		taken[k] = true
		return true
	}
}

func (w *recordWriter) batch(r *Result, want wantFunc) error {
	if w.full() {
		w.cut = true
		return nil
	}
	for rec, err := range r.Records(want) {
		if err != nil {
			return err
		}
		if w.full() {
			w.cut = true
			return nil
		}
		text, err := recordText(rec)
		if err != nil {
			return err
		}
		i := w.resource(rec.Resource)
		if i == len(w.place) {
			w.place = append(w.place, 0)
		}
		if w.place[i], err = w.out.add(i, text); err != nil {
			return err
		}
	}
	return nil
}

// full says that one more block could make the page too long. The open block is
// counted as if it were full, and a byte per resource for where its record is.
func (w *recordWriter) full() bool {
	return w.to.n+seriesBlock/4+len(w.place) > w.until
}

// recordText is a record as the page shows it.
func recordText(rec *scan.Record) ([]byte, error) {
	for name, raw := range rec.Data {
		var short bytes.Buffer
		if err := json.Compact(&short, raw); err != nil {
			return nil, err
		}
		rec.Data[name] = short.Bytes()
	}
	return json.Marshal(struct {
		Data   map[string]json.RawMessage `json:"data"`
		Absent []string                   `json:"absent"`
	}{rec.Data, orNone(slices.Sorted(maps.Keys(rec.Absent)))})
}
