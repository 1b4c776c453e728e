package scan

func cloudformationKinds() []*Kind { return nil }

func cloudformationChecks() []Check { return nil }
