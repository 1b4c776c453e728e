package scan

// Named says whether a name means the check: its id, a glob that matches it, or an id of
// ScoutSuite that it took over.
func (c *Check) Named(name string) bool { return c.named(name) }

// Rated is the check with another severity. All its findings have that one, also those
// that would differ by themselves.
func (c Check) Rated(s Severity) Check {
	c.Severity, c.Worst, c.rated = s, 0, true
	return c
}

// Near are the names that look like one, the nearest first, at most three.
func Near(name string, names []string) []string { return near(name, names) }

// Custom says whether the check is a rule that somebody brought.
func (c *Check) Custom() bool { return c.custom }
