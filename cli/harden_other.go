//go:build !linux

package cli

func harden() (soften func()) { return func() {} }
