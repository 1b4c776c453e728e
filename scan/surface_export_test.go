package scan

// ExposingChecks are the ids in the table of ways in.
func ExposingChecks() (ids []string) {
	for _, e := range exposingChecks() {
		ids = append(ids, e.check)
	}
	return ids
}

// LeastExposing is the least severity that is a way in, and whether a check is in the
// table at all.
func LeastExposing(id string) (least Severity, ok bool) {
	for _, e := range exposingChecks() {
		if e.check == id {
			return e.least, true
		}
	}
	return 0, false
}
