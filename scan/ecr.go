package scan

func ecrKinds() []*Kind { return nil }

func ecrChecks() []Check { return nil }
