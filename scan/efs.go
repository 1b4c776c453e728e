package scan

func efsKinds() []*Kind { return nil }

func efsChecks() []Check { return nil }
