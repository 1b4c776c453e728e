package awsfile

import (
	"fmt"
	"strings"
	"testing"
)

var benchSizes = []int{10, 1000, 10000}

// benchFiles makes a config file of n profiles, about 330 bytes each, with a
// chain of three profiles in the middle, and a credentials file with a key.
func benchFiles(n int) (config, credentials string) {
	var text strings.Builder
	for i := range n {
		if i == n/2 {
			text.WriteString("[profile top]\nrole_arn = arn:aws:iam::123456789012:role/Top\nsource_profile = middle\nregion = eu-west-1\n" +
				"[profile middle]\nrole_arn = arn:aws:iam::123456789012:role/Middle\nsource_profile = base\n" +
				"[profile base]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::123456789012:mfa/ann\n\n")
		}
		fmt.Fprintf(&text, "[profile account-%05d-administrator]\n# managed, do not edit\nsso_session = company\nsso_account_id = %012d\n"+
			"sso_role_name = AdministratorAccess\nrole_arn = arn:aws:iam::%012d:role/OrganizationAccountAccessRole\nsource_profile = base\n"+
			"region = eu-central-1\noutput = json\ncli_pager =\n\n", i, i, i)
	}
	return text.String(), "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
}

func benchmark(b *testing.B, run func(b *testing.B, files *Files)) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			config, credentials := benchFiles(n)
			files := read(b, config, credentials)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				run(b, files)
			}
		})
	}
}

// BenchmarkRead is the quick pass alone: the files are in memory.
func BenchmarkRead(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			config, credentials := benchFiles(n)
			texts := map[string][]byte{"config": []byte(config), "credentials": []byte(credentials)}
			b.SetBytes(int64(len(config)))
			for b.Loop() {
				if _, err := Read(Paths{Config: Path{Name: "config"}, Credentials: Path{Name: "credentials"}},
					func(path string) ([]byte, error) { return texts[path], nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChain looks up a chain of three profiles.
func BenchmarkChain(b *testing.B) {
	benchmark(b, func(b *testing.B, files *Files) {
		for _, name := range []string{"top", "middle", "base"} {
			if _, err := files.Profile(name); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkBroken(b *testing.B) {
	benchmark(b, func(_ *testing.B, files *Files) { files.Broken() })
}

func BenchmarkLint(b *testing.B) {
	benchmark(b, func(_ *testing.B, files *Files) { files.Lint() })
}

func BenchmarkNames(b *testing.B) {
	benchmark(b, func(_ *testing.B, files *Files) { files.Names() })
}

func BenchmarkDump(b *testing.B) {
	benchmark(b, func(b *testing.B, files *Files) {
		if _, _, err := files.Dump(false); err != nil {
			b.Fatal(err)
		}
	})
}
