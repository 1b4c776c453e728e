package cli

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fob/internal/atomicfile"
	"fob/internal/awsedit"
	"fob/internal/awsfile"
	"fob/internal/command"
	"fob/shell"
)

// endpointProfile has no credentials of its own in the copy of the config file, so
// that SDKs go on to the endpoint.
const endpointProfile = "fob-exec"

// configForEndpoint makes SDKs use the endpoint although [default] has credentials,
// which all of them would take first: the variables name a profile without any,
// in a copy of the config file. The copy has the settings of [default] under that
// name and all other sections as they are, but none with a key in it: no secret
// is written. Where [default] has no credentials, the files are left alone.
func (a *app) configForEndpoint() ([]shell.Var, error) {
	a.warnBoto()
	files, err := a.awsFiles()
	if err != nil {
		return nil, err
	}
	section, err := files.Profile("default")
	switch {
	case errors.Is(err, awsfile.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		a.p.warn("AWS SDKs may not get as far as the endpoint: " + err.Error())
		return nil, nil
	case !slices.ContainsFunc(section.Keys(), func(key string) bool { return ofCredentials(key) && has(section, key) }):
		return nil, nil
	}
	name := unusedName(files.Names())
	text, err := endpointConfig(files, section, name)
	if err != nil {
		return nil, err
	}
	path, err := a.writeEndpointConfig(files.Paths().Config.Name, text)
	return []shell.Var{{Name: awsfile.ConfigVariable, Value: path}, {Name: "AWS_PROFILE", Value: name}}, err
}

// ofCredentials says whether a key of a profile is about credentials.
func ofCredentials(key string) bool {
	switch key {
	case "role_arn", "role_session_name", "source_profile", "credential_source", "credential_process",
		"web_identity_token_file", "external_id", "duration_seconds", "mfa_serial", "mfa_process", "login_session":
		return true
	}
	return strings.HasPrefix(key, "aws_") || strings.HasPrefix(key, "sso_") || strings.HasPrefix(key, "fob_")
}

func has(s awsfile.Section, key string) bool {
	_, ok := s.Get(key)
	return ok
}

func unusedName(taken []string) string {
	name := endpointProfile
	for i := 2; slices.Contains(taken, name); i++ {
		name = endpointProfile + "-" + strconv.Itoa(i)
	}
	return name
}

// endpointConfig is the text of the copy.
func endpointConfig(files *awsfile.Files, settings awsfile.Section, name string) ([]byte, error) {
	path := files.Paths().Config.Name
	data, err := readTrusted(path)
	if err != nil {
		return nil, &failure{code: exitConfig, what: "cannot make AWS SDKs prefer the endpoint to [default]", why: err.Error(), next: "chmod go-w " + word(path), err: err}
	}
	if data, err = withoutKeys(files, path, data); err != nil {
		return nil, &failure{code: exitConfig, what: "cannot make AWS SDKs prefer the endpoint to [default]", why: err.Error(), next: "fob import --all, so that no key lies in the AWS files", err: err}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Made by fob exec --server. A change belongs in the file that this is a copy of.\n[profile %s]\n", name)
	for _, key := range settings.Keys() {
		if v, ok := settings.Get(key); ok && !ofCredentials(key) {
			fmt.Fprintf(&b, "%s = %s\n", key, strings.ReplaceAll(v.Text, "\n", "\n  "))
		}
	}
	b.WriteByte('\n')
	b.Write(bytes.TrimPrefix(data, []byte("\ufeff")))
	return b.Bytes(), nil
}

// withoutKeys takes out every profile with a key: without it, an SDK that is asked
// for the profile would go on to the endpoint as well. A line that names a secret
// goes in any case, even as a comment.
func withoutKeys(files *awsfile.Files, path string, data []byte) ([]byte, error) {
	if !slices.ContainsFunc(bytes.Split(data, []byte("\n")), namesSecret) {
		return data, nil
	}
	var drops []awsedit.Edit
	for _, name := range files.Names() {
		s, err := files.Profile(name)
		if s = s.In(path); err == nil && slices.ContainsFunc(s.Keys(), func(key string) bool { return namesSecret([]byte(key)) }) {
			drops = append(drops, awsedit.Edit{Profile: name, Drop: true})
		}
	}
	draft, err := awsedit.New(path, data, awsedit.Config, drops...)
	if err != nil {
		return nil, err
	}
	lines := slices.DeleteFunc(bytes.Split(draft.Bytes(), []byte("\n")), namesSecret)
	return bytes.Join(lines, []byte("\n")), nil
}

func namesSecret(line []byte) bool {
	line = bytes.ToLower(line)
	return slices.ContainsFunc([]string{"aws_secret_access_key", "aws_session_token", "aws_security_token"}, func(key string) bool {
		return bytes.Contains(line, []byte(key))
	})
}

// readTrusted reads a file whose commands fob, and SDKs, would run from its copy
// without a doubt: what others may write is not copied. A missing one is empty.
func readTrusted(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = command.Trusted(path, info)
	}
	if err != nil {
		return nil, err
	}
	return readRegular(path)
}

// writeEndpointConfig puts the copy into fob's folder, one for each config file.
func (a *app) writeEndpointConfig(of string, text []byte) (path string, err error) {
	dir, err := a.subdir("exec")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(of))
	name := "config-" + hex.EncodeToString(sum[:8])
	if err := atomicfile.WriteFast(dir, name, text); err != nil {
		return "", err
	}
	return filepath.Abs(filepath.Join(dir.Name(), name))
}

// warnBoto tells of keys that boto3 alone prefers to the endpoint.
func (a *app) warnBoto() {
	const most = 64 << 10
	places := []string{"/etc/boto.cfg", filepath.Join(awsfile.Home(a.sys.Getenv, a.sys.GOOS), ".boto")}
	if named := a.env("BOTO_CONFIG"); named != "" {
		places = []string{named}
	}
	for _, path := range places {
		if info, err := os.Stat(path); err != nil || info.Size() > most {
			continue
		}
		if raw, err := readRegular(path); err == nil && bytes.Contains(raw, []byte("aws_secret_access_key")) {
			a.p.warn("boto3 takes the key in " + path + " and not the credentials of " + cmp.Or(a.g.Profile, "this profile"))
		}
	}
}
