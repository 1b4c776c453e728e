package parents

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The test binary is its own child, with or without a shell between.
func TestMain(m *testing.M) {
	if os.Getenv("FOB_PARENTS_TEST") != "" {
		fmt.Println(Waiting())
		return
	}
	os.Exit(m.Run())
}

func TestOfThisProcess(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("FOB_PARENTS_TEST", "1")
	want := fmt.Sprintln(Process{os.Getpid(), filepath.Base(self)}, true)
	for name, argv := range map[string][]string{
		"directly":   {self},
		"by a shell": {"/bin/sh", "-c", self + "; exit 0"},
	} {
		got, err := exec.Command(argv[0], argv[1:]...).Output()
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
	}
	script := filepath.Join(t.TempDir(), "a-program-with-a-long-name")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"+self+"\nexit 0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(script)
	got, err := cmd.Output()
	if want := fmt.Sprintln(Process{cmd.Process.Pid, "a-program-with-"}, true); err != nil || string(got) != want {
		t.Errorf("by a script: %q, %v, want %q", got, err, want)
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add("12 (a) b) S 7 12 12")
	f.Add("12 (sh) S")
	f.Add(")(")
	f.Fuzz(func(t *testing.T, stat string) { parseStat(stat) })
}

func TestParseStat(t *testing.T) {
	for stat, want := range map[string]process{
		"12 (sh) S 7 12 12 0":         {name: "sh", parent: 7},
		"12 (a) S 1 (b) R 7 12 12 0":  {name: "a) S 1 (b", parent: 7},
		"12 ((sd-pam)) S 7 12 12 0\n": {name: "(sd-pam)", parent: 7},
	} {
		if got, ok := parseStat(stat); got != want || !ok {
			t.Errorf("%q: %v, %v", stat, got, ok)
		}
	}
	for _, stat := range []string{"", "12", ")(", "12 (sh)", "12 (sh) S", "12 (sh) S x"} {
		if got, ok := parseStat(stat); ok {
			t.Errorf("%q: %v", stat, got)
		}
	}
}

func TestRunsOneCommand(t *testing.T) {
	for cmdline, want := range map[string]bool{
		"sh\x00-c\x00fob\x00": true, "bash\x00-ec\x00fob\x00": true, "bash\x00-lc\x00fob": true,
		"bash\x00": false, "-bash\x00": false, "bash\x00script-c\x00": false, "bash\x00--rcfile\x00x\x00": false, "": false, "sh\x00-e\x00-c\x00": false,
	} {
		if got := runsOneCommand([]byte(cmdline)); got != want {
			t.Errorf("%q: %v", cmdline, got)
		}
	}
}
