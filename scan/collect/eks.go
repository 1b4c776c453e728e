package collect

func eksOperations() []operation { return nil }
