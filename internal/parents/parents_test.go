package parents

import "testing"

func TestWaiting(t *testing.T) {
	for _, tt := range []struct {
		name  string
		chain []process // from the parent on, pids from 100
		want  Process
	}{
		{"an SDK", []process{{name: "terraform"}}, Process{100, "terraform"}},
		{"an SDK by way of a shell", []process{{name: "sh", oneCommand: true}, {name: "node"}}, Process{101, "node"}},
		{"two shells", []process{{name: "dash", oneCommand: true}, {name: "bash", oneCommand: true}, {name: "make"}}, Process{102, "make"}},
		{"typed", []process{{name: "bash"}, {name: "terminal"}}, Process{}},
		{"a login shell", []process{{name: "-zsh"}}, Process{}},
		{"typed in a shell's command", []process{{name: "sh", oneCommand: true}, {name: "fish"}}, Process{}},
		{"Windows", []process{{name: "cmd.exe", oneCommand: true}, {name: "Code.exe"}}, Process{101, "Code.exe"}},
		{"typed at cmd.exe", []process{{name: "cmd.exe", oneCommand: true}, {name: "explorer.exe"}}, Process{}},
		{"PowerShell", []process{{name: "PowerShell.EXE"}, {name: "explorer.exe"}}, Process{}},
		{"the desktop", []process{{name: "systemd"}}, Process{}},
		{"nobody", nil, Process{}},
		{"shells without end", []process{{name: "sh", oneCommand: true}, {name: "sh", oneCommand: true}, {name: "sh", oneCommand: true}, {name: "sh", oneCommand: true}, {name: "sh", oneCommand: true}, {name: "aws"}}, Process{}},
		{"a name that looks like none", []process{{name: "sh\x1b[2J"}}, Process{100, "sh\x1b[2J"}},
	} {
		got, ok := waiting(100, func(pid int) (process, bool) {
			if i := pid - 100; i < len(tt.chain) {
				p := tt.chain[i]
				p.parent = pid + 1
				return p, true
			}
			return process{}, false
		})
		if got != tt.want || ok != (tt.want != Process{}) {
			t.Errorf("%s: %v, %v", tt.name, got, ok)
		}
	}
}
