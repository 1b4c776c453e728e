//go:build darwin || windows

package keychain

func openOS(opts OSOptions) (OSKeychain, error) {
	return &Native{Self: opts.Self, Interactive: opts.Interactive, PromptTimeout: opts.PromptTimeout}, nil
}
