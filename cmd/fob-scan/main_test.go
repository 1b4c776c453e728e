//go:build unix

// The tests of this package run fob and fob-scan from the outside, against a fake AWS.
// See world_test.go for what every script finds, and scriptcmd_test.go for the commands
// that scripts have beside testscript's.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"fob/cli"
)

// TestMain makes the test binary act as both programs, so that they are linked once, and
// as what scripts need beside them.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"fob":      func() { act(func(sys cli.System) int { return cli.Main(context.Background(), os.Args[1:], sys) }) },
		"fob-scan": func() { act(func(sys cli.System) int { return run(context.Background(), os.Args[1:], sys) }) },
		"mfacode":  mfacodeMain,
	})
}

const (
	varClock  = "FOB_TEST_CLOCK"  // how far the clock is ahead
	varStatus = "FOB_TEST_STATUS" // file that gets the exit status
)

// act runs a program with a clock that scripts can move, and no terminal but the one that
// a test gives it.
func act(program func(cli.System) int) {
	syscall.Umask(0)
	if os.Getenv("FOB_TEST_TERMINAL") == "" {
		_, _ = syscall.Setsid()
	}
	sys := cli.Real()
	if ahead, err := time.ParseDuration(os.Getenv(varClock)); err == nil {
		sys.Now = func() time.Time { return time.Now().Add(ahead) }
	}
	status := program(sys)
	if file := os.Getenv(varStatus); file != "" {
		if err := os.WriteFile(file, []byte(strconv.Itoa(status)), 0o600); err != nil {
			panic(err)
		}
	}
	os.Exit(status)
}

// mfacodeMain prints what the MFA device of the script's user shows now, and counts how
// often it was asked.
func mfacodeMain() {
	if file := os.Getenv("MFA_COUNT"); file != "" {
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(f, "asked")
		_ = f.Close()
	}
	res, err := http.Get(os.Getenv("FAKE") + "/__fake/code?serial=" + url.QueryEscape(os.Getenv("SERIAL")))
	if err != nil {
		panic(err)
	}
	var answer struct{ Code string }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		panic(err)
	}
	fmt.Println(answer.Code)
}

func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: setup, Cmds: scriptCommands(), RequireUniqueNames: true})
}
