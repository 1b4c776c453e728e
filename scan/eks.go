package scan

func eksKinds() []*Kind { return nil }

func eksChecks() []Check { return nil }
