package collect

func redshiftOperations() []operation { return nil }
