package scan

func acmKinds() []*Kind { return nil }

func acmChecks() []Check { return nil }
