package parents

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// lookup searches a snapshot of all processes. SDKs run a credential process by way
// of cmd.exe; behind one that a person types into stands the desktop.
func lookup(pid int) (process, bool) {
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return process{}, false
	}
	defer func() { _ = windows.CloseHandle(snapshot) }()
	var e windows.ProcessEntry32
	e.Size = uint32(unsafe.Sizeof(e))
	for err = windows.Process32First(snapshot, &e); err == nil; err = windows.Process32Next(snapshot, &e) {
		if e.ProcessID == uint32(pid) {
			name := windows.UTF16ToString(e.ExeFile[:])
			return process{name, int(e.ParentProcessID), strings.EqualFold(name, "cmd.exe")}, true
		}
	}
	return process{}, false
}
