package collect

func cloudtrailOperations() []operation { return nil }
