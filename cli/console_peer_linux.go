package cli

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// ownConnection says whether the other end of a connection on loopback is a process
// of the same user, or root's (as the relay from Windows into WSL is), by the
// kernel's tables. Where those cannot be read it is taken for one.
func ownConnection(from, to *net.TCPAddr) bool {
	unreadable := 0
	for _, table := range []struct{ file, prefix string }{
		{"/proc/self/net/tcp", ""},
		{"/proc/self/net/tcp6", mappedPrefix()}, // an IPv6 socket that speaks IPv4
	} {
		raw, err := os.ReadFile(table.file)
		if err != nil {
			unreadable++
			continue
		}
		for line := range strings.Lines(string(raw)) {
			f := strings.Fields(line)
			if len(f) < 8 || f[1] != procAddr(table.prefix, from) || f[2] != procAddr(table.prefix, to) {
				continue
			}
			const established = "01"
			uid, err := strconv.Atoi(f[7])
			return err == nil && f[3] == established && (uid == os.Getuid() || uid == 0)
		}
	}
	return unreadable == 2
}

// procAddr is an address as the tables have it: words in the machine's own order.
func procAddr(prefix string, a *net.TCPAddr) string {
	return fmt.Sprintf("%s%08X:%04X", prefix, binary.NativeEndian.Uint32(a.IP.To4()), a.Port)
}

// mappedPrefix is what stands before an IPv4 address in the table of IPv6.
func mappedPrefix() string {
	return fmt.Sprintf("%08X%08X%08X", 0, 0, binary.NativeEndian.Uint32([]byte{0, 0, 0xff, 0xff}))
}
