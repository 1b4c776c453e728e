package collect

func sesOperations() []operation { return nil }
