package awsfile

import (
	"fmt"
	"strings"
)

// The variables that name the two files.
const (
	ConfigVariable      = "AWS_CONFIG_FILE"
	CredentialsVariable = "AWS_SHARED_CREDENTIALS_FILE"
)

// Path is where one of the files is expected.
type Path struct {
	Name     string // empty when no place is known, because there is no home directory
	Variable string // the variable that named it; empty for the default place
}

// Paths is where both files are expected.
type Paths struct {
	Config      Path
	Credentials Path
}

// Locate finds the places of the files as the SDKs do: the two variables, with
// a leading ~ expanded and an empty value as unset, else .aws in [Home]. Whether
// the files exist is for [Read] to find out. The one error is a variable that
// needs a home directory where there is none.
func Locate(getenv func(string) string, goos string) (Paths, error) {
	var paths Paths
	var err error
	if paths.Config, err = locate(getenv, goos, ConfigVariable, "config"); err != nil {
		return Paths{}, err
	}
	if paths.Credentials, err = locate(getenv, goos, CredentialsVariable, "credentials"); err != nil {
		return Paths{}, err
	}
	return paths, nil
}

// Home is the user's home directory as the SDKs find it: HOME everywhere; on
// Windows then USERPROFILE, then HOMEDRIVE and HOMEPATH together. It is empty
// when none of them is set.
func Home(getenv func(string) string, goos string) string {
	if home := getenv("HOME"); home != "" || goos != "windows" {
		return home
	}
	if home := getenv("USERPROFILE"); home != "" {
		return home
	}
	if path := getenv("HOMEPATH"); path != "" {
		return getenv("HOMEDRIVE") + path
	}
	return ""
}

func locate(getenv func(string) string, goos, variable, base string) (Path, error) {
	home, separator := Home(getenv, goos), "/"
	if goos == "windows" {
		separator = `\`
	}
	named := getenv(variable)
	if named == "" {
		if home == "" {
			return Path{}, nil
		}
		return Path{Name: strings.TrimSuffix(home, separator) + separator + ".aws" + separator + base}, nil
	}
	if !startsAtHome(named, goos) {
		return Path{Name: named, Variable: variable}, nil
	}
	if home == "" {
		return Path{}, fmt.Errorf("expand %s=%q: there is no home directory, HOME is not set", variable, named)
	}
	return Path{Name: strings.TrimSuffix(home, separator) + named[1:], Variable: variable}, nil
}

// startsAtHome says whether a path is ~ or lies below it. ~user is not a form
// that all SDKs know and stays a name like any other.
func startsAtHome(path, goos string) bool {
	return path == "~" || strings.HasPrefix(path, "~/") ||
		goos == "windows" && strings.HasPrefix(path, `~\`)
}
