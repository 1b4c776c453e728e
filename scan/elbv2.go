package scan

func elbv2Kinds() []*Kind { return nil }

func elbv2Checks() []Check { return nil }
