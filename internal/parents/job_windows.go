package parents

// OwnJob says whether a person typed this program's name at a shell; Windows does
// not tell.
func OwnJob() bool { return false }
