package audit_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"testing"

	"fob/scan"
	"fob/scan/audit"
)

// volumes is a snapshot of an account with n volumes, written as it is read: nothing of it
// is in memory before.
func volumes(account string, n int) audit.Snapshot {
	return audit.Snapshot{Name: account, Open: func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() { _ = w.CloseWithError(writeVolumes(w, account, n)) }()
		return r, nil
	}}
}

func writeVolumes(w io.Writer, account string, n int) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"k":"head","v":1,"scan":"x","at":"2026-11-22T18:40:00Z","accounts":[%q],"partition":"aws"}`+"\n", account)
	fmt.Fprintf(&b, `{"k":"scope","a":%q,"r":"eu-west-1","s":"read"}`+"\n", account)
	for i := range n {
		arn := fmt.Sprintf("arn:aws:ec2:eu-west-1:%s:volume/vol-%017d", account, i)
		fmt.Fprintf(&b, `{"k":"res","a":%q,"r":"eu-west-1","op":"ec2:DescribeVolumes","t":"AWS::EC2::Volume","id":%q,"n":"vol-%017d","tags":{"Name":"volume %d"},"d":{"Encrypted":%t,"Attachments":[{"InstanceId":"i-%017d"}]}}`+"\n",
			account, arn, i, i, i%2 == 0, i)
		if _, err := b.WriteTo(w); err != nil {
			return err
		}
	}
	fmt.Fprintf(&b, `{"k":"unit","a":%q,"r":"eu-west-1","op":"ec2:DescribeVolumes","s":"end"}`+"\n", account)
	fmt.Fprintf(&b, `{"k":"end","a":%q,"complete":true,"calls":1,"resources":%d}`+"\n", account, n)
	_, err := b.WriteTo(w)
	return err
}

// watch counts lines and notes the most memory that was in use at any of them.
type watch struct {
	lines int
	most  uint64
}

func (w *watch) Write(p []byte) (int, error) {
	w.lines += bytes.Count(p, []byte("\n"))
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.most = max(w.most, m.HeapAlloc)
	return len(p), nil
}

// Ten accounts take no more memory than one: what was read of an account is gone when
// the next one is judged.
func TestMemoryIsFlat(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	const size = 5000
	checks, err := scan.Selection{Checks: []string{"ec2-ebs-volume-encrypted"}}.Of(scan.Checks())
	if err != nil {
		t.Fatal(err)
	}
	most := func(accounts int) uint64 {
		var snapshots []audit.Snapshot
		for i := range accounts {
			snapshots = append(snapshots, volumes(fmt.Sprintf("1234567890%02d", i), size))
		}
		runtime.GC()
		var w watch
		if _, err := audit.Judge(&w, snapshots, audit.Options{Checks: checks}); err != nil {
			t.Fatal(err)
		}
		if w.lines <= accounts*size {
			t.Errorf("%d lines for %d accounts", w.lines, accounts)
		}
		return w.most
	}
	most(1) // what is made once
	var one, ten uint64
	for tries := 0; tries == 0 || ten > one+one/5 && tries < 4; tries++ { // the collector may come late on a busy machine
		one, ten = most(1), most(10)
		t.Logf("one account %d MB, ten %d MB", one>>20, ten>>20)
	}
	if ten > one+one/5 {
		t.Errorf("one account takes %d MB, ten take %d MB", one>>20, ten>>20)
	}
}
