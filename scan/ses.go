package scan

func sesKinds() []*Kind { return nil }

func sesChecks() []Check { return nil }
