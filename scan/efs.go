package scan

import "fob/scan/policy"

// EFSFileSystem is an EFS file system.
type EFSFileSystem struct {
	Resource
	FileSystemId string
	Encrypted    *bool

	Policy Val[policy.Document] `op:"elasticfilesystem:DescribeFileSystemPolicy"`
}

var efsFileSystems = newKind[EFSFileSystem]("AWS::EFS::FileSystem", "efs", Regional, "elasticfilesystem:DescribeFileSystems")

func efsKinds() []*Kind { return []*Kind{efsFileSystems.Kind} }

func efsChecks() []Check {
	const fileSystem = "AWS::EFS::FileSystem"
	return []Check{
		Each(efsFileSystems, Check{
			ID: "efs-encrypted", Title: "EFS unencrypted", Severity: Medium,
			Service: "efs", Type: fileSystem,
			Why:  "Files and backups can be read without a key that could be withheld, and encryption cannot be added later.",
			Fix:  "Copy the files to a new, encrypted file system (AWS DataSync or a restored backup) and mount that one.",
			Refs: []string{"cis-3.0:2.4.1", "cis-5.0:2.3.1", "cis-7.0:3.3.1", "fsbp:EFS.1"},
		}, func(f *EFSFileSystem, _ *Params) Verdict {
			switch {
			case f.Encrypted == nil:
				return badAnswer("elasticfilesystem:DescribeFileSystems", &f.Resource, "no Encrypted")
			case *f.Encrypted:
				return Pass("the file system is encrypted")
			}
			return Fail("the file system is not encrypted").At("Encrypted", false)
		}),
		Each(efsFileSystems, Check{
			ID: "efs-public-policy", Title: "EFS policy lets any client mount", Severity: High,
			Service: "efs", Type: fileSystem,
			Why:   "Every machine that reaches a mount target can mount the file system, and mostly write to it as root.",
			Fix:   "Set a file system policy that names the roles which may mount, or that demands elasticfilesystem:AccessedViaMountTarget; deny what comes without TLS.",
			Refs:  []string{"cis-7.0:2.21"},
			Needs: []string{"Policy"},
		}, efsPolicy),
	}
}

func efsPolicy(f *EFSFileSystem, _ *Params) Verdict {
	if f.Policy.State == Absent {
		return Fail("there is no file system policy, so every client that reaches a mount target may mount and write").At("Policy", nil)
	}
	return openPolicy("Policy", f.Policy, policy.Query{Binding: []string{"elasticfilesystem:accessedviamounttarget"}})
}
