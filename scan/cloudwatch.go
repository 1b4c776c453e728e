package scan

func cloudwatchKinds() []*Kind { return nil }

func cloudwatchChecks() []Check { return nil }
