package cli

import (
	"path/filepath"

	"fob/internal/awsfile"
)

// dirPath is the folder of fob's own files: FOB_DIR, else where the system puts
// such things. "" when there is no home.
func (a *app) dirPath() string {
	if d := a.env("FOB_DIR"); d != "" {
		if abs, err := filepath.Abs(d); err == nil {
			return abs
		}
		return d
	}
	home := awsfile.Home(a.sys.Getenv, a.sys.GOOS)
	switch a.sys.GOOS {
	case "windows":
		if d := a.env("LOCALAPPDATA"); d != "" {
			return filepath.Join(d, "fob")
		}
	case "darwin":
		if home != "" {
			return filepath.Join(home, "Library", "Application Support", "fob")
		}
	default:
		if d := a.env("XDG_DATA_HOME"); filepath.IsAbs(d) {
			return filepath.Join(d, "fob")
		}
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, ".local", "share", "fob")
}
