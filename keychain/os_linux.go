package keychain

func openOS(opts OSOptions) (OSKeychain, error) {
	getenv := opts.Getenv
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
	s := &SecretService{UID: opts.UID, Interactive: opts.Interactive, PromptTimeout: opts.PromptTimeout}
	var err error
	if s.Address, err = SessionBusAddress(getenv, opts.UID); err != nil {
		return nil, s.failed("open", err)
	}
	return s, nil
}
