package collect

func cloudfrontOperations() []operation { return nil }
