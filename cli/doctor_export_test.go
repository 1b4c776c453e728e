package cli

// DoctorChecks are the names of what fob doctor looks at.
func DoctorChecks() []string {
	var all []string
	for _, c := range doctorChecks() {
		all = append(all, c.id)
	}
	return all
}
