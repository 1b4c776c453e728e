package scan

func elasticacheKinds() []*Kind { return nil }

func elasticacheChecks() []Check { return nil }
