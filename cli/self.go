package cli

import (
	"os"
	"path/filepath"
	"strings"

	"fob/internal/command"
)

// isSelf says whether a credential_process line is fob for this very profile.
func (a *app) isSelf(line, profile string) bool {
	words, err := command.Split(line)
	if err != nil || len(words) < 2 || !a.isFob(words[0]) {
		return false
	}
	if words[1] != "process" && words[1] != "credential-process" {
		return false
	}
	for i, w := range words[2:] {
		rest := words[2+i+1:]
		switch {
		case (w == "-p" || w == "--profile") && len(rest) > 0:
			return rest[0] == profile
		case strings.HasPrefix(w, "--profile="):
			return strings.TrimPrefix(w, "--profile=") == profile
		case strings.HasPrefix(w, "-p") && len(w) > 2:
			return strings.TrimPrefix(w[2:], "=") == profile
		}
	}
	return false
}

// isFob says whether a program is fob: by its name, or because it is the very
// file that is running.
func (a *app) isFob(program string) bool {
	if strings.TrimSuffix(filepath.Base(program), ".exe") == "fob" {
		return true
	}
	self, err := a.sys.Executable()
	if err != nil {
		return false
	}
	mine, err := os.Stat(self)
	if err != nil {
		return false
	}
	theirs, err := os.Stat(program)
	return err == nil && os.SameFile(mine, theirs)
}
