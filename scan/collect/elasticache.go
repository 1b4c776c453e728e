package collect

func elasticacheOperations() []operation { return nil }
