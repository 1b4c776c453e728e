package scan

func dynamodbKinds() []*Kind { return nil }

func dynamodbChecks() []Check { return nil }
