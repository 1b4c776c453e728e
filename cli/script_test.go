//go:build unix

// The tests of this package run fob from the outside: as a process of its own,
// with a home, a folder and an AWS of its own. See world_test.go for what every
// script finds, and scriptcmd_test.go for the commands that scripts have beside
// testscript's.
package cli_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"fob/cli"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

// TestMain makes the test binary act as fob, and as what scripts need beside it,
// when it is called by these names.
func TestMain(m *testing.M) {
	// Most tests wait for processes, which wait for AWS: more of them than there
	// are CPUs run at once, unless -parallel says otherwise.
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){
		"fob":     fobMain,
		"mfacode": mfacodeMain,
		"onpty":   onptyMain,
		"browser": browserMain,
		"tabs":    tabsMain,

		"fetchcreds": fetchcredsMain,
		"countint":   countintMain,
	})
}

// The variables that a fob under test reads beside the real ones.
const (
	varClock    = "FOB_TEST_CLOCK"    // how far its clock is ahead
	varStatus   = "FOB_TEST_STATUS"   // file that gets its exit status
	varTerminal = "FOB_TEST_TERMINAL" // set: keep the terminal that it was given
)

// fobMain is main.go with a clock that scripts can move. It sets no umask of its
// own: that fob's files are private must not depend on the user's.
func fobMain() {
	syscall.Umask(0)
	if os.Getenv(varTerminal) == "" {
		_, _ = syscall.Setsid() // the developer's terminal is not to be asked on
	}
	sys := cli.Real()
	if ahead, err := time.ParseDuration(os.Getenv(varClock)); err == nil {
		sys.Now = func() time.Time { return time.Now().Add(ahead) }
	}
	status := cli.Main(context.Background(), os.Args[1:], sys)
	if file := os.Getenv(varStatus); file != "" {
		if err := os.WriteFile(file, []byte(strconv.Itoa(status)), 0o600); err != nil {
			panic(err)
		}
	}
	os.Exit(status)
}

// mfacodeMain prints what the MFA device of the script's user shows now.
func mfacodeMain() {
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
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		Setup:              setup,
		Cmds:               scriptCommands(),
		Condition:          condition,
		UpdateScripts:      *update,
		RequireUniqueNames: true,
	})
}

// condition knows [has:PROGRAM], which is [exec:PROGRAM] where tests may be skipped.
func condition(cond string) (bool, error) {
	program, ok := strings.CutPrefix(cond, "has:")
	if !ok {
		return false, fmt.Errorf("unknown condition %q", cond)
	}
	_, err := exec.LookPath(program)
	if err != nil && noSkip() {
		return false, fmt.Errorf("%s is not installed, and nothing may be skipped", program)
	}
	return err == nil, nil
}

func noSkip() bool { return os.Getenv("FOB_TEST_NO_SKIP") != "" }
