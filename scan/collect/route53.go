package collect

func route53Operations() []operation { return nil }
