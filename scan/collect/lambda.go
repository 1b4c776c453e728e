package collect

func lambdaOperations() []operation { return nil }
