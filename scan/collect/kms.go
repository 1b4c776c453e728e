package collect

func kmsOperations() []operation { return nil }
