package scan

func elbKinds() []*Kind { return nil }

func elbChecks() []Check { return nil }
