package scan

func cloudfrontKinds() []*Kind { return nil }

func cloudfrontChecks() []Check { return nil }
