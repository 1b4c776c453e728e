package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the release build.
var version = ""

type versionCmd struct{}

func (versionCmd) Help() string {
	return "Needs neither a keychain nor a network.\n\nExample:\n  fob version"
}

func (versionCmd) Run(a *app) error {
	v := version
	if v == "" {
		v = "devel"
		if b, ok := debug.ReadBuildInfo(); ok {
			for _, s := range b.Settings {
				if s.Key == "vcs.revision" && len(s.Value) >= 12 {
					v += " " + s.Value[:12]
				}
			}
		}
	}
	_, err := fmt.Fprintf(a.sys.Stdout, "fob %s %s %s/%s\n", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
