package collect

func opensearchOperations() []operation { return nil }
