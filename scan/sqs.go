package scan

func sqsKinds() []*Kind { return nil }

func sqsChecks() []Check { return nil }
