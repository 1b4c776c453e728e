package collect

func cloudformationOperations() []operation { return nil }
