package collect

func elbOperations() []operation { return nil }
