package collect

func ecrOperations() []operation { return nil }
