package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// world is the temporary folder, the home of all that the demo runs.
type world struct {
	home      string
	fob       string // the program
	env       []string
	terminals bool // fob can be given a terminal of its own
}

// newWorld makes the folder, with the files that a user of AWS has. When it fails
// the folder that it made is in the world that it returns, for remove.
func newWorld(aws *cloud) (*world, error) {
	home, err := os.MkdirTemp("", "fob-demo-")
	if err != nil {
		return nil, err
	}
	w := &world{home: home}
	// fob trusts a runtime folder only without symbolic links on the way to it.
	straight, err := filepath.EvalSymlinks(home)
	if err != nil {
		return w, err
	}
	w.fob = w.path("bin", "fob"+exe())
	w.env = w.environ(aws, filepath.Join(straight, "run"))
	for _, dir := range []string{".aws", "bin", "run", "tmp"} {
		err = errors.Join(err, os.Mkdir(w.path(dir), 0o700))
	}
	return w, errors.Join(err,
		w.write(configFile(aws), ".aws", "config"),
		w.write(keyFile(aws), keyCSV),
		w.write("correct horse battery staple\n", passphraseFile))
}

const (
	keyCSV         = "ann_accessKeys.csv"
	passphraseFile = "passphrase"
)

// configFile is ~/.aws/config: ann's own profile, and three roles above it.
func configFile(aws *cloud) string {
	return fmt.Sprintf(`[profile dev]
mfa_serial = %s
region = eu-west-1

[profile ops]
role_arn = %s
source_profile = dev

[profile audit]
role_arn = %s
source_profile = dev

[profile partner]
role_arn = %s
external_id = %s
source_profile = dev
`, aws.device.Serial, roleARN(account, "Ops"), roleARN(account, "Audit"), roleARN(partner, "Partner"), externalID)
}

// keyFile is what AWS's console lets a user download.
func keyFile(aws *cloud) string {
	return "Access key ID,Secret access key\n" + aws.ann.Key.ID + "," + aws.ann.Key.Secret + "\n"
}

// environ is all that fob gets: nothing of the user's AWS and fob settings, of
// CI, and of the desktop.
func (w *world) environ(aws *cloud, runtimeDir string) []string {
	env := []string{
		"PATH=" + w.path("bin") + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + w.home,
		"USERPROFILE=" + w.home,
		"USER=ann",
		"TMPDIR=" + w.path("tmp"),
		"TMP=" + w.path("tmp"),
		"TEMP=" + w.path("tmp"),
		"XDG_RUNTIME_DIR=" + runtimeDir,
		"FOB_DIR=" + w.fobDir(),
		"FOB_ASK=terminal", // the demo answers there, not on the desktop
		"FOB_PASSPHRASE_FILE=" + w.path(passphraseFile),
		"AWS_ENDPOINT_URL_STS=" + aws.URL(),
		"AWS_EC2_METADATA_DISABLED=true",
	}
	if root := os.Getenv("SystemRoot"); root != "" { // Windows programs need it
		env = append(env, "SystemRoot="+root)
	}
	return env
}

// describe is what a reader should know of the environment.
func (w *world) describe() string {
	var b strings.Builder
	for _, v := range w.env {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "HOME", "FOB_DIR", "FOB_PASSPHRASE_FILE", "AWS_ENDPOINT_URL_STS":
			b.WriteString(v + "\n")
		}
	}
	return b.String()
}

func (w *world) path(names ...string) string {
	return filepath.Join(append([]string{w.home}, names...)...)
}

// fobDir is the folder of fob's own files.
func (w *world) fobDir() string { return w.path("fob") }

func (w *world) write(text string, names ...string) error {
	return os.WriteFile(w.path(names...), []byte(text), 0o600)
}

func (w *world) exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// inClear finds a file of fob's that holds one of the secrets as it is.
func (w *world) inClear(secrets []string) error {
	return filepath.WalkDir(w.fobDir(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, s := range secrets {
			if strings.Contains(string(raw), s) {
				return fmt.Errorf("%s holds a secret in clear", path)
			}
		}
		return err
	})
}

func (w *world) remove() error { return os.RemoveAll(w.home) }

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
