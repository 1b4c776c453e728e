package scan

func kmsKinds() []*Kind { return nil }

func kmsChecks() []Check { return nil }
