package awsedit

import (
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// refuse is an error for a file with other names, which would keep the old text.
// Whose file it is, the access list of its folder decides.
func refuse(path string, f *os.File, _ fs.FileInfo) error {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info); err != nil {
		return fmt.Errorf("read %q: %w", path, err)
	}
	if info.NumberOfLinks > 1 {
		return &RefusedError{path, fmt.Sprintf("has %d hard links", info.NumberOfLinks)}
	}
	return nil
}

// keepMode has nothing to do: the new file inherits the access list of its folder.
func keepMode(*os.File, fs.FileInfo) error { return nil }

// syncDir has nothing to do: a folder cannot be flushed here.
func syncDir(*os.Root) error { return nil }
