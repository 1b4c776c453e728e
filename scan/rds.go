package scan

func rdsKinds() []*Kind { return nil }

func rdsChecks() []Check { return nil }
