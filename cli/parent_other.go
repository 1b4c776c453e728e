//go:build !linux

package cli

// parentName: the parent's name takes a program to find out here, so that SHELL
// or --shell decides.
func parentName() string { return "" }
