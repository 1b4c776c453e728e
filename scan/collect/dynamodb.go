package collect

func dynamodbOperations() []operation { return nil }
