package scan

func ssmKinds() []*Kind { return nil }

func ssmChecks() []Check { return nil }
