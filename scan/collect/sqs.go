package collect

func sqsOperations() []operation { return nil }
