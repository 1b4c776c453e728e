package cli

import "io/fs"

// private: access lists decide on Windows, and a file in the user's profile is
// closed to other users by default.
func private(fs.FileInfo) bool { return true }
