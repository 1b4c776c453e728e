//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
	"testing"
	"time"
)

// someFolder is a folder of a user.
type someFolder struct {
	mode fs.FileMode
	uid  int
}

func (e someFolder) Name() string       { return "out" }
func (e someFolder) Size() int64        { return 0 }
func (e someFolder) Mode() fs.FileMode  { return e.mode | fs.ModeDir }
func (e someFolder) ModTime() time.Time { return time.Time{} }
func (e someFolder) IsDir() bool        { return true }
func (e someFolder) Sys() any           { return &syscall.Stat_t{Uid: uint32(e.uid)} }

func TestAlterable(t *testing.T) {
	const foreign, open = "it belongs to another user", "everybody may write to it"
	me, other := os.Geteuid(), os.Geteuid()+1
	for _, c := range []struct {
		folder someFolder
		want   string
	}{
		{someFolder{0o700, me}, ""},
		{someFolder{0o755, me}, ""},
		{someFolder{0o775, me}, ""},
		{someFolder{0o777, me}, open},
		{someFolder{0o777 | fs.ModeSticky, me}, ""},
		{someFolder{0o777 | fs.ModeSticky, 0}, ""}, // as /tmp
		{someFolder{0o777, 0}, open},
		{someFolder{0o755, 0}, ""},
		{someFolder{0o700, other}, foreign},
		{someFolder{0o777 | fs.ModeSticky, other}, foreign},
	} {
		if got := alterable(c.folder); got != c.want {
			t.Errorf("%v of %d: %q, want %q", c.folder.mode, c.folder.uid, got, c.want)
		}
	}
}
