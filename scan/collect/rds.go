package collect

func rdsOperations() []operation { return nil }
