package scan

func lambdaKinds() []*Kind { return nil }

func lambdaChecks() []Check { return nil }
