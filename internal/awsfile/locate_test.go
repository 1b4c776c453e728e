package awsfile

import (
	"strings"
	"testing"
)

func TestLocate(t *testing.T) {
	tests := []struct {
		name, goos          string
		env                 map[string]string
		config, credentials Path
	}{
		{"HOME", "linux", map[string]string{"HOME": "/home/ann", "USERPROFILE": "no", "HOMEDRIVE": "no", "HOMEPATH": "no"},
			Path{Name: "/home/ann/.aws/config"}, Path{Name: "/home/ann/.aws/credentials"}},
		{"HOME ends with a slash", "darwin", map[string]string{"HOME": "/"},
			Path{Name: "/.aws/config"}, Path{Name: "/.aws/credentials"}},
		{"HOME on Windows", "windows", map[string]string{"HOME": `C:\users\ann`, "USERPROFILE": "no", "HOMEDRIVE": "no", "HOMEPATH": "no"},
			Path{Name: `C:\users\ann\.aws\config`}, Path{Name: `C:\users\ann\.aws\credentials`}},
		{"USERPROFILE", "windows", map[string]string{"USERPROFILE": `C:\users\ann`, "HOMEDRIVE": "no", "HOMEPATH": "no"},
			Path{Name: `C:\users\ann\.aws\config`}, Path{Name: `C:\users\ann\.aws\credentials`}},
		{"HOMEDRIVE and HOMEPATH", "windows", map[string]string{"HOMEDRIVE": "C:", "HOMEPATH": `\users\ann`},
			Path{Name: `C:\users\ann\.aws\config`}, Path{Name: `C:\users\ann\.aws\credentials`}},
		{"only Windows has the others", "linux", map[string]string{"USERPROFILE": "no", "HOMEDRIVE": "no", "HOMEPATH": "no"},
			Path{}, Path{}},
		{"named config", "linux", map[string]string{"HOME": "/h", "AWS_CONFIG_FILE": "/x/c"},
			Path{"/x/c", "AWS_CONFIG_FILE"}, Path{Name: "/h/.aws/credentials"}},
		{"named credentials", "windows", map[string]string{"HOME": `C:\h`, "AWS_SHARED_CREDENTIALS_FILE": `D:\x`},
			Path{Name: `C:\h\.aws\config`}, Path{`D:\x`, "AWS_SHARED_CREDENTIALS_FILE"}},
		{"empty is unset", "linux", map[string]string{"HOME": "/h", "AWS_CONFIG_FILE": ""},
			Path{Name: "/h/.aws/config"}, Path{Name: "/h/.aws/credentials"}},
		{"tilde", "linux", map[string]string{"HOME": "/h/", "AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "~"},
			Path{"/h/c", "AWS_CONFIG_FILE"}, Path{"/h", "AWS_SHARED_CREDENTIALS_FILE"}},
		{"tilde on Windows", "windows", map[string]string{"USERPROFILE": `C:\h`, "AWS_CONFIG_FILE": `~\c`, "AWS_SHARED_CREDENTIALS_FILE": "~/c"},
			Path{`C:\h\c`, "AWS_CONFIG_FILE"}, Path{`C:\h/c`, "AWS_SHARED_CREDENTIALS_FILE"}},
		{"a tilde that is none", "linux", map[string]string{"HOME": "/h", "AWS_CONFIG_FILE": "~ann/c", "AWS_SHARED_CREDENTIALS_FILE": `~\c`},
			Path{"~ann/c", "AWS_CONFIG_FILE"}, Path{`~\c`, "AWS_SHARED_CREDENTIALS_FILE"}},
		{"no home is needed", "linux", map[string]string{"AWS_CONFIG_FILE": "c", "AWS_SHARED_CREDENTIALS_FILE": "/d"},
			Path{"c", "AWS_CONFIG_FILE"}, Path{"/d", "AWS_SHARED_CREDENTIALS_FILE"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			paths, err := Locate(func(name string) string { return test.env[name] }, test.goos)
			if err != nil {
				t.Fatal(err)
			}
			if want := (Paths{test.config, test.credentials}); paths != want {
				t.Errorf("got %+v, want %+v", paths, want)
			}
		})
	}
}

func TestLocateTildeWithoutHome(t *testing.T) {
	for _, variable := range []string{ConfigVariable, CredentialsVariable} {
		env := map[string]string{variable: "~/x"}
		_, err := Locate(func(name string) string { return env[name] }, "linux")
		if err == nil || !strings.Contains(err.Error(), variable) || !strings.Contains(err.Error(), "HOME") {
			t.Errorf("got %v, want an error that names %s and HOME", err, variable)
		}
	}
}
