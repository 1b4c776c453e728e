package scan

func snsKinds() []*Kind { return nil }

func snsChecks() []Check { return nil }
