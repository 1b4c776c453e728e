//go:build !linux

package cli

import "net"

// ownConnection: whose a connection is takes more than a file to find out here. The
// page still answers one browser only.
func ownConnection(from, to *net.TCPAddr) bool { return true }
