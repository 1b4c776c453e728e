package collect

func ssmOperations() []operation { return nil }
