package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fob/internal/awsfile"
	"fob/internal/command"
	"fob/internal/display"
)

// commandKeys are the properties that hold a command line.
var commandKeys = []string{"credential_process", awsfile.WiredPrefix + "credential_process", "mfa_process"}

// checkPrograms looks for the program of each command, and runs none. What is said
// of a command is its program alone: its arguments may hold a secret.
func checkPrograms(_ context.Context, x *exam) []finding {
	var all []finding
	faults := map[string]string{}
	for e := range x.read() {
		for _, key := range commandKeys {
			v, ok := e.section.Plain(key)
			words, err := command.Split(v.Text)
			switch {
			case !ok || callsFob(words): // see checkFobOnPath
				continue
			case err != nil || len(words) == 0:
				all = append(all, needsCare(key+" = \"/path/to/program\" its arguments", "%s has no end: a quote is not closed, or the last backslash stands for nothing", key).at(v.Position).of(e.name))
				continue
			}
			fault, known := faults[words[0]]
			if !known {
				fault = x.programFault(words[0])
				faults[words[0]] = fault
			}
			if fault != "" {
				all = append(all, needsCare(x.programNext(key, words[0], e.name), "%s: %s", key, fault).at(v.Position).of(e.name))
			}
		}
	}
	return all
}

// programFault says why a program cannot be run, "" when it can.
func (x *exam) programFault(program string) string {
	_, err := command.LookPath(program, x.a.sys.Getenv)
	if err == nil {
		return ""
	}
	var c *command.Error
	if errors.As(err, &c) {
		err = c.Err
	}
	fault := fmt.Sprintf("%q: %v", display.Text(program), err)
	if command.ShellSyntax([]string{program}) != "" {
		fault += "; it runs without a shell, so that nothing in it is expanded"
	}
	return fault
}

func (x *exam) programNext(key, program, profile string) string {
	if strings.TrimSuffix(filepath.Base(program), ".exe") == "fob" {
		if edit, err := x.a.wireOf(profile); err == nil && edit.Touched() {
			return "fob wire " + word(profile)
		}
		return x.ownLine(key, profile)
	}
	return "install it, or: " + key + " = /path/to/program its arguments"
}

// ownLine is the line that calls the fob that runs now.
func (x *exam) ownLine(key, profile string) string {
	self, err := x.a.sys.Executable()
	if err != nil {
		self = "/path/to/fob"
	}
	if strings.ContainsAny(self, " \t") {
		self = `"` + self + `"`
	}
	return fmt.Sprintf("%s = %s process -p %s", key, self, word(profile))
}

// callsFob says whether a command calls fob by its mere name.
func callsFob(words []string) bool {
	return len(words) > 0 && (words[0] == "fob" || words[0] == "fob.exe")
}

// checkFobOnPath is one finding for all lines that call fob by its name.
func checkFobOnPath(_ context.Context, x *exam) []finding {
	var first awsfile.Value
	profile, calls := "", 0
	for e := range x.read() {
		v, ok := e.section.Get("credential_process")
		if words, err := command.Split(v.Text); !ok || err != nil || !callsFob(words) {
			continue
		}
		if calls++; calls == 1 {
			first, profile = v, e.name
		}
	}
	if calls == 0 {
		return nil
	}
	if _, err := command.LookPath("fob", x.a.sys.Getenv); err == nil {
		return nil
	}
	f := needsCare(x.ownLine("credential_process", profile), "fob is called by its name here (%s), and no folder of PATH has it", counted(calls, "profile")).at(first.Position).of(profile)
	if self, err := x.a.sys.Executable(); err == nil {
		if dir, ok := display.ShellWord(filepath.Dir(self)); ok {
			f.Next = fmt.Sprintf("export PATH=\"$PATH\":%s, or: %s", dir, f.Next)
		}
	}
	return []finding{f}
}
