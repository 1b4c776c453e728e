package collect

func elbv2Operations() []operation { return nil }
