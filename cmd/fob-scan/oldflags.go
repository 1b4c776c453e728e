package main

import (
	"strings"
)

// oldSpelling refuses the flags of Scout2 and ScoutSuite that are spelled otherwise
// here, and says how. Flags that mean the same are the same.
func oldSpelling(args []string) error {
	for _, arg := range args {
		if arg == "--" {
			return nil
		}
		name, _, _ := strings.Cut(arg, "=")
		if old, ok := oldFlag(name); ok {
			return usage("fob scan has no "+name, old.why, old.next)
		}
	}
	return nil
}

type spelling struct{ why, next string }

func oldFlag(name string) (spelling, bool) {
	const keys = "a key on the command line can be read by every process of this machine"
	switch name {
	case "--vpc":
		return spelling{"findings are filtered when they are there, in the report or by a program", `--services ec2, then: jq 'select(.resource.arn | contains("vpc-"))' findings.jsonl`}, true
	case "--thread-config", "--max-workers":
		return spelling{"the number of calls at a time is one number, and AWS's limits are kept by themselves", "--jobs N"}, true
	case "--timestamp":
		return spelling{"every run has a folder with its time", "leave it out, or name the files: --name NAME"}, true
	case "--no-browser":
		return spelling{"a browser opens only when it is asked for", "leave it out; --open opens the report"}, true
	case "--ruleset", "--ruleset-name":
		return spelling{"checks are chosen by name, by framework or in a configuration file", "--config FILE, --framework scoutsuite or --checks ID,…"}, true
	case "--report-name":
		return spelling{"it has another name", "--name NAME"}, true
	case "--result-format":
		return spelling{"it has another name", "--format json"}, true
	case "-xr":
		return spelling{"it has no short form", "--exclude-regions NAME,…"}, true
	case "--quiet":
		return spelling{"the summary is stdout, all else is stderr", "2>/dev/null"}, true
	case "--logfile":
		return spelling{"the summary is stdout, all else is stderr", "2>FILE"}, true
	case "--access-keys", "--access-key-id", "--secret-access-key", "--session-token":
		return spelling{keys, "store it: fob add NAME; then: fob scan -p NAME"}, true
	case "--database-name", "--host-ip", "--host-port", "--sqlite":
		return spelling{"the report is one file that opens by itself", "leave it out"}, true
	case "--version":
		return spelling{"it has that of fob", "fob version"}, true
	case "--no-color", "--user-config":
		return spelling{"there is nothing to switch", "leave it out"}, true
	}
	return spelling{}, false
}
