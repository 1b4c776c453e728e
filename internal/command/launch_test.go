package command

import (
	"errors"
	"net"
	"testing"
	"time"
)

func TestLaunch(t *testing.T) {
	for _, tt := range []struct {
		name string
		spec Spec
		want error
	}{
		{"ends well", spec("print", "10"), nil},
		{"more output than anybody reads", spec("print", "1000000"), nil},
		{"fails", spec("fail", "3"), ErrExit},
		{"is not there", Spec{Argv: []string{"no-such-browser"}, Env: []string{"PATH=/nowhere"}}, ErrNotFound},
		{"is relative", Spec{Argv: []string{"./browser"}}, ErrNotAbsolute},
		{"is nothing", Spec{}, ErrNotFound},
	} {
		if err := Launch(tt.spec, 10*time.Second); !errors.Is(err, tt.want) || tt.want == nil && err != nil {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

// What has started well is left alone.
func TestLaunchLeavesItAlone(t *testing.T) {
	address, accept := callers(t, 1)
	if err := Launch(spec("live", address), 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	conns := accept()
	if len(conns) != 1 {
		t.Fatal("it did not start")
	}
	_ = conns[0].SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	_, err := conns[0].Read(make([]byte, 1))
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("it ended with Launch: %v", err)
	}
	_ = conns[0].Close()
}
