package scan

func redshiftKinds() []*Kind { return nil }

func redshiftChecks() []Check { return nil }
