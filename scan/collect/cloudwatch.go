package collect

func cloudwatchOperations() []operation { return nil }
