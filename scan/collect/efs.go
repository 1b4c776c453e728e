package collect

func efsOperations() []operation { return nil }
