//go:build !linux

package kernelkey

import "time"

// Key is never one here.
type Key struct{ Data []byte }

// Get always says ErrUnsupported.
func Get(string) (Key, error) { return Key{}, ErrUnsupported }

// Put always says ErrUnsupported.
func Put(string, []byte, time.Duration) error { return ErrUnsupported }

// Update always says ErrUnsupported.
func (k Key) Update([]byte, time.Duration) error { return ErrUnsupported }

// Remove always says ErrUnsupported.
func Remove(string) error { return ErrUnsupported }
