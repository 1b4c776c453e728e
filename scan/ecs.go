package scan

func ecsKinds() []*Kind { return nil }

func ecsChecks() []Check { return nil }
