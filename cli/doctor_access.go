package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"fob/internal/atomicfile"
	"fob/internal/awsfile"
	"fob/internal/command"
)

const (
	othersRead  = 0o044
	othersWrite = 0o022
	othersAny   = 0o077
)

// checkReadableKeys looks at the files that hold keys; a config file without any
// may be for all to read.
func checkReadableKeys(_ context.Context, x *exam) []finding {
	holds := map[string]bool{x.paths.Credentials.Name: true}
	for e := range x.read() {
		for _, v := range e.section.All("aws_secret_access_key") {
			holds[v.File] = true
		}
	}
	var all []finding
	for _, p := range []awsfile.Path{x.paths.Config, x.paths.Credentials} {
		info, unknown := modeOf(p.Name)
		all = append(all, unknown...)
		if x.files == nil && info != nil && !holds[p.Name] {
			all = append(all, notChecked("whether %s holds keys, as it was not read", p.Name))
		}
		if holds[p.Name] && info != nil && info.Mode().Perm()&othersRead != 0 {
			all = append(all, openToOthers(p.Name, info, "read", "chmod 600 "+word(p.Name)))
		}
	}
	return all
}

// modeOf is a file's mode; nil and no finding when it is not there.
func modeOf(path string) (fs.FileInfo, []finding) {
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, []finding{notChecked("its mode: %v", err).at(awsfile.Position{File: path})}
	}
	return info, nil
}

// openToOthers is a file or folder that others may read or write.
func openToOthers(path string, info fs.FileInfo, do, next string) finding {
	return needsCare(next, "others can %s it (mode %04o)", do, info.Mode().Perm()).at(awsfile.Position{File: path})
}

// checkWritable: who can write a file, or put another in its place, decides what
// runs and which keys are used.
func checkWritable(_ context.Context, x *exam) []finding {
	var all []finding
	folders := map[string]bool{}
	for _, p := range []awsfile.Path{x.paths.Config, x.paths.Credentials} {
		path, err := filepath.Abs(p.Name)
		if p.Name == "" || err != nil {
			continue
		}
		info, _ := modeOf(path) // what is not known is told by checkReadableKeys
		if info == nil || !info.Mode().IsRegular() {
			continue
		}
		all = append(all, mistrusted(path, info)...)
		folder := filepath.Dir(path)
		if info, _ := modeOf(folder); info != nil && !folders[folder] && info.Mode()&fs.ModeSticky == 0 {
			all = append(all, mistrusted(folder, info)...)
		}
		folders[folder] = true
	}
	return all
}

func mistrusted(path string, info fs.FileInfo) []finding {
	if info.Mode().Perm()&othersWrite != 0 {
		return []finding{openToOthers(path, info, "write", "chmod go-w "+word(path))}
	}
	var u *command.UntrustedError
	switch err := command.Trusted(path, info); {
	case errors.As(err, &u):
		return []finding{needsCare("sudo chown $(id -u) "+word(path), "%s", u.Reason).at(awsfile.Position{File: path})}
	case err != nil:
		return []finding{notChecked("its owner: %v", err).at(awsfile.Position{File: path})}
	}
	return nil
}

// mostFobFiles is how many of fob's own files are looked at: an old cache may hold
// many sessions, and no more than that.
const mostFobFiles = 20000

// checkFobFiles walks fob's own folder.
func checkFobFiles(ctx context.Context, x *exam) []finding {
	dir, err := x.a.dir(false)
	var u *atomicfile.UntrustedError
	switch {
	case errors.As(err, &u):
		return []finding{x.fromError(err).at(awsfile.Position{File: u.Path})}
	case err != nil:
		return []finding{notChecked("fob's folder: %v", err)}
	case dir == nil:
		return nil
	}
	var all []finding
	n := 0
	err = fs.WalkDir(dir.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if n++; n > mostFobFiles || ctx.Err() != nil {
			all = append(all, notChecked("the rest of more than %d files of fob's", n-1))
			return fs.SkipAll
		}
		path := filepath.Join(dir.Name(), filepath.FromSlash(name))
		if err == nil {
			var info fs.FileInfo
			if info, err = d.Info(); err == nil {
				all = append(all, fobFile(path, info)...)
			}
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // sessions come and go
			all = append(all, notChecked("its mode: %v", err).at(awsfile.Position{File: path}))
		}
		return nil
	})
	if err != nil {
		all = append(all, notChecked("fob's folder: %v", err))
	}
	return all
}

func fobFile(path string, info fs.FileInfo) []finding {
	mode := info.Mode()
	switch {
	case mode.Type() != 0 && !mode.IsDir():
		return []finding{needsCare("rm "+word(path), "it is a %s, and fob makes none", kindOf(mode)).at(awsfile.Position{File: path})}
	case mode.Perm()&othersWrite != 0:
		return []finding{openToOthers(path, info, "write", "chmod go-rwx "+word(path))}
	case mode.Perm()&othersAny != 0:
		return []finding{openToOthers(path, info, "read", "chmod go-rwx "+word(path)).as(sevWarn)}
	}
	return nil
}

func kindOf(mode fs.FileMode) string {
	if mode.Type() == fs.ModeSymlink {
		return "symbolic link"
	}
	return fmt.Sprintf("special file (%v)", mode.Type())
}
