package scan

func cloudtrailKinds() []*Kind { return nil }

func cloudtrailChecks() []Check { return nil }
