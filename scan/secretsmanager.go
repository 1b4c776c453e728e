package scan

func secretsmanagerKinds() []*Kind { return nil }

func secretsmanagerChecks() []Check { return nil }
