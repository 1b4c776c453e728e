package credserver

import (
	"net"
	"net/http"
	"sync"
)

// maxCrowd is how many connections are open at once. A command's own requests
// take milliseconds.
const maxCrowd = 128

// crowd bounds the connections. Whoever is on this machine can open them without
// a token; so that nobody can shut the command out by holding many, the oldest
// makes room for the newest.
type crowd struct {
	most int

	mu   sync.Mutex
	last uint64
	open map[net.Conn]uint64 // when it came, in order
}

func newCrowd(most int) *crowd { return &crowd{most: most, open: map[net.Conn]uint64{}} }

// changed is for http.Server.ConnState.
func (c *crowd) changed(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.last++
		c.open[conn] = c.last
		if len(c.open) > c.most {
			c.dropOldest()
		}
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	}
}

func (c *crowd) dropOldest() {
	var oldest net.Conn
	for conn, came := range c.open {
		if oldest == nil || came < c.open[oldest] {
			oldest = conn
		}
	}
	delete(c.open, oldest)
	_ = oldest.Close()
}
