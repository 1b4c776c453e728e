package collect

func ecsOperations() []operation { return nil }
