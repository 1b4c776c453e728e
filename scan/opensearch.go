package scan

func opensearchKinds() []*Kind { return nil }

func opensearchChecks() []Check { return nil }
