package collect

func secretsmanagerOperations() []operation { return nil }
