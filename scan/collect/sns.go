package collect

func snsOperations() []operation { return nil }
