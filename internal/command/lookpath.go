package command

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// LookPath finds the program name: an absolute path is taken as it is, a plain
// name is looked up in getenv("PATH"), skipping empty and relative entries, so
// that the current folder never decides what runs. The result is absolute.
//
// Errors: *Error with ErrNotFound, ErrNotExecutable or ErrNotAbsolute.
func LookPath(name string, getenv func(string) string) (string, error) {
	suffixes := suffixes(name, getenv)
	if filepath.IsAbs(name) {
		return found(name, name, suffixes)
	}
	switch {
	case name == "":
		return "", &Error{name, ErrNotFound}
	case name == ".", name == "..", strings.ContainsAny(name, separators()):
		return "", &Error{name, ErrNotAbsolute}
	}
	result := error(&Error{name, ErrNotFound})
	for _, dir := range filepath.SplitList(getenv("PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		path, err := found(name, filepath.Join(dir, name), suffixes)
		if err == nil {
			return path, nil
		}
		if errors.Is(err, ErrNotExecutable) { // look on, but remember, as execvp does
			result = err
		}
	}
	return "", result
}

// found tries path with each of the suffixes.
func found(name, path string, suffixes []string) (string, error) {
	result := ErrNotFound
	for _, suffix := range suffixes {
		info, err := os.Stat(path + suffix)
		switch {
		case err != nil:
		case info.Mode().IsRegular() && executable(path+suffix):
			return path + suffix, nil
		default:
			result = ErrNotExecutable
		}
	}
	return "", &Error{name, result}
}

func separators() string {
	if runtime.GOOS == "windows" {
		return `/\:`
	}
	return "/"
}

// suffixes are what may be missing at the end of a program's name.
func suffixes(name string, getenv func(string) string) []string {
	if runtime.GOOS != "windows" {
		return []string{""}
	}
	list := getenv("PATHEXT")
	if list == "" {
		list = ".com;.exe;.bat;.cmd"
	}
	extensions := strings.Split(strings.ToLower(list), ";")
	if slices.Contains(extensions, strings.ToLower(filepath.Ext(name))) {
		return append([]string{""}, extensions...)
	}
	return extensions
}

// getenv looks names up in an environment as the system does: of two equal
// names the last counts, and Windows knows no letter case.
func getenv(environ []string) func(string) string {
	return func(name string) string {
		for _, entry := range slices.Backward(environ) {
			key, value, _ := strings.Cut(entry, "=")
			if key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name) {
				return value
			}
		}
		return ""
	}
}
