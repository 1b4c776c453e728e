package collect

func acmOperations() []operation { return nil }
