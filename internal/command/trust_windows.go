package command

import (
	"io/fs"
	"unsafe"

	"golang.org/x/sys/windows"
)

// mistrust returns why a file is not to be trusted, or "".
func mistrust(path string, _ fs.FileInfo) (string, error) {
	const what = windows.OWNER_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION
	security, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, what)
	if err != nil {
		return "", err
	}
	owner, _, err := security.Owner()
	if err != nil {
		return "", err
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "", err
	}
	if !owner.Equals(user.User.Sid) && !isOneOf(owner, windows.WinBuiltinAdministratorsSid, windows.WinLocalSystemSid) {
		return foreignOwner, nil
	}
	list, _, err := security.DACL()
	if err != nil || list == nil { // without a list everybody may do everything
		return writableByOthers, nil
	}
	return writers(list)
}

// writers looks for an entry that lets a group of everybody write.
func writers(list *windows.ACL) (string, error) {
	const write = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.WRITE_DAC | windows.WRITE_OWNER |
		windows.GENERIC_WRITE | windows.GENERIC_ALL
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return "", err
		}
		if entry.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE ||
			entry.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || entry.Mask&write == 0 {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&entry.SidStart))
		if isOneOf(sid, windows.WinWorldSid, windows.WinAuthenticatedUserSid, windows.WinBuiltinUsersSid, windows.WinBuiltinGuestsSid) {
			return writableByOthers, nil
		}
	}
	return "", nil
}

func isOneOf(sid *windows.SID, kinds ...windows.WELL_KNOWN_SID_TYPE) bool {
	for _, kind := range kinds {
		if sid.IsWellKnown(kind) {
			return true
		}
	}
	return false
}
