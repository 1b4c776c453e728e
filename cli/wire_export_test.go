package cli

// ProcessLine is the credential_process that fob wire writes.
func ProcessLine(program, profile, goos string) (string, error) {
	return processLine(program, profile, goos)
}
