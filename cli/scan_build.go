package cli

import (
	"runtime/debug"
	"strings"
)

// varBuild tells fob-scan which build of fob started it.
const varBuild = "FOB_BUILD"

// build says which build this is: two programs of one build say the same.
func build() string {
	id := []string{version}
	if b, ok := debug.ReadBuildInfo(); ok {
		id = append(id, b.Main.Version)
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
				id = append(id, s.Value)
			}
		}
	}
	return strings.TrimSpace(strings.Join(id, " "))
}

// Version is the version that a release has, "devel" for any other build.
func Version() string {
	if version == "" {
		return "devel"
	}
	return version
}

// SameBuild fails in a program that fob of another build started: the two share files,
// locks and forms.
func SameBuild(sys System) error {
	theirs := sys.Getenv(varBuild)
	if theirs == "" || theirs == build() {
		return nil
	}
	self, err := sys.Executable()
	if err != nil {
		self = scanProgram
	}
	return &failure{code: exitConfig, what: "fob and " + scanProgram + " are not of the same build",
		why:  "fob is " + theirs + ", " + self + " is " + build(),
		next: "install both from one release; from source: go install ./..."}
}
