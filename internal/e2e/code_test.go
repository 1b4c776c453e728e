//go:build unix

package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The test binary with this argument is the program of FOB_MFA_COMMAND.
const codeCommandArg = "mfa-code"

// How the program behaves.
const (
	codeGood  = "good"  // prints the device's code
	codeWrong = "wrong" // prints another
	codeHang  = "hang"  // the first of all calls never ends, the others are good
)

// codeCommand notes the call, waits for the gate to be opened (made) and prints a
// code. Arguments: how, folder of its files, the fake AWS, serial.
func codeCommand(args []string) int {
	how, dir, server, serial := args[0], args[1], args[2], args[3]
	first, err := noteCall(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if how == codeHang && first {
		waitForFile(filepath.Join(dir, "never"))
		return 1
	}
	waitForFile(filepath.Join(dir, gateFile))
	code, err := deviceCode(server, serial)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if how == codeWrong {
		n, _ := strconv.Atoi(code)
		code = fmt.Sprintf("%06d", (n+500_000)%1_000_000)
	}
	fmt.Println(code)
	return 0
}

const (
	callsFile = "calls"
	gateFile  = "gate"
)

func noteCall(dir string) (first bool, err error) {
	f, err := os.OpenFile(filepath.Join(dir, callsFile), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if _, err = fmt.Fprintln(f, os.Getpid(), time.Now().UnixNano()); err != nil {
		return false, err
	}
	mark, err := os.OpenFile(filepath.Join(dir, "first"), os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return true, errors.Join(err, mark.Close())
}

// waitForFile gives up after a minute, so that no stray call stays.
func waitForFile(path string) {
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(2 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			return
		}
	}
}

func deviceCode(server, serial string) (string, error) {
	res, err := http.Get(server + "/__fake/code?serial=" + url.QueryEscape(serial))
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var answer struct{ Code string }
	err = json.NewDecoder(res.Body).Decode(&answer)
	return answer.Code, err
}

// codes is the MFA command as a test sees it.
type codes struct{ dir string }

// codeCall is one call of the MFA command: one prompt.
type codeCall struct {
	pid int
	at  time.Time
}

// codesFrom sets FOB_MFA_COMMAND for the device with a serial.
func (w *world) codesFrom(how, serial string) codes {
	w.t.Helper()
	c := codes{w.mkdir("codes")}
	w.env["FOB_MFA_COMMAND"] = fmt.Sprintf("%q %s %q %s %s", selfBinary, codeCommandArg+" "+how, c.dir, w.srv.URL(), serial)
	return c
}

// open lets all calls, present and future, have their code.
func (c codes) open(t testing.TB) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, gateFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (c codes) calls(t testing.TB) (all []codeCall) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, callsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var call codeCall
		var at int64
		if _, err := fmt.Sscan(line, &call.pid, &at); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		call.at = time.Unix(0, at)
		all = append(all, call)
	}
	return all
}

func (c codes) want(t testing.TB, n int) {
	t.Helper()
	if got := len(c.calls(t)); got != n {
		t.Errorf("%d prompts, want %d", got, n)
	}
}
